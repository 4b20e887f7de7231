// Y008: each way in which YAML cuts or breaks an unquoted `${…}`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontend/yaml/expression_end.h"
#include "tests/frontend/yaml/reading.h"

namespace wfc::yaml {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Way {
  std::string_view text;
  std::string_view finding;
  std::string_view tree;
  std::string_view fixed;
};

class UnquotedExpression : public ::testing::TestWithParam<Way> {};

TEST_P(UnquotedExpression, IsOneFindingReadAsIfQuotedAndFixedByQuoting) {
  const Reading read(GetParam().text);
  EXPECT_THAT(read.Findings(), ElementsAre(GetParam().finding)) << read.Message();
  EXPECT_EQ(read.Show(), GetParam().tree);
  EXPECT_EQ(read.Fixed(), GetParam().fixed);
  const Reading fixed(read.Fixed());
  EXPECT_THAT(fixed.Findings(), IsEmpty());
  EXPECT_EQ(fixed.Show(), read.Show());
}

INSTANTIATE_TEST_SUITE_P(
    Ways, UnquotedExpression,
    ::testing::Values(
        Way{"a: ${x.map(y, y #1)} z\nb: 1\n", "Y008@1:4 '${x.map(y, y #1)} z'",
            R"~({a: "${x.map(y, y #1)} z", b: 1})~", "a: \"${x.map(y, y #1)} z\"\nb: 1\n"},
        Way{"a: ${x #y\nb: 1\n", "Y008@1:4 '${x #y'", R"~({a: "${x #y", b: 1})~",
            "a: \"${x #y\"\nb: 1\n"},
        Way{"a: issue #${input.n} is open # note\n", "Y008@1:4 'issue #${input.n} is open'",
            R"~({a: "issue #${input.n} is open"})~", "a: \"issue #${input.n} is open\" # note\n"},
        Way{"a: #${input.n}\nb: 1\n", "Y008@1:4 '#${input.n}'", R"~({a: "#${input.n}", b: 1})~",
            "a: \"#${input.n}\"\nb: 1\n"},
        Way{"- #${x}\n- b\n", "Y008@1:3 '#${x}'", R"~(["#${x}", "b"])~", "- \"#${x}\"\n- b\n"},
        Way{"a: {b: ${input.x}, c: d}\n", "Y008@1:8 '${input.x}'",
            R"~({a: {b: "${input.x}", c: "d"}})~", "a: {b: \"${input.x}\", c: d}\n"},
        Way{"a: [x-${f(p, {'k': 1})}-y, z]\n", "Y008@1:5 'x-${f(p, {'k': 1})}-y'",
            R"~({a: ["x-${f(p, {'k': 1})}-y", "z"]})~", "a: [\"x-${f(p, {'k': 1})}-y\", z]\n"},
        Way{"a: ${p ? 'x' : \"y\"}\nb: 1\n", "Y008@1:4 '${p ? 'x' : \"y\"}'",
            R"~({a: "${p ? 'x' : "y"}", b: 1})~", "a: '${p ? ''x'' : \"y\"}'\nb: 1\n"},
        Way{"a: one ${p ? 1 : 2} two\n", "Y008@1:4 'one ${p ? 1 : 2} two'",
            R"~({a: "one ${p ? 1 : 2} two"})~", "a: \"one ${p ? 1 : 2} two\"\n"},
        Way{"if: !stages.x.output.ok # note\n", "Y008@1:5 '!stages.x.output.ok'",
            R"~({if: "!stages.x.output.ok"})~", "if: \"!stages.x.output.ok\" # note\n"},
        Way{"a: {if: !has(x.y[0], 1), tool: t}\n", "Y008@1:9 '!has(x.y[0], 1)'",
            R"~({a: {if: "!has(x.y[0], 1)", tool: "t"}})~",
            "a: {if: \"!has(x.y[0], 1)\", tool: t}\n"},
        Way{"- when: !x ? a : b\n", "Y008@1:9 '!x ? a : b'", R"~([{when: "!x ? a : b"}])~",
            "- when: \"!x ? a : b\"\n"},
        Way{"a: first\n  ${p ? 1 : 2}\nb: 1\n", "Y008@1:4 'first\n  ${p ? 1 : 2}'",
            R"~({a: "first ${p ? 1 : 2}", b: 1})~", "a: \"first\n  ${p ? 1 : 2}\"\nb: 1\n"}));

TEST(UnquotedExpressions, ThatYamlReadsWholeAreFine) {
  for (const std::string_view text :
       {"a: ${x}\n", "a: ${x.map(y, {'k':y})}\n", "a: ${x[\"a:b\"]} and ${y}\n",
        "a: \"${p ? 1 : 2}\"\n", "a: {b: \"${x}\"}\n", "a: $${x: y\n", "a: 1 # ${x}\n",
        "a: \"t\" #${x}\n", "a: |\n  ${p ? 1 : 2} #${x}\n", "# a: ${x #y}\n", "a: ${x\n  .y}\n",
        "#${x}\na: 1\n", "a: !!str ${x}\n"}) {
    EXPECT_THAT(Reading(text).Codes(), ::testing::Not(::testing::Contains("Y008"))) << text;
  }
}

TEST(UnquotedExpressions, SeveralAreEachFoundOnce) {
  const Reading read("a: ${p ? 1 : 2}\nb: [${x}, ${y}]\nc: {if: !z}\n");
  EXPECT_THAT(read.Codes(), ElementsAre("Y008", "Y008", "Y008", "Y008"));
  EXPECT_EQ(read.Show(), R"({a: "${p ? 1 : 2}", b: ["${x}", "${y}"], c: {if: "!z"}})");
  EXPECT_TRUE(read.tree.has_flag(read.At({"a"}), kRequoted));
}

TEST(UnquotedExpressions, ABangElsewhereIsATag) {
  EXPECT_THAT(Reading("with: !x\n").Codes(), ElementsAre("Y001"));
  EXPECT_THAT(Reading("check: !x\n", "t.yaml",
                      {.expression_keys = std::array<std::string_view, 1>{"check"}})
                  .Codes(),
              ElementsAre("Y008"));
}

TEST(UnquotedExpressions, AreFoundInBrokenPartsToo) {
  EXPECT_THAT(Reading("a:\n  b: ${p ? 1 : 2}\n  c: [\n").Codes(), ElementsAre("Y008", "Y001"));
}

TEST(ExpressionEnd, KnowsStringsAndBrackets) {
  const auto end = [](std::string_view text) {
    return FindExpressionEnd(text, 2, static_cast<uint32_t>(text.size()));
  };
  EXPECT_EQ(end("${a} b"), 4u);
  EXPECT_EQ(end("${'}'} b"), 6u);
  EXPECT_EQ(end("${\"\\\"}\"}"), 8u);
  EXPECT_EQ(end("${r'\\'} b"), 7u);
  EXPECT_EQ(end("${'''}'''} b"), 10u);
  EXPECT_EQ(end("${{'a': {}}} b"), 12u);
  EXPECT_EQ(end("${a"), kNoEnd);
  EXPECT_EQ(end("${a // }"), kNoEnd);
}

}  // namespace
}  // namespace wfc::yaml
