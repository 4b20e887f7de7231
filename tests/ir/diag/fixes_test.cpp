// Fixes: which are applied together, what comes of them, and how they are shown.
#include "ir/diag/fixes.h"

#include <gtest/gtest.h>

#include "ir/diag/messages.h"
#include "ir/diag/sink.h"

namespace wfc::diag {
namespace {

class FixesTest : public testing::Test {
 protected:
  explicit FixesTest(std::string text = "a: 1\nb: 2\nc: 3\n")
      : file_(sources_.Add("f.yaml", text)) {}

  void Report(std::vector<Edit> edits, FixSafety safety = FixSafety::Safe) {
    sink_.Report(Unsupported, Span(), "it")
        .SetFix({.title = "mend it", .safety = safety, .edits = std::move(edits)});
  }
  Edit Replace(uint32_t begin, uint32_t end, std::string text) {
    return {.span = {.file = file_, .begin = begin, .end = end}, .text = std::move(text)};
  }
  std::string Fixed(FixSafety safety = FixSafety::Safe) {
    plan_ = PlanFixes(sink_.diagnostics(), safety);
    if (plan_.files.empty()) return std::string(sources_.text(file_));
    return ApplyEdits(sources_.text(file_), plan_.files[0].edits);
  }

  SourceMap sources_;
  FileId file_;
  Sink sink_;
  FixPlan plan_;
};

TEST_F(FixesTest, EditsOfSeveralFindingsAreAppliedByPosition) {
  Report({Replace(5, 6, "bee")});
  Report({Replace(0, 1, "ay"), Replace(15, 15, "d: 4\n")});
  EXPECT_EQ(Fixed(), "ay: 1\nbee: 2\nc: 3\nd: 4\n");
  EXPECT_EQ(plan_.fixed_count, 2u);
}

TEST_F(FixesTest, AFixThatOverlapsAnEarlierOneIsPostponedAsAWhole) {
  Report({Replace(0, 4, "x: 1")});
  Report({Replace(3, 6, "nope"), Replace(10, 11, "z")});
  EXPECT_EQ(Fixed(), "x: 1\nb: 2\nc: 3\n");
  EXPECT_EQ(plan_.fixed_count, 1u);
  EXPECT_EQ(plan_.postponed_count, 1u);
}

TEST_F(FixesTest, TwoDifferentInsertionsAtOnePlaceOverlap) {
  Report({Replace(0, 0, "first\n")});
  Report({Replace(0, 0, "second\n")});
  EXPECT_EQ(Fixed(), "first\na: 1\nb: 2\nc: 3\n");
  EXPECT_EQ(plan_.postponed_count, 1u);
}

TEST_F(FixesTest, AFixThatFindingsShareIsAppliedOnce) {
  Report({Replace(0, 0, "first\n")});
  Report({Replace(0, 0, "first\n")});
  EXPECT_EQ(Fixed(), "first\na: 1\nb: 2\nc: 3\n");
  EXPECT_EQ(plan_.fixed_count, 2u);
}

TEST_F(FixesTest, UnsafeFixesAreAppliedOnlyWhenAskedFor) {
  Report({Replace(0, 1, "x")}, FixSafety::Unsafe);
  EXPECT_EQ(Fixed(), "a: 1\nb: 2\nc: 3\n");
  EXPECT_EQ(Fixed(FixSafety::Unsafe), "x: 1\nb: 2\nc: 3\n");
}

TEST_F(FixesTest, TheDiffShowsContextAndCountsLines) {
  Report({Replace(5, 6, "bee")});
  Report({Replace(15, 15, "d: 4\n")});
  (void)Fixed();
  EXPECT_EQ(FormatDiff(sources_, plan_.files[0]),
            "--- f.yaml\n"
            "+++ f.yaml\n"
            "@@ -1,3 +1,4 @@\n"
            " a: 1\n"
            "-b: 2\n"
            "-c: 3\n"
            "+bee: 2\n"
            "+c: 3\n"
            "+d: 4\n");
}

class LongFileFixesTest : public FixesTest {
 protected:
  static std::string Lines() {
    std::string text;
    for (int i = 1; i <= 20; ++i) text += "k" + std::to_string(i) + "\n";
    return text + "end";
  }
  LongFileFixesTest() : FixesTest(Lines()) {}
};

TEST_F(LongFileFixesTest, DistantEditsHaveHunksOfTheirOwn) {
  Report({Replace(0, 2, "x\ny")});
  const auto end = static_cast<uint32_t>(sources_.text(file_).size());
  Report({Replace(end - 3, end, "END")});
  (void)Fixed();
  EXPECT_EQ(FormatDiff(sources_, plan_.files[0]),
            "--- f.yaml\n"
            "+++ f.yaml\n"
            "@@ -1,4 +1,5 @@\n"
            "-k1\n"
            "+x\n"
            "+y\n"
            " k2\n"
            " k3\n"
            " k4\n"
            "@@ -18,4 +19,4 @@\n"
            " k18\n"
            " k19\n"
            " k20\n"
            "-end\n"
            "\\ No newline at end of file\n"
            "+END\n"
            "\\ No newline at end of file\n");
}

}  // namespace
}  // namespace wfc::diag
