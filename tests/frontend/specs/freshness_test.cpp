#include "frontend/specs/freshness.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "frontend/specs/find_files.h"
#include "frontend/specs/front_matter.h"
#include "ir/files/project_folder.h"

namespace wfc::specs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(FrontMatterTest, StandsBetweenTwoLinesOfDashes) {
  FrontMatter front = FindFrontMatter("---\na: 1\n---\ntext");
  EXPECT_EQ(front.status, FrontMatter::Status::Found);
  EXPECT_EQ(front.begin, 4u);
  EXPECT_EQ(front.end, 9u);
  EXPECT_EQ(FindFrontMatter("\xEF\xBB\xBF---\r\na: 1\r\n...\r\n").status,
            FrontMatter::Status::Found);
  EXPECT_EQ(FindFrontMatter("# title\n---\n").status, FrontMatter::Status::None);
  EXPECT_EQ(FindFrontMatter("").status, FrontMatter::Status::None);
  EXPECT_EQ(FindFrontMatter("---\na: 1\n").status, FrontMatter::Status::Unclosed);
  EXPECT_EQ(FindFrontMatter("---").status, FrontMatter::Status::Unclosed);
}

class Freshness : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("wfc_freshness_" + std::to_string(::getpid()) + "_" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_ / "specs" / "deep");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& path, std::string_view text) {
    std::ofstream(folder_ / path) << text;
  }
  /// The messages of P001, with today 2026-03-01 and a limit of 30 days.
  std::vector<std::string> Check(std::vector<FileGlob> files = {{"specs/**", {}}}) {
    FreshnessRules rules{.files = std::move(files)};
    rules.inactive = DefaultInactive();
    rules.today = *ParseDay("2026-03-01").day;
    SourceMap sources;
    diag::Sink sink;
    auto folder = files::ProjectFolder::Open(folder_.string(), files::Outside::Refuse);
    counts_ = CheckFreshness(rules, *folder, sources, sink);
    std::vector<std::string> messages;
    for (const diag::Diagnostic& finding : sink.diagnostics()) {
      EXPECT_EQ(finding.code, diag::FindCode("P001"));
      messages.push_back(finding.message);
    }
    return messages;
  }

  std::filesystem::path folder_;
  FreshnessCounts counts_;
};

TEST_F(Freshness, AReviewWithinTheLimitIsFresh) {
  Write("specs/a.md", "---\nlast_review: 2026-01-30\n---\n");
  Write("specs/b.md", "---\nlast_review: \"2026-03-01\"\n---\n");
  EXPECT_THAT(Check(), IsEmpty());
  EXPECT_EQ(counts_.checked, 2u);
}

TEST_F(Freshness, ADayOverTheLimitIsStale) {
  Write("specs/a.md", "---\nlast_review: 2026-01-29\n---\n");
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("2026-01-29, 31 days ago; at most 30")));
}

TEST_F(Freshness, TomorrowIsLaterThanToday) {
  Write("specs/a.md", "---\nlast_review: 2026-03-02\n---\n");
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("later than today, 2026-03-01")));
}

TEST_F(Freshness, MissingMalformedAndImpossibleAreReported) {
  Write("specs/a.md", "---\ntitle: x\n---\n");
  Write("specs/b.md", "---\nlast_review: soon\n---\n");
  Write("specs/c.md", "---\nlast_review: 2026-02-30\n---\n");
  Write("specs/d.md", "no front matter\n");
  Write("specs/e.md", "---\nlast_review: 2026-03-01\n");
  Write("specs/f.md", "---\nlast_review:\n---\n");
  Write("specs/g.md", "---\nlast_review: 20260301\n---\n");
  EXPECT_THAT(Check(),
              ElementsAre(HasSubstr("has no `last_review`"), HasSubstr("`soon` is not a date"),
                          HasSubstr("`2026-02-30` is not a day"), HasSubstr("no front matter"),
                          HasSubstr("not closed"), HasSubstr("has no `last_review`"),
                          HasSubstr("`20260301` is not a date")));
}

TEST_F(Freshness, InactiveSpecificationsAreExempt) {
  Write("specs/a.md", "---\nlast_review: 2001-01-01\nstatus: archived\n---\n");
  Write("specs/b.md", "---\nlast_review: 2001-01-01\nstatus: active\n---\n");
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("specs/b.md")));
  EXPECT_EQ(counts_.inactive, 1u);
}

TEST_F(Freshness, AGlobThatMatchesNothingIsReported) {
  Write("specs/a.md", "---\nlast_review: 2026-03-01\n---\n");
  EXPECT_THAT(Check({{"specs/*.md", {}}, {"tasks/*.md", {}}}),
              ElementsAre("no specification matches `tasks/*.md`"));
}

TEST_F(Freshness, FilesAreFoundBelowTheFolderInOrder) {
  Write("specs/z.md", "");
  Write("specs/deep/a.md", "");
  Write("other.md", "");
  std::filesystem::create_directories(folder_ / "specs" / ".git");
  Write("specs/.git/x.md", "");
  auto files = files::ProjectFolder::Open(folder_.string(), files::Outside::Refuse);
  EXPECT_THAT(FindFiles(*files, {"specs/**"}).paths, ElementsAre("specs/deep/a.md", "specs/z.md"));
  EXPECT_THAT(FindFiles(*files, {"*.md"}).paths, ElementsAre("other.md"));
}

}  // namespace
}  // namespace wfc::specs
