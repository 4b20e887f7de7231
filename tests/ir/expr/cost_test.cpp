// The count of steps, held against what the machine charges.
#include "ir/expr/cost.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/ir/expr/type_fixture.h"

namespace wfc::expr {
namespace {

constexpr std::string_view kInput = R"({"type": "object",
  "required": ["list", "map", "n", "yes", "text", "texts", "lists", "when", "number", "long", "few"],
  "properties": {"list": {"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 3},
                 "map": {"type": "object", "additionalProperties": {"type": "integer"}, "maxProperties": 2},
                 "n": {"type": "integer", "minimum": 0, "maximum": 3}, "yes": {"type": "boolean"},
                 "gone": {"type": "integer"}, "number": {"type": "number"},
                 "text": {"type": "string", "minLength": 200, "maxLength": 200},
                 "texts": {"type": "array", "items": {"type": "string", "minLength": 70, "maxLength": 70},
                           "minItems": 2, "maxItems": 2},
                 "lists": {"type": "array", "items": {"$ref": "#/properties/list"}, "minItems": 20, "maxItems": 20},
                 "long": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 99}, "minItems": 40, "maxItems": 40},
                 "few": {"type": "array", "items": {"enum": [1, 2]}, "minItems": 4, "maxItems": 4},
                 "when": {"type": "string"}}})";

/// A value as large as its schema allows, with whatever takes the most steps.
Value LargestInput() {
  std::string long_list;
  for (int i = 0; i < 40; ++i) long_list += (i == 0 ? "" : ",") + std::to_string(i);
  std::string lists;
  for (int i = 0; i < 20; ++i) lists += i == 0 ? "[1,2,3]" : ",[1,2,3]";
  return types::Json(fmt::format(
      R"({{"list": [1, 2, 3], "map": {{"a": 1, "b": 2}}, "n": 3, "yes": true, "number": 2.5,
          "text": "{}", "texts": ["{}", "{}"], "lists": [{}], "long": [{}], "few": [1, 2, 2, 2],
          "when": "2026-01-01T00:00:00Z"}})",
      std::string(200, 'a'), std::string(70, 'b'), std::string(69, 'b') + "c", lists, long_list));
}

/// The fewest steps with which an evaluation succeeds.
uint64_t FewestSteps(TypedWorld& world) {
  const Value input = LargestInput();
  uint64_t too_few = 0;
  uint64_t enough = 1 << 20;
  while (enough - too_few > 1) {
    const uint64_t steps = (too_few + enough) / 2;
    (world.Run(input, {.steps = steps}).is_error() ? too_few : enough) = steps;
  }
  return enough;
}

class CountStepsTest : public testing::TestWithParam<std::string_view> {};

TEST_P(CountStepsTest, IsWhatTheLongestEvaluationTakes) {
  TypedWorld world(kInput);
  (void)world.InferText(GetParam());
  ASSERT_FALSE(world.Run(LargestInput()).is_error()) << GetParam();
  EXPECT_EQ(world.CountSteps(), FewestSteps(world)) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    Expressions, CountStepsTest,
    testing::Values(
        "1 + 2", "input.n * 2 + 1", "input.yes && input.n == 3 && input.n > 0",
        "input.list.map(x, x + input.n)", "input.list.filter(x, x > 0)", "input.list.all(x, x > 0)",
        "input.list.map(x, x > 0, x * 2)", "input.list.map(x, input.list.filter(y, y == x))",
        "input.list.exists(x, x == 8)", "input.yes ? input.n + 1 : input.n",
        "input.yes ? [input.text + 'a'] : [input.text]", "input.map.transformMap(k, v, v + 1)",
        "input.list.transformMapEntry(i, v, {string(i): v})", "input.long.filter(x, x >= 0)",
        "9 in input.list", "input.text in input.texts", "input.texts == input.texts",
        "input.text < input.text", "input.text + input.text", "input.long + input.long",
        "input.list[input.n - 1]", "[1, 2, 3, 4, 5, 6, 7, 8, 9]", "{'a': 1, 'b': 2}",
        "[1, ?optional.of(2), 3]", "{'a': 1, ?'b': optional.of(2)}", "input.long == [1]",
        "input.few.distinct().map(x, x)", "input.long.slice(0, 2).map(x, x)"));

struct Example {
  Builtin function;
  std::string_view text;
};

