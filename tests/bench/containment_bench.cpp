// What it costs to decide whether one schema of 200 properties is contained in another: where it
// is, where one property breaks it, and where alternatives have to be gone through.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "ir/types/registry.h"
#include "ir/value/json.h"
#include "tests/bench/bounds.h"
#include "tests/bench/stopwatch.h"

namespace wfc::bench {
namespace {

using types::Containment;
using types::SchemaId;
using types::SchemaRegistry;

constexpr int kRepeats = 15;
constexpr int kProperties = 200;

/// Properties of all kinds that agents return; those of the receiver are looser.
std::string PropertyOf(int number, bool is_looser) {
  const int slack = is_looser ? 5 : 0;
  switch (number % 5) {
    case 0:
      return fmt::format(R"({{"type": "string", "maxLength": {}}})", 100 + slack);
    case 1:
      return fmt::format(R"({{"type": "{}", "minimum": {}}})", is_looser ? "number" : "integer",
                         -slack);
    case 2:
      return is_looser ? R"({"enum": ["low", "middle", "high"]})" : R"({"enum": ["low", "high"]})";
    case 3:
      return fmt::format(R"({{"type": "array", "items": {{"type": "string"}}, "maxItems": {}}})",
                         10 + slack);
    default:
      return is_looser ? R"({"type": ["object", "null"], "required": ["id"]})"
                       : R"({"type": "object", "required": ["id", "name"],
                             "properties": {"id": {"type": "integer"}, "name": true}})";
  }
}

/// `broken`: the property that is not a string, though it should; below 0: none.
std::string ObjectSchema(bool is_looser, int broken) {
  std::string properties;
  std::string required;
  for (int i = 0; i < kProperties; ++i) {
    const char* comma = i > 0 ? ", " : "";
    properties += fmt::format("{}\"p{}\": {}", comma, i,
                              i == broken ? R"({"type": "boolean"})" : PropertyOf(i, is_looser));
    if (!is_looser || i % 2 == 0) required += fmt::format("{}\"p{}\"", comma, i);
  }
  return fmt::format(R"({{"type": "object", "properties": {{{}}}, "required": [{}],
                         "additionalProperties": {}}})",
                     properties, required, is_looser);
}

/// Median milliseconds of a question that was not asked before, with all that it needs made anew.
double Measure(const std::string& left, const std::string& right, Containment expected) {
  std::array<double, kRepeats> times{};
  for (double& time : times) {
    SchemaRegistry registry;
    std::vector<types::SchemaError> errors;
    const SchemaId a = registry.AddInline(*ReadJson(left), errors);
    const SchemaId b = registry.AddInline(*ReadJson(right), errors);
    WFC_CHECK(errors.empty() && registry.Finish().empty());
    time = ProcessorTime([&] { WFC_CHECK(registry.FindContainment(a, b).verdict == expected); });
  }
  std::ranges::nth_element(times, times.begin() + kRepeats / 2);
  return times[kRepeats / 2] * 1e3;
}

}  // namespace
}  // namespace wfc::bench

int main() {
  using namespace wfc::bench;
  Bounds bounds;
  bounds.Keep("containment of 200 properties: yes",
              Measure(ObjectSchema(false, -1), ObjectSchema(true, -1), Containment::Yes), 1, "ms");
  bounds.Keep(
      "containment of 200 properties: no, by the last",
      Measure(ObjectSchema(false, kProperties - 1), ObjectSchema(true, -1), Containment::No), 1,
      "ms");
  return bounds.exit_code();
}
