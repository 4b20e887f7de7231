// Reading well-formed YAML, and each hazard of yaml-cpp that the reader guards against.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/frontend/yaml/reading.h"

namespace wfc::yaml {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ReadYaml, TypesScalarsByTheCoreSchema) {
  const Reading read("a: 1\nb: -2.5\nc: true\nd: ~\ne: text here\nf: '1'\ng:\nh: 0x1F\ni: 0o17\n");
  EXPECT_EQ(read.Show(),
            R"({a: 1, b: -2.5, c: true, d: ~, e: "text here", f: "1", g: ~, h: 0x1F, i: 0o17})");
  EXPECT_EQ(read.tree.AsInt(read.At({"h"})), 31);
  EXPECT_EQ(read.tree.AsInt(read.At({"i"})), 15);
  EXPECT_EQ(read.tree.AsDouble(read.At({"b"})), -2.5);
  EXPECT_TRUE(read.tree.AsBool(read.At({"c"})));
  EXPECT_THAT(read.Codes(), ElementsAre("Y003"));  // 1.1 reads 0o17 as text
}

TEST(ReadYaml, ReadsNestedBlocksAndFlows) {
  const Reading read(
      "a:\n  - x\n  - y: 1\n    z: [p, {q: r}]\n  -\n    - deep\nb: {c: [], d: {}}\n");
  EXPECT_EQ(read.Show(), R"({a: ["x", {y: 1, z: ["p", {q: "r"}]}, ["deep"]], b: {c: [], d: {}}})");
  EXPECT_THAT(read.Findings(), IsEmpty());
}

TEST(ReadYaml, ReadsAListAtTheIndentationOfItsKey) {
  EXPECT_EQ(Reading("a:\n- x\n- y\nb: 1\n").Show(), R"({a: ["x", "y"], b: 1})");
}

TEST(ReadYaml, GivesExactSpansOfValues) {
  const Reading read(
      "a:   plain text  # c\nb: \"q\\n\"\nc: [1, 2 ]\nd:\n  e: f\n  g: h\ni: |\n  l1\n  l2\nj:\n");
  EXPECT_EQ(read.SpanText(read.At({"a"})), "plain text");
  EXPECT_EQ(read.SpanText(read.At({"b"})), "\"q\\n\"");
  EXPECT_EQ(read.SpanText(read.At({"c"})), "[1, 2 ]");
  EXPECT_EQ(read.SpanText(read.At({"d"})), "e: f\n  g: h");
  EXPECT_EQ(read.SpanText(read.At({"i"})), "|\n  l1\n  l2");
  EXPECT_EQ(read.SpanText(read.At({"j"})), "");
  EXPECT_EQ(read.tree.span(read.At({"j"})).begin, read.tree.source().rfind(':') + 1);
}

TEST(ReadYaml, AnEmptyValueStandsAfterItsColonNotOnTheNextKey) {
  const Reading read("a:\n~: x\nb:\n- \n- ~\n");
  EXPECT_EQ(read.Show(), R"({a: ~, ~: "x", b: [~, ~]})");
  EXPECT_EQ(read.tree.span(read.At({"a"})).begin, 2u);
}

TEST(ReadYaml, DecodesEveryStyle) {
  const Reading read(
      "p: one\n  two\n\n  three\ns: 'it''s\n  folded'\nd: \"a\\tb\\u00e9 \\\n   c\"\n"
      "l: |-\n  x\n   y\n\n  z\nf: >\n  a\n  b\n\n  c\n");
  EXPECT_EQ(read.Show(),
            "{p: \"one two\nthree\", s: \"it's folded\", d: \"a\tb\u00e9 c\", l: \"x\n y\n\nz\", "
            "f: \"a b\nc\n\"}");
}

TEST(ReadYaml, KeepsLineBreaksThatYamlCppLoses) {
  EXPECT_EQ(Reading("a: >+\n  x\n\n\nb: 1\n").Show(), "{a: \"x\n\n\n\", b: 1}");
  EXPECT_EQ(Reading("a: 'x\n\n\n  '\n").Show(), "{a: \"x\n\n\"}");
}

