// Reading goes on around errors, and one mistake is one finding.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/frontend/yaml/reading.h"

namespace wfc::yaml {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kThreeBroken = R"(wfc: 1
workflows:
  w:
    description: three broken stages
    stages:
      a: {tool: fs.list, with: {root: "x}}
      b:
        tool: fs.read
        with: [unclosed
      c:
        tool: git.log
      d:
        tool: x
          with: y
      e:
        tool: git.diff
    output: done
agents:
  x: {kind: echo}
)";

TEST(Recover, ThreeBrokenStagesAreThreeFindings) {
  const Reading read(kThreeBroken);
  EXPECT_THAT(read.Findings(), ElementsAre("Y001@6:39 '\"x}}'", "Y001@9:15 '['", "Y001@14:15 ':'"));
}

TEST(Recover, TheRestIsReadAndBrokenStagesKeepTheirIds) {
  const Reading read(kThreeBroken);
  EXPECT_EQ(read.Show(read.At({"workflows", "w", "stages"})),
            R"({a: ?, b: ?, c: {tool: "git.log"}, d: ?, e: {tool: "git.diff"}})");
  EXPECT_EQ(read.Show(read.At({"workflows", "w", "output"})), R"("done")");
  EXPECT_EQ(read.Show(read.At({"agents"})), R"({x: {kind: "echo"}})");
  EXPECT_TRUE(read.tree.has_errors());
}

TEST(Recover, GoesOnAtTheIdsOfASection) {
  const Reading read("agents:\n  a: {kind: echo\n  b: {kind: llm}\ntools:\n  t: {builtin: echo}\n");
  EXPECT_THAT(read.Codes(), ElementsAre("Y001"));
  EXPECT_EQ(read.Show(), R"({agents: {a: ?, b: {kind: "llm"}}, tools: {t: {builtin: "echo"}}})");
}

TEST(Recover, GoesOnAtTopLevelOfAWorkflowFile) {
  const Reading read("workflow: w\nretry: [1\nstages:\n  a: {tool: x}\n  b: }\noutput: 1\n");
  EXPECT_THAT(read.Codes(), ElementsAre("Y001", "Y001"));
  EXPECT_EQ(read.Show(), R"({workflow: "w", retry: ?, stages: {a: {tool: "x"}, b: ?}, output: 1})");
}

TEST(Recover, BrokenStepsKeepTheirIds) {
  const Reading read(
      "steps:\n- id: a\n  tool: x\n- id: b\n  tool: [x\n- {id: c, tool: }, x}\n- id: d\n  tool: "
      "y\n");
  EXPECT_THAT(read.Codes(), ElementsAre("Y001", "Y001"));
  EXPECT_EQ(read.Show(),
            R"({steps: [{id: "a", tool: "x"}, {id: "b"}, {id: "c"}, {id: "d", tool: "y"}]})");
  const auto steps = read.tree.children(read.At({"steps"}));
  EXPECT_TRUE(read.tree.has_flag(steps[1], kIncomplete));
  EXPECT_FALSE(read.tree.has_flag(steps[0], kIncomplete));
}

TEST(Recover, ALineWithoutAKeyLeavesTheMapIncomplete) {
  const Reading read("agents:\n  a: {kind: echo}\n  garbage\n  b: {kind: echo}\n");
  EXPECT_THAT(read.Codes(), ElementsAre("Y001"));
  EXPECT_EQ(read.Show(), R"({agents: {a: {kind: "echo"}, b: {kind: "echo"}}})");
  EXPECT_TRUE(read.tree.has_flag(read.At({"agents"}), kIncomplete));
}

TEST(Recover, ReportsAtMostTwentySyntaxErrors) {
  std::string text = "agents:\n";
  for (int i = 0; i < 300; ++i) text += fmt::format("  a{}: [\n", i);
  const Reading read(text);
  EXPECT_THAT(read.Codes(), SizeIs(20));
  EXPECT_THAT(read.Codes(), Each("Y001"));
  EXPECT_EQ(read.tree.entry_count(read.At({"agents"})), 300u);
}

TEST(Recover, FindingsOfBrokenPartsAreNotReportedTwice) {
  const Reading read("a:\n  x: yes\n  y: [\nb: off\n");
  EXPECT_THAT(read.Findings(), ElementsAre("Y003@2:6 'yes'", "Y001@3:6 '['", "Y003@4:4 'off'"));
}

TEST(Recover, AnAliasOfABrokenPartIsNoFindingOfItsOwn) {
  const Reading read("x-a: &a [1\nb:\n  p: *a\n  q: *nowhere\n");
  EXPECT_THAT(read.Codes(), ElementsAre("Y001", "Y005"));
  EXPECT_EQ(read.Show(), "{x-a: ?, b: {p: ?, q: ?}}");
}

TEST(Recover, AnchorsOfWholePartsAreKnownInLaterOnes) {
  const Reading read("x-a: &a [1]\nb: }\nc: *a\n");
  EXPECT_THAT(read.Codes(), ElementsAre("Y001"));
  EXPECT_EQ(read.Show(), "{x-a: [1], b: ?, c: [1]}");
}

TEST(Recover, KeysThatStandTwiceAreFoundAcrossParts) {
  EXPECT_THAT(Reading("a: 1\nb: [\na: 2\n").Codes(), ElementsAre("Y001", "Y002"));
}

TEST(Recover, CommentsOfReadPartsAreKept) {
  const Reading read("# one\na: 1\nb: [\nc: 2 # two\n");
  EXPECT_THAT(read.tree.comments(), SizeIs(2));
}

TEST(Recover, ATabIsNamedAsTheCause) {
  const Reading read("a:\n  b: 1\n\tc: 2\nd: 3\n");
  EXPECT_THAT(read.Codes(), ElementsAre("Y001"));
  EXPECT_EQ(read.Message(), "a tab indents this line; YAML is indented with spaces alone");
  EXPECT_EQ(read.Show(), "");  // no line stands where it seems to stand
}

}  // namespace
}  // namespace wfc::yaml