/// An example of each function, most of them of values that it walks over.
constexpr Example kExamples[] = {
    {Builtin::Size, "size(input.text)"},
    {Builtin::Contains, "input.text.contains(input.texts[0])"},
    {Builtin::StartsWith, "input.text.startsWith(input.texts[0])"},
    {Builtin::EndsWith, "input.text.endsWith(input.texts[0])"},
    {Builtin::Matches, "input.texts.all(t, t.matches('^b*c?$') && !input.text.matches('c{9}'))"},
    {Builtin::ToInt, "int(input.number)"},
    {Builtin::ToUint, "uint(input.n)"},
    {Builtin::ToDouble, "double(input.n)"},
    {Builtin::ToString, "string(input.n)"},
    {Builtin::ToBytes, "bytes(input.text)"},
    {Builtin::ToBool, "bool(string(input.yes))"},
    {Builtin::Dyn, "dyn(input.long)"},
    {Builtin::TypeOf, "type(input.long) == list"},
    {Builtin::ToTimestamp, "timestamp(input.when)"},
    {Builtin::ToDuration, "duration('3s')"},
    {Builtin::GetFullYear, "timestamp(input.when).getFullYear()"},
    {Builtin::GetMonth, "timestamp(input.when).getMonth()"},
    {Builtin::GetDate, "timestamp(input.when).getDate()"},
    {Builtin::GetDayOfMonth, "timestamp(input.when).getDayOfMonth()"},
    {Builtin::GetDayOfWeek, "timestamp(input.when).getDayOfWeek()"},
    {Builtin::GetDayOfYear, "timestamp(input.when).getDayOfYear()"},
    {Builtin::GetHours, "timestamp(input.when).getHours()"},
    {Builtin::GetMinutes, "timestamp(input.when).getMinutes()"},
    {Builtin::GetSeconds, "timestamp(input.when).getSeconds()"},
    {Builtin::GetMilliseconds, "timestamp(input.when).getMilliseconds()"},
    {Builtin::Sum, "sum(input.long)"},
    {Builtin::Clip, "clip(input.text, 100)"},
    {Builtin::Json, "json(input.few)"},
    {Builtin::ParseJson, "parse_json('[1, 2, 3]')"},
    {Builtin::Lines, "lines(input.text)"},
    {Builtin::Text, "text(input.text)"},
    {Builtin::CharAt, "input.text.charAt(3)"},
    {Builtin::IndexOf, "input.text.indexOf(input.texts[0])"},
    {Builtin::LastIndexOf, "input.text.lastIndexOf(input.texts[0], 3)"},
    {Builtin::Join, "input.texts.join(input.text)"},
    {Builtin::LowerAscii, "input.text.lowerAscii()"},
    {Builtin::UpperAscii, "input.text.upperAscii()"},
    {Builtin::Replace, "input.text.replace('x', 'y')"},
    {Builtin::Split, "input.text.split(',')"},
    {Builtin::Substring, "input.text.substring(10, 90)"},
    {Builtin::Trim, "input.text.trim()"},
    {Builtin::Reverse, "input.long.reverse() == [1] || input.text.reverse() == 'a'"},
    {Builtin::Quote, "strings.quote(input.text)"},
    {Builtin::Sort, "input.texts.sort()"},
    {Builtin::Distinct, "input.long.distinct()"},
    {Builtin::Slice, "input.long.slice(1, 30)"},
    {Builtin::Flatten, "input.lists.flatten()"},
    {Builtin::ListRange, "lists.range(100)"},
    {Builtin::Greatest, "math.greatest(input.long)"},
    {Builtin::Least, "math.least(input.n, 2, 3)"},
    {Builtin::Abs, "math.abs(input.n)"},
    {Builtin::Ceil, "math.ceil(input.number)"},
    {Builtin::Floor, "math.floor(input.number)"},
    {Builtin::Round, "math.round(input.number)"},
    {Builtin::Trunc, "math.trunc(input.number)"},
    {Builtin::Sign, "math.sign(input.n)"},
    {Builtin::Sqrt, "math.sqrt(input.number)"},
    {Builtin::IsNan, "math.isNaN(input.number)"},
    {Builtin::IsInf, "math.isInf(input.number)"},
    {Builtin::IsFinite, "math.isFinite(input.number)"},
    {Builtin::BitAnd, "math.bitAnd(input.n, 1)"},
    {Builtin::BitOr, "math.bitOr(input.n, 1)"},
    {Builtin::BitXor, "math.bitXor(input.n, 1)"},
    {Builtin::BitNot, "math.bitNot(input.n)"},
    {Builtin::BitShiftLeft, "math.bitShiftLeft(input.n, 1)"},
    {Builtin::BitShiftRight, "math.bitShiftRight(input.n, 1)"},
    {Builtin::OptionalOf, "optional.of(input.long)"},
    {Builtin::OptionalNone, "optional.none()"},
    {Builtin::OptionalOfNonZero, "optional.ofNonZeroValue(input.long)"},
    {Builtin::HasValue, "optional.of(1).hasValue()"},
    {Builtin::OptionalValue, "optional.of(1).value()"},
    {Builtin::OptionalOr, "optional.of(1).or(optional.of(2))"},
    {Builtin::OptionalOrValue, "optional.of(1).orValue(2)"},
    {Builtin::Base64Encode, "base64.encode(b'abc')"},
    {Builtin::Base64Decode, "base64.decode('YWJj')"},
    {Builtin::Format, "'%d of %d'.format([input.n, input.n])"},
};

TEST(CountSteps, IsWhatEachFunctionCharges) {
  for (const BuiltinInfo& function : AllBuiltins()) {
    const auto* example = std::ranges::find(kExamples, function.id, &Example::function);
    ASSERT_NE(example, std::end(kExamples)) << "no example of " << function.name;
    TypedWorld world(kInput);
    (void)world.InferText(example->text);
    ASSERT_FALSE(world.Run(LargestInput()).is_error()) << example->text;
    EXPECT_EQ(world.CountSteps(), FewestSteps(world)) << example->text;
  }
}

TEST(CountSteps, CountsThePatternsThatALoopCompilesAgain) {
  std::string text = "input.long.all(x, 'a'.matches('b0')";
  for (int i = 1; i < 9; ++i) text += fmt::format(" || 'a'.matches('b{}')", i);
  TypedWorld world(kInput);
  (void)world.InferText(text + " || true)");
  EXPECT_EQ(world.CountSteps(), FewestSteps(world));
}

TEST(CountSteps, IsAtLeastWhatOneOfSeveralWaysTakes) {
  for (const std::string_view text :
       {"coalesce(input.gone, input.n)", "[input.n, ?input.?gone, 4]",
        "{'a': input.n, ?'b': input.?gone}", "input.list.exists(x, x == 2)"}) {
    TypedWorld world(kInput);
    (void)world.InferText(text);
    EXPECT_GE(world.CountSteps(), FewestSteps(world)) << text;
  }
}

}  // namespace
}  // namespace wfc::expr
