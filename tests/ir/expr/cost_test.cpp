// The count of steps, held against what the machine charges.
#include "ir/expr/cost.h"

#include <gtest/gtest.h>

#include "tests/ir/expr/type_fixture.h"

namespace wfc::expr {
namespace {

constexpr std::string_view kInput = R"({"type": "object", "required": ["list", "map", "n", "yes"],
  "properties": {"list": {"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 3},
                 "map": {"type": "object", "additionalProperties": {"type": "integer"}, "maxProperties": 2},
                 "n": {"type": "integer"}, "yes": {"type": "boolean"}, "gone": {"type": "integer"}}})";
constexpr std::string_view kValue =
    R"({"list": [1, 2, 3], "map": {"a": 1, "b": 2}, "n": 3, "yes": true})";

/// The fewest steps with which an evaluation succeeds.
uint64_t FewestSteps(TypedWorld& world) {
  uint64_t steps = 1;
  const Value input = types::Json(kValue);
  while (world.Run(input, {.steps = steps}).is_error()) ++steps;
  return steps;
}

class CountStepsTest : public testing::TestWithParam<std::string_view> {};

TEST_P(CountStepsTest, IsWhatTheLongestEvaluationTakes) {
  TypedWorld world(kInput);
  (void)world.InferText(GetParam());
  ASSERT_FALSE(world.Run(types::Json(kValue)).is_error()) << GetParam();
  EXPECT_EQ(world.CountSteps(), FewestSteps(world)) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Expressions, CountStepsTest,
                         testing::Values("1 + 2", "input.n * 2 + 1",
                                         "input.yes && input.n == 3 && input.n > 0",
                                         "input.list.map(x, x + input.n)",
                                         "input.list.filter(x, x > 0)", "input.list.all(x, x > 0)",
                                         "input.list.map(x, x > 0, x * 2)",
                                         "input.list.map(x, input.list.filter(y, y == x))",
                                         "input.list.exists(x, x == 8)"));

TEST(CountSteps, IsAtLeastWhatOneOfSeveralWaysTakes) {
  for (const std::string_view text :
       {"input.yes ? input.n : input.n + 1", "coalesce(input.gone, input.n)",
        "[input.n, ?input.?gone, 4]", "{'a': input.n, ?'b': input.?gone}",
        "input.list.exists(x, x == 2)"}) {
    TypedWorld world(kInput);
    (void)world.InferText(text);
    EXPECT_GE(world.CountSteps(), FewestSteps(world)) << text;
  }
}

}  // namespace
}  // namespace wfc::expr
