// Nanoseconds that a compiled schema takes to validate a document, the least of several rounds.
// Usage: validation_bench SCHEMA DOCUMENT ROUNDS; run.py compares the answer with ajv's.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "ir/types/registry.h"
#include "ir/value/json.h"
#include "tests/bench/stopwatch.h"

namespace wfc::types {
namespace {

Value ReadDocument(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  Result<Value> value = ReadJson(text.str());
  if (!value.ok()) std::exit(2);
  return *value;
}

double LeastNs(const Validator& validator, uint32_t entry, const Value& document, int rounds) {
  // A short validation is timed many times over: a clock costs as much.
  const int at_once = document.weight() > 100'000 ? 1 : 1000;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < rounds; ++i) {
    bool fits = true;
    const double time = bench::Time([&] {
      for (int j = 0; j < at_once; ++j) fits &= validator.Accepts(entry, document);
    });
    least = std::min(least, time);
    if (!fits) std::exit(1);
  }
  return least * 1e9 / at_once;
}

}  // namespace
}  // namespace wfc::types

int main(int argc, char** argv) {
  using namespace wfc::types;
  if (argc != 4) return 2;
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  const SchemaId schema = registry.AddInline(ReadDocument(argv[1]), errors);
  if (!errors.empty() || !registry.Finish().empty()) return 2;
  const wfc::Result<Validator> validator = Validator::Make(registry.code());
  if (!validator.ok()) return 2;
  fmt::print("{}\n", LeastNs(*validator, registry.entry(schema), ReadDocument(argv[2]),
                             std::atoi(argv[3])));
  return 0;
}
