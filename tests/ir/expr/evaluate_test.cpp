#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/value/json.h"
#include "tests/ir/expr/expr_fixture.h"

namespace wfc::expr {
namespace {

using ::testing::HasSubstr;

std::string Eval(std::string_view text, std::string_view input = "null",
                 const Budget& budget = {}) {
  Parsed parsed;
  Parse(parsed, text);
  parsed.names.input_value = *ReadJson(input);
  const Value value = parsed.Run(budget);
  if (!value.is_error()) return WriteJson(value);
  return std::string(GetName(value.error_code())) + ": " + std::string(value.error_message());
}

TEST(Evaluate, LogicAbsorbsErrorsOnEitherSide) {
  EXPECT_EQ(Eval("1 / 0 > 0 || true"), "true");
  EXPECT_EQ(Eval("false && 1 / 0 > 0"), "false");
  EXPECT_EQ(Eval("1 / 0 > 0 && true"), "arithmetic: division by zero");
  EXPECT_EQ(Eval("true && 1"), "type: no overload of `&&` for int");
  EXPECT_EQ(Eval("false || false || input", "true"), "true");
  EXPECT_EQ(Eval("1 ? 2 : 3"), "type: a condition is bool, not int");
}

TEST(Evaluate, IntegersDoNotWrap) {
  EXPECT_EQ(Eval("9223372036854775807 + 1"), "arithmetic: integer overflow");
  EXPECT_EQ(Eval("-9223372036854775808 / -1"), "arithmetic: integer overflow");
  EXPECT_EQ(Eval("-9223372036854775808 % -1"), "arithmetic: integer overflow");
  EXPECT_EQ(Eval("-(-9223372036854775808)"), "arithmetic: integer overflow");
  EXPECT_EQ(Eval("0u - 1u"), "arithmetic: integer overflow");
}

TEST(Evaluate, IntegersBesideDoublesAreDoubles) {
  EXPECT_EQ(Eval("input.n * 1.5", R"({"n": 3})"), "4.5");
  EXPECT_EQ(Eval("input.n + 1", R"({"n": 0.5})"), "1.5");
}

TEST(Evaluate, CoalesceGoesOnWhereSomethingIsAbsentAndNowhereElse) {
  EXPECT_EQ(Eval("coalesce(stages.gone.output.commits, [])"), "[]");
  EXPECT_EQ(Eval("coalesce(input.missing, input.?missing, 3)", "{}"), "3");
  EXPECT_EQ(Eval("coalesce(input.?x, 3)", R"({"x": 1})"), "1");
  EXPECT_EQ(Eval("coalesce(null, 3)"), "null");
  EXPECT_EQ(Eval("coalesce(1 / 0, 3)"), "arithmetic: division by zero");
  EXPECT_EQ(Eval("coalesce(input.a, input.b)", "{}"),
            "absent: no argument of `coalesce` is present");
}

TEST(Evaluate, HasIsFalseForWhatIsAbsent) {
  EXPECT_EQ(Eval("has(stages.gone.output)"), "false");
  EXPECT_EQ(Eval("has(stages.gone.output.a.b)"), "false");
  EXPECT_EQ(Eval("has(input.a)", R"({"a": null})"), "true");
  EXPECT_EQ(Eval("has(stages.here.output) ? 1 : 2"), "1");
  EXPECT_EQ(Eval("stages.gone.output + 1"), "absent: stage `gone` has no output");
}

TEST(Evaluate, OwnFunctions) {
  EXPECT_EQ(Eval("sum([1, 2, 3.5])"), "6.5");
  EXPECT_EQ(Eval("sum([])"), "0");
  EXPECT_EQ(Eval("clip('häuser', 2)"), "\"hä\"");
  EXPECT_EQ(Eval("clip('ab', 5)"), "\"ab\"");
  EXPECT_EQ(Eval("json({'b': [1.0], 'a': 'x'})"), R"("{\"a\":\"x\",\"b\":[1]}")");
  EXPECT_EQ(Eval("parse_json('{\"a\": [1]}').a[0]"), "1");
  EXPECT_THAT(Eval("parse_json('{')"), HasSubstr("conversion: not JSON: line 1"));
  EXPECT_EQ(Eval("lines('a\\nb\\r\\n\\nc')"), R"(["a","b","","c"])");
  EXPECT_EQ(Eval("lines('a\\n')"), R"(["a"])");
  EXPECT_EQ(Eval("lines('')"), "[]");
  EXPECT_EQ(Eval("text('a') + text([1, 'b'])"), R"("a[1,\"b\"]")");
}

TEST(Evaluate, ListFunctions) {
  EXPECT_EQ(Eval("[3, 1, 2].sort()"), "[1,2,3]");
  EXPECT_EQ(Eval("[1, 1.0, 2, 'a', 'a'].distinct()"), "[1,2,\"a\"]");
  EXPECT_EQ(Eval("[1, 2, 3].slice(1, 3)"), "[2,3]");
  EXPECT_EQ(Eval("[[1, [2]], [3]].flatten()"), "[1,[2],3]");
  EXPECT_EQ(Eval("[[1, [2]], [3]].flatten(2)"), "[1,2,3]");
  EXPECT_EQ(Eval("lists.range(3)"), "[0,1,2]");
  EXPECT_EQ(Eval("[1, 2].reverse()"), "[2,1]");
  EXPECT_EQ(Eval("[1, 'a'].sort()"), "type: `sort` needs items of one kind that has an order");
}

TEST(Evaluate, TwoNamesAreTheIndexOrKeyAndTheValue) {
  EXPECT_EQ(Eval("[5, 6].transformList(i, v, i + v)"), "[5,7]");
  EXPECT_EQ(Eval("{'a': 1, 'b': 2}.transformList(k, v, v > 1, k)"), "[\"b\"]");
  EXPECT_EQ(Eval("['x', 'y'].transformMap(i, v, i > 0, v + v)"), R"({"1":"yy"})");
  EXPECT_EQ(Eval("[[1, 2], [3]].exists(i, v, v.exists(j, w, i == j && w == 1))"), "true");
}

TEST(Evaluate, TransformMapEntryUnitesTheMapsOfItsBody) {
  EXPECT_EQ(Eval("{'a': 'x', 'b': 'y'}.transformMapEntry(k, v, {v: k})"), R"({"x":"a","y":"b"})");
  EXPECT_EQ(Eval("['a', 'b'].transformMapEntry(i, v, i == 1, {v: i, 'n': 1})"), R"({"b":1,"n":1})");
  EXPECT_EQ(Eval("[1, 2].transformMapEntry(i, v, {'a': v})"), "argument: the key `a` occurs twice");
  EXPECT_EQ(Eval("[1].transformMapEntry(i, v, v)"),
            "type: `transformMapEntry` makes its map of maps, not int");
  EXPECT_EQ(Eval("[0].transformMapEntry(i, v, {'a': 1 / v})"), "arithmetic: division by zero");
}

TEST(Evaluate, FormatPutsValuesIntoText) {
  EXPECT_EQ(Eval("'%s is %.2f %% of %d'.format(['a', 12.345, -7])"), R"("a is 12.35 % of -7")");
  EXPECT_EQ(Eval("'%b %o %x %X %x'.format([-5, 8u, -255, b'\\xab', 'é'])"),
            R"("-101 10 -ff AB c3a9")");
  EXPECT_EQ(Eval("'%x'.format([-9223372036854775808])"), R"("-8000000000000000")");
  EXPECT_EQ(Eval("'%s'.format([{'b': [null, true], 2: 1e300, '2': 'x'}])"),
            R"("{2: 1e+300, 2: x, b: [null, true]}")");
}

TEST(Evaluate, FormatTellsWhatDoesNotFit) {
  EXPECT_EQ(Eval("'%d %s'.format([1])"), "index: `format` has more clauses than its 1 values");
  EXPECT_EQ(Eval("'%d'.format([1, 2])"), "argument: `format` has 1 clauses for 2 values");
  EXPECT_EQ(Eval("'%d'.format([1.5])"),
            "type: `%d` of `format` takes an int or a uint, not double");
  EXPECT_EQ(Eval("'%s'.format([optional.of(1)])"),
            "type: `%s` of `format` takes what can be written as a string, not optional_type");
  for (const std::string_view text : {"%", "%é", "%.3d", "%.f", "%.2000f", "%.99999999999f"}) {
    EXPECT_THAT(Eval("'" + std::string(text) + "'.format([1])"), HasSubstr("begins no clause"))
        << text;
  }
}

TEST(Evaluate, FormatKeepsWithinItsBudget) {
  std::string deep = "1";
  for (int i = 0; i < 300; ++i) deep = "[" + deep + "]";
  EXPECT_EQ(Eval("'%s'.format([input])", deep),
            "argument: `%s` of `format` nests at most 200 levels");
  EXPECT_THAT(Eval("cel.bind(x, 'a%s%s', cel.bind(y, x.format([x, x]), y.format([y, y, y])))",
                   "null", {.steps = 20}),
              HasSubstr("budget: "));
}

TEST(Evaluate, NamesWhatIsMissing) {
  EXPECT_EQ(Eval("input.a.b", R"({"a": {}})"), "absent: no such key: `b`");
  EXPECT_EQ(Eval("input[3]", "[1]"), "index: index 3 is outside a list of 1");
  EXPECT_EQ(Eval("input.x", "[1]"), "absent: list has no field `x`");
}

TEST(Evaluate, WhatIsNoObjectHasNoFieldsToAskFor) {
  for (const std::string_view value : {"null", "1", "'a'", "[1]", "{'g': 1}"}) {
    const auto eval = [&](std::string_view text) {
      return Eval(fmt::format("cel.bind(x, {}, {})", value, text), "null");
    };
    EXPECT_EQ(eval("has(x.f)"), "false") << value;
    EXPECT_EQ(eval("has(x.f.g)"), "false") << value;
    EXPECT_EQ(eval("x.?f.hasValue()"), "false") << value;
    EXPECT_EQ(eval("x.?f.g.orValue(2)"), "2") << value;
    EXPECT_EQ(eval("x[?'f'].hasValue()"), "false") << value;
    EXPECT_EQ(eval("coalesce(x.f, 2)"), "2") << value;
    EXPECT_EQ(eval("coalesce(x.f.g, x['f'], 2)"), "2") << value;
  }
  EXPECT_EQ(Eval("coalesce(input[0], 2)", "null"), "2");
  EXPECT_EQ(Eval("input[?0].hasValue()", "null"), "false");
  // An operation on what is there of a wrong kind stays an error.
  EXPECT_THAT(Eval("coalesce(input + 1, 2)", "null"), HasSubstr("type: "));
}

TEST(Evaluate, StopsAtTheStepBudget) {
  const Budget small = {.steps = 1'000};
  EXPECT_THAT(Eval("lists.range(900).map(x, x + 1)", "null", small), HasSubstr("budget: "));
  EXPECT_THAT(Eval("input.all(a, input.all(b, input.all(c, a + b + c >= 0)))",
                   "[1,1,1,1,1,1,1,1,1,1,1,1]", small),
              HasSubstr("budget: "));
  EXPECT_EQ(Eval("[1].map(x, x + 1)", "null", small), "[2]");
}

TEST(Evaluate, ASearchCostsWhatItMayLookAt) {
  const std::string text = WriteJson(Value::String(std::string(300'000, 'a')));
  EXPECT_THAT(Eval("matches(input, '(.*)(.*)(.*)(.*)(.*)[a-f]{900}z')", text),
              HasSubstr("budget: "));
  EXPECT_EQ(Eval("matches(input, '[a-f]{3}z|b+')", text), "false");
  const std::string long_text = WriteJson(Value::String(std::string(3'000'000, 'a')));
  EXPECT_EQ(Eval("matches(input, '^ERROR: .*|b+$')", long_text), "false");
  // So does each pattern that is compiled.
  EXPECT_THAT(
      Eval(
          "lists.range(1000).map(i, matches('a', 'a{1000}|b{1000}|c{1000}|d{1000}|' + string(i)))"),
      HasSubstr("budget: "));
}

TEST(Evaluate, SearchesForTextsThatRepeatThemselvesInLinearTime) {
  const std::string text(2'000'000, 'a');
  const std::string part = std::string(1'000'000, 'a') + "b";
  const std::string input = WriteJson(Value::Record(
      {{"t", Value::String(text)}, {"p", Value::String(part)}, {"q", Value::String("b" + part)}}));
  EXPECT_EQ(Eval("input.t.contains(input.p)", input), "false");
  EXPECT_EQ(Eval("input.t.indexOf(input.p)", input), "-1");
  EXPECT_EQ(Eval("input.t.lastIndexOf(input.q)", input), "-1");
  EXPECT_EQ(Eval("input.t.replace(input.p, '').size()", input), "2000000");
  EXPECT_EQ(Eval("input.t.split(input.p).size()", input), "1");
}

TEST(Evaluate, FindsTheLastOfATextFromAnywhere) {
  EXPECT_EQ(Eval("'abcabc'.lastIndexOf('abc')"), "3");
  EXPECT_EQ(Eval("'abcabc'.lastIndexOf('abc', 2)"), "0");
  EXPECT_EQ(Eval("'abcabc'.lastIndexOf('abc', 3)"), "3");
  EXPECT_EQ(Eval("'abcabc'.lastIndexOf('')"), "6");
  EXPECT_EQ(Eval("'abcabc'.lastIndexOf('', 2)"), "2");
  EXPECT_EQ(Eval("''.lastIndexOf('a')"), "-1");
  EXPECT_EQ(Eval("''.lastIndexOf('')"), "0");
  EXPECT_EQ(Eval("'abc'.indexOf('', 3)"), "3");
  EXPECT_EQ(Eval("'abc'.contains('')"), "true");
  EXPECT_EQ(Eval(R"(' \u00a0\t x \n\u3000 '.trim())"), "\"x\"");
}

TEST(Evaluate, AnInstructionCostsItsStepHoweverItIsRun) {
  // A root, two fields, a constant and a comparison, which walks over its operands.
  EXPECT_EQ(Eval("input.a.b > 3", R"({"a": {"b": 4}})", {.steps = 6}), "true");
  for (uint64_t steps = 0; steps < 6; ++steps) {
    EXPECT_THAT(Eval("input.a.b > 3", R"({"a": {"b": 4}})", {.steps = steps}),
                HasSubstr("budget: "))
        << steps;
  }
}

TEST(Evaluate, StopsAtTheMemoryBudget) {
  std::string doubling = "'0123456789abcdef'";
  for (int i = 0; i < 20; ++i) doubling = "cel.bind(x, " + doubling + ", x + x)";
  EXPECT_THAT(Eval(doubling, "null", {.allocated_bytes = 1 << 16}), HasSubstr("budget: "));
  std::string sharing = "[1]";
  for (int i = 0; i < 60; ++i) sharing = "cel.bind(x, " + sharing + ", [x, x])";
  EXPECT_THAT(Eval(sharing), HasSubstr("budget: "));
}

TEST(Evaluate, APatternThatRe2RefusesIsAnError) {
  EXPECT_EQ(Eval("'aab'.matches('^a+b$')"), "true");
  EXPECT_THAT(Eval("'a'.matches('(?=a)')"), HasSubstr("argument: "));
  EXPECT_THAT(Eval("'a'.matches('((a{1,100}){1,100}){1,100}')"), HasSubstr("argument: "));
}

TEST(Fold, YieldsTheValueOfConstantTreesOnly) {
  Parsed constant;
  Parse(constant, "[1, 2].exists(x, x > 1)");
  EXPECT_TRUE(IsConstant(constant.store, constant.id));
  EXPECT_TRUE(Fold(constant.store, constant.id)->is_true());
  Parsed reading;
  Parse(reading, "input || true");
  EXPECT_FALSE(IsConstant(reading.store, reading.id));
  EXPECT_EQ(Fold(reading.store, reading.id), std::nullopt);
}

TEST(EvaluatePartial, KnowsWhatDoesNotDependOnTheUnknown) {
  const auto evaluate = [](std::string_view text) -> std::string {
    Parsed parsed;
    Parse(parsed, text);
    const auto value =
        EvaluatePartial(parsed.store, parsed.id, [](const Root& root) -> std::optional<Value> {
          if (root.kind == RootKind::Input) return Value::String("x");
          return std::nullopt;
        });
    return value ? WriteJson(*value) : "unknown";
  };
  EXPECT_EQ(evaluate("input == 'x' || stages.a.output"), "true");
  EXPECT_EQ(evaluate("stages.a.output && input == 'y'"), "false");
  EXPECT_EQ(evaluate("stages.a.output || input == 'y'"), "unknown");
  EXPECT_EQ(evaluate("input == 'x' ? 1 : stages.a.output"), "1");
  EXPECT_EQ(evaluate("has(stages.a.output)"), "unknown");
  EXPECT_EQ(evaluate("has(stages.a.output.b)"), "unknown");
  EXPECT_EQ(evaluate("coalesce(stages.a.output, 1)"), "unknown");
  EXPECT_EQ(evaluate("[1, 2].exists(x, stages.a.output == x)"), "unknown");
  EXPECT_EQ(evaluate("stages.a.output.?b"), "unknown");
}

TEST(Module, PoolsEqualConstantsOfOneKind) {
  Parsed parsed;
  Parse(parsed, "[1, 1.0, 1u, 1, 'a', input.a, 'a']");
  Module module;
  Compile(parsed.store, parsed.id, module);
  EXPECT_EQ(module.constants().size(), 4U);
}

}  // namespace
}  // namespace wfc::expr
