// What evaluating one expression costs: a condition as workflows have them, a comprehension, and a
// text.
#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "ir/expr/compiler.h"
#include "ir/expr/parser.h"
#include "ir/value/json.h"
#include "tests/bench/bounds.h"
#include "tests/bench/stopwatch.h"

namespace wfc::bench {
namespace {

constexpr int kRepeats = 31;
constexpr int kEvaluations = 20'000;

constexpr std::string_view kInput = R"({
  "a": {"a0": 1, "a1": "one", "b": 5, "c": [1, 2]}, "kind": "bug", "limit": 20, "name": "report",
  "path": "src/main.cpp", "tags": ["new", "x", "y"], "title": "A title", "zone": null})";

/// Everything is the input.
class Names : public expr::NameResolver, public LoadContext {
 public:
  expr::Resolution Resolve(std::span<const expr::Segment>) override {
    return expr::Resolution::Found(1, {.kind = RootKind::Input});
  }
  const Value& Load(const Root&, Value&) override { return input_; }

 private:
  Value input_ = *ReadJson(kInput);
};

/// Median nanoseconds of an evaluation of `text`, whose value must be `expected` in JSON.
double Measure(std::string_view text, std::string_view expected) {
  expr::ExprStore store;
  diag::Sink sink;
  Names names;
  const auto id = expr::ParseExpr({store, sink, names}, text, expr::SpanMapper(FileId(0), 0));
  expr::Module module;
  const ProgramView program = module.view(expr::Compile(store, id, module));
  WFC_CHECK(WriteJson(Evaluate(program, names)) == expected);
  std::array<double, kRepeats> times{};
  for (double& time : times) {
    time = ProcessorTime([&] {
      for (int i = 0; i < kEvaluations; ++i) WFC_CHECK(!Evaluate(program, names).is_error());
    });
  }
  std::ranges::nth_element(times, times.begin() + kRepeats / 2);
  return times[kRepeats / 2] * 1e9 / kEvaluations;
}

}  // namespace
}  // namespace wfc::bench

int main() {
  using namespace wfc::bench;
  Bounds bounds;
  bounds.Keep("evaluating `input.a.b > 3 && \"x\" in input.tags`",
              Measure(R"(input.a.b > 3 && "x" in input.tags)", "true"), 200, "ns");
  fmt::print("evaluating `input.tags.exists(t, t == \"y\")`: {:.0f} ns\n",
             Measure(R"(input.tags.exists(t, t == "y"))", "true"));
  fmt::print("evaluating `input.kind == \"bug\" ? input.a.b + 1 : 0`: {:.0f} ns\n",
             Measure(R"(input.kind == "bug" ? input.a.b + 1 : 0)", "6"));
  fmt::print("evaluating `input.title + \"!\"`: {:.0f} ns\n",
             Measure(R"(input.title + "!")", R"("A title!")"));
  return bounds.exit_code();
}
