// A number is what its type says, whatever kind JSON has read.
#include <gtest/gtest.h>

#include "ir/value/json.h"
#include "tests/ir/expr/type_fixture.h"

namespace wfc::expr {
namespace {

constexpr std::string_view kSchema = R"({"type": "object",
  "properties": {"x": {"type": "number"}, "y": {"type": "number"},
                 "n": {"type": "integer", "minimum": -99, "maximum": 99},
                 "xs": {"type": "array", "items": {"type": "number"}}, "any": true},
  "required": ["x", "y", "n", "xs", "any"]})";

std::string Yield(std::string_view text, std::string_view input) {
  TypedWorld world(kSchema);
  world.InferText(text);
  EXPECT_FALSE(world.has_findings()) << text;
  const Value value = world.Run(types::Json(input));
  return std::string(GetName(value.kind())) + " " +
         (value.is_error() ? std::string(value.error_message()) : WriteJson(value));
}

constexpr std::string_view kInts = R"({"x": 7, "y": 2, "n": 3, "xs": [7, 2], "any": 7})";
constexpr std::string_view kDoubles =
    R"({"x": 7.0, "y": 2.0, "n": 3.0, "xs": [7.0, 2.0], "any": 7.0})";

TEST(NumberKindsTest, ANumberIsADoubleHoweverItIsWritten) {
  for (const std::string_view input : {kInts, kDoubles}) {
    EXPECT_EQ(Yield("input.x / input.y", input), "double 3.5");
    EXPECT_EQ(Yield("input.x / 2", input), "double 3.5");
    EXPECT_EQ(Yield("-input.x / 2", input), "double -3.5");
    EXPECT_EQ(Yield("math.ceil(input.x)", input), "double 7");
    EXPECT_EQ(Yield("type(input.x) == double", input), "bool true");
    EXPECT_EQ(Yield("input.xs.map(x, x / 2)", input), "list [3.5,1]");
    EXPECT_EQ(Yield("sum(input.xs) / 2", input), "double 4.5");
    EXPECT_EQ(Yield("(true ? input.x : input.y) / 2", input), "double 3.5");
    EXPECT_EQ(Yield("cel.bind(v, input.x, v / 2)", input), "double 3.5");
    EXPECT_EQ(Yield("'%.1f'.format([input.x])", input), "string \"7.0\"");
  }
}

TEST(NumberKindsTest, AnIntegerIsAnIntHoweverItIsWritten) {
  for (const std::string_view input : {kInts, kDoubles}) {
    EXPECT_EQ(Yield("input.n / 2", input), "int 1");
    EXPECT_EQ(Yield("input.n % 2", input), "int 1");
    EXPECT_EQ(Yield("{input.n: true}[3]", input), "bool true");
    EXPECT_EQ(Yield("'abcde'.substring(input.n)", input), "string \"de\"");
    EXPECT_EQ(Yield("[0, 1, 2, 3][input.n]", input), "int 3");
    EXPECT_EQ(Yield("'%d'.format([input.n])", input), "string \"3\"");
  }
}

TEST(NumberKindsTest, WhereEitherKindWillDoTheNumberStaysAsItWasRead) {
  constexpr std::string_view kExact =
      R"({"x": 9007199254740993, "y": 2, "n": 3, "xs": [9007199254740993], "any": 7})";
  EXPECT_EQ(Yield("input.x", kExact), "int 9007199254740993");
  EXPECT_EQ(Yield("input.xs", kExact), "list [9007199254740993]");
  EXPECT_EQ(Yield("json(input.x)", kExact), "string \"9007199254740993\"");
  EXPECT_EQ(Yield("input.x == 9007199254740993", kExact), "bool true");
}

TEST(NumberKindsTest, WhatHasNoKnownTypeKeepsItsKind) {
  EXPECT_EQ(Yield("input.any / 2", kInts), "int 3");
  EXPECT_EQ(Yield("input.any / 2", kDoubles), "double 3.5");
}

}  // namespace
}  // namespace wfc::expr
