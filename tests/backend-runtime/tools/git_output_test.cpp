#include "backend-runtime/tools/git_output.h"

#include <gtest/gtest.h>

#include "ir/value/json.h"

namespace wfc::tools {
namespace {

TEST(GitOutput, ALogIsAListOfCommits) {
  const auto log =
      ParseGitLog(std::string_view("abc\x1f"
                                   "Ann\x1f"
                                   "2026-01-02T03:04:05+01:00\x1fone: two\0"
                                   "def\x1f\xFF\x1f"
                                   "2026-01-01T00:00:00Z\x1f\0",
                                   70));
  ASSERT_TRUE(log.ok());
  EXPECT_EQ(
      WriteJson(*log),
      R"({"commits":[{"author":"Ann","date":"2026-01-02T03:04:05+01:00","sha":"abc","subject":"one: two"},)"
      "{\"author\":\"\uFFFD\",\"date\":\"2026-01-01T00:00:00Z\",\"sha\":\"def\",\"subject\":\"\"}]"
      "}");
}

TEST(GitOutput, AnEmptyLogHasNoCommits) {
  EXPECT_EQ(WriteJson(*ParseGitLog("")), R"({"commits":[]})");
}

TEST(GitOutput, WhatIsNoLogIsRefused) {
  EXPECT_FALSE(ParseGitLog("fatal: no").ok());
}

TEST(GitOutput, QuotedPathsAreUnquoted) {
  EXPECT_EQ(UnquoteGitPath("plain path"), "plain path");
  EXPECT_EQ(UnquoteGitPath(R"("a\"\t\303\244\\")"), "a\"\t\u00E4\\");
  EXPECT_EQ(UnquoteGitPath(R"("a\q")"), std::nullopt);
  EXPECT_EQ(UnquoteGitPath(R"("a\77")"), std::nullopt);
  EXPECT_EQ(UnquoteGitPath("\""), std::nullopt);
}

constexpr std::string_view kDiff =
    ":100644 100644 28ce6a8 0000000 M\ta\n"
    ":100644 120000 f0f2307 0000000 T\tkind\n"
    ":100644 100755 f0f2307 f0f2307 R100\told\tnew\n"
    ":100644 000000 f2ad6c7 0000000 D\t\"q\\tx\"\n"
    ":000000 100644 0000000 f2ad6c7 A\tadded\n"
    "\n"
    "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-diff --git a/x b/x\n+m\n"
    "diff --git a/kind b/kind\ndeleted file mode 100644\n"
    "diff --git a/kind b/kind\nnew file mode 120000\n"
    "diff --git a/old b/new\nrename from old\n"
    "diff --git \"a/q\\tx\" \"b/q\\tx\"\ndeleted file mode 100644\n"
    "diff --git a/added b/added\nnew file mode 100644\n";

TEST(GitOutput, ADiffIsAListOfFilesWithTheirPatches) {
  const auto files = ParseGitDiff(kDiff);
  ASSERT_TRUE(files.ok()) << files.error().message;
  ASSERT_EQ(files->size(), 5u);
  const ChangedFile& modified = files->at(0);
  EXPECT_EQ(modified.status, "modified");
  EXPECT_TRUE(modified.patch.ends_with("-diff --git a/x b/x\n+m\n"));
  const ChangedFile& other_kind = files->at(1);
  EXPECT_EQ(other_kind.status, "modified");
  EXPECT_TRUE(other_kind.patch.ends_with("new file mode 120000\n"));
  const ChangedFile& renamed = files->at(2);
  EXPECT_EQ(renamed.status, "renamed");
  EXPECT_EQ(renamed.path, "new");
  EXPECT_EQ(renamed.old_path, "old");
  EXPECT_EQ(files->at(3).status, "deleted");
  EXPECT_EQ(files->at(3).path, "q\tx");
  EXPECT_EQ(files->at(4).status, "added");
  EXPECT_EQ(files->at(4).patch, "diff --git a/added b/added\nnew file mode 100644\n");
}

TEST(GitOutput, AnEmptyDiffHasNoFiles) {
  const auto files = ParseGitDiff("");
  ASSERT_TRUE(files.ok());
  EXPECT_TRUE(files->empty());
}

TEST(GitOutput, PatchesThatDoNotFitTheFilesAreRefused) {
  EXPECT_FALSE(ParseGitDiff(":100644 100644 a b M\tx\n\n").ok());
  EXPECT_FALSE(ParseGitDiff("diff --git a/x b/x\n").ok());
  EXPECT_FALSE(ParseGitDiff(":100644 100644 a b X\tx\n\n").ok());
  EXPECT_FALSE(ParseGitDiff(":\n").ok());
}

}  // namespace
}  // namespace wfc::tools
