#include <gtest/gtest.h>

#include "tests/ir/expr/expr_fixture.h"

namespace wfc::expr {
namespace {

std::string PrintText(std::string_view text) {
  Parsed parsed;
  ParseText(parsed, text);
  return parsed.sink.diagnostics().empty() ? parsed.Print() : parsed.Finding();
}

TEST(Template, PlainTextIsOneConstant) {
  Parsed parsed;
  ParseText(parsed, "no $ expression { } here");
  EXPECT_TRUE(IsConstText(parsed.store, parsed.id));
  EXPECT_EQ(parsed.store.size(), 1U);
  EXPECT_EQ(PrintText(""), "\"\"");
}

TEST(Template, OneWholeExpressionKeepsItsType) {
  EXPECT_EQ(PrintText("${input}"), "input");
  EXPECT_EQ(PrintText("${ {'a': '}'} }"), "{\"a\": \"}\"}");
}

TEST(Template, TextAroundAnExpressionIsRendered) {
  EXPECT_EQ(PrintText("a ${input} b"), "concat(\"a \", render(input), \" b\")");
  EXPECT_EQ(PrintText("${input}${input}"), "concat(render(input), render(input))");
  EXPECT_EQ(PrintText("${input}\n"), "concat(render(input), \"\\n\")");
}

TEST(Template, ADoubledDollarIsALiteralOpening) {
  EXPECT_EQ(PrintText("$${input}"), "\"${input}\"");
  EXPECT_EQ(PrintText("a $${x} ${input}"), "concat(\"a ${x} \", render(input))");
  EXPECT_EQ(PrintText("${input}$${"), "concat(render(input), \"${\")");
  EXPECT_EQ(PrintText("$5 and $"), "\"$5 and $\"");
}

TEST(Template, TheEndIsFoundByTheLexerNotByTheNextBrace) {
  const auto end = [](std::string_view text) { return FindExpressionEnd(text, 2); };
  EXPECT_EQ(end("${a}"), 3U);
  EXPECT_EQ(end("${ {'x': {}} } }"), 13U);
  EXPECT_EQ(end("${ '}' + \"}\" + r'\\' }"), 20U);
  EXPECT_EQ(end("${ '''}''' }"), 11U);
  EXPECT_EQ(end("${ a // }\n}"), 10U);
  EXPECT_EQ(end("${ 'a }"), std::string_view::npos);
  EXPECT_EQ(end("${ {a }"), std::string_view::npos);
}

TEST(Template, AnOpeningThatIsNotClosedIsReportedAtTheOpening) {
  EXPECT_EQ(PrintText("text ${input"), "5-7 E001: this `${` is not closed; expected `}`");
}

TEST(Template, AMistakeInsideIsReportedAtItsPlaceInTheText) {
  EXPECT_EQ(PrintText("a ${input +} b"), "11-11 E001: unexpected end; expected an expression");
  EXPECT_EQ(PrintText("a ${} b"), "4-4 E001: unexpected end; expected an expression");
}

TEST(Template, AnExprFieldMayBeWrapped) {
  EXPECT_EQ(PrintOf(" ${ input == 1 } "), "input == 1");
  EXPECT_EQ(PrintOf("${ {'a': 1}.a }"), "{\"a\": 1}.a");
  EXPECT_EQ(FindingOf("${ input + }"), "11-11 E001: unexpected end; expected an expression");
  EXPECT_NE(FindingOf("${ 1 } + ${ 2 }"), "");
}

TEST(Template, RendersStringsAsTheyAreAndTheRestAsJson) {
  Parsed parsed;
  ParseText(parsed, "s=${input.s} n=${input.n} l=${input.l}");
  parsed.names.input_value =
      Value::Record({{"s", Value::String("x\"y")},
                     {"n", Value::Double(2)},
                     {"l", Value::List({Value::Null(), Value::String("z")})}});
  EXPECT_EQ(parsed.Run().AsString(), "s=x\"y n=2 l=[null,\"z\"]");
}

}  // namespace
}  // namespace wfc::expr
