// Nanoseconds that a compiled schema takes to validate a document, the median of several rounds.
// Usage: validation_bench SCHEMA DOCUMENT ROUNDS; run.py compares the answer with ajv's.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

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

double MedianNs(const Validator& validator, uint32_t entry, const Value& document, int rounds) {
  // A short validation is timed many times over: a clock costs as much.
  const int at_once = document.weight() > 100'000 ? 1 : 1000;
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    bool fits = true;
    times.push_back(bench::Time([&] {
      for (int j = 0; j < at_once; ++j) fits &= validator.Accepts(entry, document);
    }));
    if (!fits) std::exit(1);
  }
  std::ranges::sort(times);
  return times[times.size() / 2] * 1e9 / at_once;
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
  fmt::print("{}\n", MedianNs(*validator, registry.entry(schema), ReadDocument(argv[2]),
                              std::atoi(argv[3])));
  return 0;
}
