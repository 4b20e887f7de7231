#include "ir/expr/parser.h"

#include <gtest/gtest.h>

#include "tests/ir/expr/expr_fixture.h"

namespace wfc::expr {
namespace {

TEST(Parser, BindsOperatorsByPrecedence) {
  EXPECT_EQ(PrintOf("1 + 2 * 3 - 4"), "(1 + (2 * 3)) - 4");
  EXPECT_EQ(PrintOf("!true && false || 1 < 2 == true"), "(!true && false) || ((1 < 2) == true)");
  EXPECT_EQ(PrintOf("true ? 1 : false ? 2 : 3"), "true ? 1 : (false ? 2 : 3)");
  EXPECT_EQ(PrintOf("1 in [1, 2] && 'a' in {'a': 1}"), "(1 in [1, 2]) && (\"a\" in {\"a\": 1})");
  EXPECT_EQ(PrintOf("-(1) - -1"), "-1 - -1");
  EXPECT_EQ(PrintOf("(1 + 2) * 3 // a comment"), "(1 + 2) * 3");
}

TEST(Parser, ReadsLiterals) {
  EXPECT_EQ(PrintOf("[1, 0x1F, 2u, 1.5, 1e3, .5, -9223372036854775808]"),
            "[1, 31, 2u, 1.5, 1000.0, 0.5, -9223372036854775808]");
  EXPECT_EQ(PrintOf(R"(["a\n\u00e9", r"\n", '''x'y''', b"ab", true, null])"),
            R"(["a\né", "\\n", "x'y", b"YWI=", true, null])");
  EXPECT_EQ(PrintOf("[?input.?a, 1,]"), "[?input.?a, 1]");
  EXPECT_EQ(PrintOf("{'a': 1, ?'b': input.?b}"), "{\"a\": 1, ?\"b\": input.?b}");
}

TEST(Parser, HandsTheWholeConstantChainToTheResolver) {
  Parsed parsed;
  Parse(parsed, "stages.a['output'].kind");
  EXPECT_EQ(parsed.names.last_chain, (std::vector<std::string>{"stages", "a", "output", "kind"}));
  EXPECT_EQ(parsed.Print(), "stages.a.output.kind");
  EXPECT_EQ(parsed.store[parsed.id].span, (Span{FileId(0), 0, 23}));
  Parsed dynamic;
  Parse(dynamic, "input.list[0].size()");
  EXPECT_EQ(dynamic.names.last_chain, (std::vector<std::string>{"input", "list"}));
  EXPECT_EQ(dynamic.Print(), "size(input.list[0])");
}

TEST(Parser, AChainEndsBeforeAnOptionalStep) {
  Parsed parsed;
  Parse(parsed, "stages.a.output.?kind.name[?0]");
  EXPECT_EQ(parsed.names.last_chain, (std::vector<std::string>{"stages", "a", "output"}));
  EXPECT_EQ(parsed.Print(), "stages.a.output.?kind.name[?0]");
}

TEST(Parser, WhatDoesNotResolveIsPoisonWithoutAnEcho) {
  Parsed parsed;
  Parse(parsed, "nothing.here + 1");
  EXPECT_TRUE(HasPoison(parsed.store, parsed.id));
  EXPECT_EQ(parsed.Finding(), "");
}

TEST(Parser, BindsTheVariablesOfMacros) {
  EXPECT_EQ(PrintOf("input.map(x, x.exists(y, y == x))"), "input.map(v0, v0.exists(v1, v1 == v0))");
  EXPECT_EQ(PrintOf("input.map(x, x > 1, x).filter(x, x < 3)"),
            "input.map(v0, v0 > 1, v0).filter(v0, v0 < 3)");
  EXPECT_EQ(PrintOf("cel.bind(input, 1, input + 1)"), "cel.bind(v0, 1, v0 + 1)");
  EXPECT_EQ(PrintOf("input.?a.optMap(x, x + 1)"), "input.?a.optMap(v0, v0 + 1)");
}

TEST(Parser, BindsTheKeyAndTheValueOfMacrosWithTwoNames) {
  EXPECT_EQ(PrintOf("input.all(k, v, k == v && input.existsOne(v, v > k))"),
            "input.all(v0, v1, (v0 == v1) && input.exists_one(v2, v2 > v0))");
  EXPECT_EQ(PrintOf("input.transformMap(k, v, v > 1, k + v)"),
            "input.transformMap(v0, v1, v1 > 1, v0 + v1)");
  // What follows one name is a second only before a comma.
  EXPECT_EQ(PrintOf("input.exists(x, input)"), "input.exists(v0, input)");
}

TEST(Parser, ReadsFunctionsWithADot) {
  EXPECT_EQ(PrintOf("math.greatest(1, 2) + size(input)"), "math.greatest(1, 2) + size(input)");
  EXPECT_EQ(PrintOf("optional.of(1).hasValue()"), "optional.of(1).hasValue()");
}

TEST(Parser, TellsWhatWasFoundAndWhatWasExpected) {
  EXPECT_EQ(FindingOf("1 +"), "3-3 E001: unexpected end; expected an expression");
  EXPECT_EQ(FindingOf(""), "0-0 E001: unexpected end; expected an expression");
  EXPECT_EQ(FindingOf("1 2"), "2-3 E001: unexpected `2`; expected an operator or the end");
  EXPECT_EQ(FindingOf("(1 + 2"), "0-1 E001: this `(` is not closed; expected `)`");
  EXPECT_EQ(FindingOf("[1, 2"), "0-1 E001: this `[` is not closed; expected `]`");
  EXPECT_EQ(FindingOf("[1 2]"), "3-4 E001: unexpected `2`; expected `,` or `]`");
  EXPECT_EQ(FindingOf("{1, 2}"), "2-3 E001: unexpected `,`; expected `:`");
  EXPECT_EQ(FindingOf("true ? 1"), "8-8 E001: unexpected end; expected `:`");
  EXPECT_EQ(FindingOf("input."), "6-6 E001: unexpected end; expected a field or function");
  EXPECT_EQ(FindingOf("for + 1"), "0-3 E001: unexpected `for`; expected an expression");
  EXPECT_EQ(FindingOf("size(1,)"), "7-8 E001: unexpected `)`; expected an expression");
  EXPECT_EQ(FindingOf("input.map(1, 2)"),
            "10-11 E001: unexpected `1`; expected a name for the variable");
  EXPECT_EQ(FindingOf("input.all(x, x, true)"),
            "13-14 E001: unexpected `x`; expected another name for the second variable");
}

TEST(Parser, TellsWhatIsWrongWithALiteral) {
  EXPECT_EQ(FindingOf("input == 'abc"), "9-13 E001: the string is not closed");
  EXPECT_EQ(FindingOf("'\\q'"), "0-4 E001: a malformed escape in the string");
  EXPECT_EQ(FindingOf("'\\ud800'"), "0-8 E001: a malformed escape in the string");
  EXPECT_EQ(FindingOf("9223372036854775808"), "0-19 E001: the number is too large");
  EXPECT_EQ(FindingOf("1x"), "0-2 E001: not a number");
  EXPECT_EQ(FindingOf("input = 1"), "6-7 E001: `=` is not an operator; for \"equals\", write `==`");
  EXPECT_EQ(FindingOf("true & true"), "5-6 E001: `&` is not an operator; for \"and\", write `&&`");
  EXPECT_EQ(FindingOf("input | 1"),
            "6-7 E001: `|` is not an operator; for \"or\", write `||`, and for a filter a call: "
            "`size(x)` for `x | length`");
  EXPECT_EQ(FindingOf("has(1)"), "4-5 E001: `has` takes a field, as in `has(x.name)`");
}

TEST(Parser, SuggestsTheNearestFunction) {
  EXPECT_EQ(FindingOf("sizee(input)"),
            "0-5 E004: nothing defines the function `sizee`; did you mean `size`?");
  EXPECT_EQ(FindingOf("input.startWith('a')"),
            "6-15 E004: nothing defines the function `startWith`; did you mean `startsWith`?");
  EXPECT_EQ(FindingOf("frobnicate()"), "0-10 E004: nothing defines the function `frobnicate`");
}

TEST(Parser, ChecksFormAndNumberOfArguments) {
  EXPECT_EQ(FindingOf("size(1, 2)"), "0-4 E004: `size` takes 1 argument, not 2");
  EXPECT_EQ(FindingOf("input.substring()"), "6-15 E004: `substring` takes 1 to 2 arguments, not 0");
  EXPECT_EQ(FindingOf("optional.none(1)"), "0-13 E004: `optional.none` takes no arguments, not 1");
  EXPECT_EQ(FindingOf("coalesce()"),
            "0-8 E004: `coalesce` takes at least 1 argument and at most 255, not 0");
  EXPECT_EQ(FindingOf("input.all(x, true, true)"), "6-9 E004: `all` takes 2 arguments, not 3");
  EXPECT_EQ(FindingOf("input.all(x, y, true, true)"), "6-9 E004: `all` takes 3 arguments, not 4");
  EXPECT_EQ(FindingOf("trim(input)"), "0-4 E004: `trim` is called on a value, as in `x.trim(…)`");
  EXPECT_EQ(FindingOf("input.json()"), "6-10 E004: `json` is called as `json(x)`, not on a value");
}

TEST(Parser, CapsNesting) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '(') + "1" + std::string(depth, ')');
  };
  EXPECT_EQ(FindingOf(nested(kMaxNesting - 1)), "");
  EXPECT_EQ(FindingOf(nested(kMaxNesting)),
            "64-65 E001: the expression nests deeper than 64 levels");
  EXPECT_EQ(FindingOf(std::string(100'000, '[')),
            "64-65 E001: the expression nests deeper than 64 levels");
}

TEST(Parser, CapsTheDepthOfTheTree) {
  const auto repeat = [](std::string_view text, size_t count) {
    std::string out = "1";
    for (size_t i = 0; i < count; ++i) out += text;
    return out;
  };
  EXPECT_EQ(FindingOf(repeat(" + 1", kMaxTreeDepth - 1)), "");
  const std::string message = "E001: the expression nests deeper than 500 levels";
  for (const std::string& text :
       {repeat(" + 1", 50'000), "input" + std::string(5'000, '.').replace(0, 0, ""),
        std::string(5'000, '!') + "true", repeat("[0]", 5'000)}) {
    EXPECT_NE(FindingOf(text), "") << text.substr(0, 20);
  }
  std::string fields = "input";
  for (int i = 0; i < 5'000; ++i) fields += ".a";
  EXPECT_NE(FindingOf(fields).find(message), std::string::npos) << FindingOf(fields);
  // Operands of one `&&` are one level.
  std::string conjunction = "true";
  for (int i = 0; i < 5'000; ++i) conjunction += " && true";
  EXPECT_EQ(FindingOf(conjunction), "");
}

TEST(Parser, SpansPointIntoTheFileThroughTheMapper) {
  Parsed parsed;
  const auto twice = [](uint32_t offset) { return 100 + 2 * offset; };
  const SpanMapper mapper(FileId(3), twice);
  parsed.id = ParseExpr({parsed.store, parsed.sink, parsed.names}, "1 + sizee(2)", mapper);
  ASSERT_EQ(parsed.sink.diagnostics().size(), 1U);
  EXPECT_EQ(parsed.sink.diagnostics()[0].span, (Span{FileId(3), 108, 118}));
}

}  // namespace
}  // namespace wfc::expr