TEST(ReadYaml, ReadsAByteOrderMarkAndCrLf) {
  const Reading read(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 'p\r\n  q'\r\n");
  EXPECT_EQ(read.Show(), "{a: 1, b: \"x\ny\n\", c: \"p q\"}");
  EXPECT_EQ(read.SpanText(read.At({"a"})), "1");
}

TEST(ReadYaml, AQuestionMarkInBracketsIsText) {
  EXPECT_EQ(Reading("[http://x/?a=b, {c: d?e}]").Show(), R"(["http://x/?a=b", {c: "d?e"}])");
}

TEST(ReadYaml, AnEmptyFileHasNoRoot) {
  for (const std::string_view text : {"", "\n\n", "# nothing\n", "---\n# nothing\n"}) {
    const Reading read(text);
    EXPECT_THAT(read.Findings(), IsEmpty()) << text;
    EXPECT_THAT(read.Show(), ::testing::AnyOf("", "~")) << text;
  }
}

TEST(ReadYaml, CollectsComments) {
  const Reading read("# one\na: 1 # two\nb: '# no'\nc: |\n  # no\nd: x#no\n");
  std::vector<std::string> comments;
  for (const Comment& comment : read.tree.comments()) {
    comments.emplace_back(read.tree.source().substr(comment.begin, comment.end - comment.begin));
  }
  EXPECT_THAT(comments, ElementsAre("# one", "# two"));
}

// Each of these makes yaml-cpp loop, accept, or read two documents.
TEST(Hazards, AStrayCommaIsOneSyntaxError) {
  EXPECT_THAT(Reading(",").Findings(), ElementsAre("Y001@1:1 ','"));
  EXPECT_THAT(Reading("[a], b").Findings(), ElementsAre("Y001@1:4 ','"));
  EXPECT_THAT(Reading("{a: b},").Findings(), ElementsAre("Y001@1:7 ','"));
}

TEST(Hazards, AnEmptyEntryInBracketsIsASyntaxError) {
  EXPECT_THAT(Reading("{a: 1,, b: 2}").Findings(), ElementsAre("Y001@1:7 ','"));
  EXPECT_THAT(Reading("[, a]").Findings(), ElementsAre("Y001@1:2 ','"));
}

TEST(Hazards, AnUnterminatedQuoteAtTheEndIsASyntaxError) {
  const Reading read("a: 1\nb: \"text\n");
  EXPECT_THAT(read.Findings(), ElementsAre("Y001@2:4 '\"text'"));
  EXPECT_EQ(read.Message(), "the string that \" opens is never closed");
  EXPECT_EQ(read.Show(), "{a: 1, b: ?}");
  EXPECT_THAT(Reading("'").Codes(), ElementsAre("Y001"));
}

TEST(Hazards, AMapAfterAListIsNoSecondDocument) {
  EXPECT_THAT(Reading("- a\nb: c\n").Codes(), ElementsAre("Y001"));
}

TEST(Hazards, ASecondDocumentIsASyntaxError) {
  EXPECT_THAT(Reading("a: 1\n---\nb: 2\n").Findings(), ElementsAre("Y001@2:1 '---'"));
  EXPECT_THAT(Reading("a: 1\n...\nb: 2\n").Codes(), ElementsAre("Y001"));
  EXPECT_THAT(Reading("---\na: 1\n...\n").Codes(), IsEmpty());
}

TEST(Hazards, BracketsAreClosedAndMatched) {
  EXPECT_THAT(Reading("a: [1, 2\n").Findings(), ElementsAre("Y001@1:4 '['"));
  EXPECT_THAT(Reading("a: [1}\n").Findings(), ElementsAre("Y001@1:6 '}'"));
  EXPECT_EQ(Reading("a: [1}\n").Message(), "expected `]` before this `}`: a `[` is open");
  EXPECT_THAT(Reading("a: ]\n").Findings(), ElementsAre("Y001@1:4 ']'"));
}

TEST(Hazards, AKeyWithoutAColonIsASyntaxError) {
  const Reading read("a: 1\nb\n");
  EXPECT_THAT(read.Findings(), ElementsAre("Y001@2:1 'b'"));
  EXPECT_EQ(read.Show(), "{a: 1}");
}

TEST(Hazards, AValueIsIndentedDeeperThanItsKey) {
  EXPECT_THAT(Reading("a:\n\"x\"\n").Codes(), ElementsAre("Y001"));
  EXPECT_THAT(Reading("a:\n[x]\n").Codes(), ElementsAre("Y001"));
  EXPECT_THAT(Reading("a:\nb:c d\n").Findings(), ElementsAre("Y001@2:1 'b:c d'"));
}

TEST(Hazards, AQuoteNeedsNoEscape) {
  EXPECT_THAT(Reading("a: \"it\\'s\"\n").Findings(), ElementsAre("Y001@1:7 '\\''"));
}

TEST(Hazards, OnlyKnownDirectivesAreSkipped) {
  EXPECT_THAT(Reading("%YAML 1.2\n---\na: 1\n").Codes(), IsEmpty());
  EXPECT_THAT(Reading("% x\na: 1\n").Codes(), ElementsAre("Y001"));
}

TEST(Hazards, NestingHasALimitInBracketsAndBlocks) {
  const std::string fits = std::string(kMaxDepth - 1, '[') + std::string(kMaxDepth - 1, ']');
  EXPECT_THAT(Reading(fits).Codes(), IsEmpty());
  EXPECT_THAT(Reading(std::string(1'000'000, '[')).Codes(), ElementsAre("Y007"));
  std::string block;
  for (int i = 0; i < 1000; ++i) block += std::string(i, ' ') + "a:\n";
  EXPECT_THAT(Reading(block).Codes(), ElementsAre("Y007"));
  std::string dashes;
  for (int i = 0; i < 1000; ++i) dashes += "- ";
  EXPECT_THAT(Reading(dashes).Codes(), ElementsAre("Y007"));
}

TEST(Hazards, SizeHasALimit) {
  EXPECT_THAT(Reading(std::string(kMaxFileBytes + 1, ' ')).Codes(), ElementsAre("Y007"));
}

TEST(Gate, RefusesBytesThatNoTextHolds) {
  using std::string_view_literals::operator""sv;
  EXPECT_THAT(Reading("a: \xFF\n").Findings(), ElementsAre("Y007@1:4 '\xFF'"));
  EXPECT_THAT(Reading("a: x\0y\n"sv).Codes(), ElementsAre("Y007"));
  EXPECT_THAT(Reading("a: \x1B[0m\n").Codes(), ElementsAre("Y007"));
  EXPECT_THAT(Reading("a: \xC2\x85 \xC2\x9B\n").Codes(), ElementsAre("Y007"));
  EXPECT_THAT(Reading("a: 1\rb: 2\n").Codes(), ElementsAre("Y007"));
  EXPECT_THAT(Reading("\xFF\xFE"
                      "a\0:\0"sv)
                  .Message(),
              HasSubstr("UTF-16"));
  EXPECT_THAT(Reading("\0\0\xFE\xFF"sv).Codes(), ElementsAre("Y007"));
  EXPECT_THAT(Reading("a: h\xC3\xA9\n").Codes(), IsEmpty());
}

TEST(Keys, AKeyThatStandsTwiceNamesTheFirst) {
  const Reading read("a: 1\nb: 2\n\"a\": 3\n");
  EXPECT_THAT(read.Findings(), ElementsAre("Y002@3:1 '\"a\"'"));
  EXPECT_EQ(read.sink.diagnostics()[0].notes[0].span.begin, 0u);
  EXPECT_EQ(read.Show(), "{a: 1, b: 2}");
  std::string many = "{";
  for (int i = 0; i < 40; ++i) many += fmt::format("k{}: {}, ", i % 39, i);
  EXPECT_THAT(Reading(many + "}").Codes(), ElementsAre("Y002"));
}

TEST(Keys, RoutesMayHaveANumberAndItsText) {
  EXPECT_THAT(Reading("routes: {1: a, \"1\": b}").Codes(), IsEmpty());
  EXPECT_THAT(Reading("with: {1: a, \"1\": b}").Codes(), ElementsAre("Y002"));
}

TEST(Keys, MergeKeysAreNotRead) {
  const Reading read("x-a: &a {p: 1}\nb:\n  <<: *a\n  q: 2\n");
  EXPECT_THAT(read.Findings(), ElementsAre("K001@3:3 '<<'"));
  EXPECT_EQ(read.Show(), "{x-a: {p: 1}, b: {q: 2}}");
  EXPECT_THAT(Reading("\"<<\": 1\n").Codes(), IsEmpty());
}

TEST(Keys, OnlyPlainTextIsAKey) {
  EXPECT_THAT(Reading("? a\n: b\n").Codes(), ElementsAre("Y001"));
  EXPECT_THAT(Reading("{[a]: b}").Codes(), ElementsAre("Y001"));
  EXPECT_THAT(Reading("{: b}").Codes(), ElementsAre("Y001"));
  EXPECT_THAT(Reading("a: &x 1\n*x : 2\n").Codes(), ElementsAre("Y001"));
  EXPECT_THAT(Reading("[a: b]").Codes(), ElementsAre("Y001"));
}

TEST(Anchors, AnAliasSharesWhatItsAnchorNames) {
  const Reading read("a: &x {p: [1]}\nb: *x\nc: [*x, *x]\n");
  EXPECT_EQ(read.Show(), "{a: {p: [1]}, b: {p: [1]}, c: [{p: [1]}, {p: [1]}]}");
  EXPECT_THAT(read.Findings(), IsEmpty());
  EXPECT_EQ(read.SpanText(read.At({"b"})), "*x");
}

TEST(Anchors, UnusedUnknownAndRecursiveOnesAreFound) {
  EXPECT_THAT(Reading("a: &x 1\nb: &y 2\nc: *y\n").Findings(), ElementsAre("Y004@1:4 '&x'"));
  EXPECT_THAT(Reading("a: *x\n").Findings(), ElementsAre("Y005@1:4 '*x'"));
  EXPECT_THAT(Reading("a: &x\n  b: *x\n").Findings(), ElementsAre("Y005@2:6 '*x'"));
  EXPECT_EQ(Reading("a: *x\nb: 1\n").Show(), "{a: ?, b: 1}");
}

TEST(Anchors, AnAliasTakesNothingBesides) {
  EXPECT_THAT(Reading("a: &x 1\nb: *x more\n").Codes(), ElementsAre("Y001"));
  EXPECT_THAT(Reading("a: &x 1\nb: &y *x\n").Codes(), ElementsAre("Y001"));
}

TEST(Anchors, AnAliasBombIsOverTheBudget) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i,
                        i - 1);
  }
  const Reading read(bomb);
  EXPECT_THAT(read.Codes(), ElementsAre("Y006", "Y004"));
}

TEST(Anchors, AChainOfAliasesMayNotNestTooDeep) {
  std::string chain = "a0: &a0 [x]\n";
  for (int i = 1; i < 200; ++i) chain += fmt::format("a{0}: &a{0} [*a{1}]\n", i, i - 1);
  EXPECT_THAT(Reading(chain).Codes(), ::testing::Contains("Y007"));
}

TEST(Tags, TextCanBeForcedAndOthersAreRefused) {
  EXPECT_EQ(Reading("a: !!str 1\nb: !!str\nc: ! 2\n").Show(), R"({a: "1", b: "", c: "2"})");
  EXPECT_THAT(Reading("a: !foo x\n").Findings(), ElementsAre("Y001@1:4 '!foo'"));
}

TEST(Findings, HaveALimit) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "- yes\n";
  const Reading read(text);
  EXPECT_EQ(read.sink.diagnostics().size(), 501u);
  EXPECT_EQ(read.Codes().back(), "Y007");
}

}  // namespace
}  // namespace wfc::yaml
