#include "backend-runtime/tools/git_repository.h"

#include <atomic>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/host/simulated_files.h"
#include "backend-runtime/tools/git_references.h"
#include "tests/backend-runtime/tools/test_authority.h"

namespace wfc::tools {
namespace {

using testing::StartsWith;

const std::string kOne(40, '1');
const std::string kTwo(40, '2');

class GitRepositoryTest : public testing::Test {
 protected:
  void Add(const std::string& path, std::string_view text) {
    EXPECT_TRUE(files_.Write(path, text, host::WriteHow::Replace).ok());
  }
  void AddRepository(const std::string& folder) {
    Add(folder + "/HEAD", "ref: refs/heads/main\n");
    Add(folder + "/refs/heads/main", kOne + "\n");
    Add(folder + "/objects/info/packs", "");
  }
  Result<GitRepository, runtime::Failure> Open(const std::string& root) {
    return FindRepository({files_, authority_.get(), never_}, root);
  }
  /// Its top, its own folder and the common one; or why there is none.
  std::string Find(const std::string& root) {
    const auto found = Open(root);
    if (found) return fmt::format("{} {} {}", found->top, found->folder, found->common);
    return fmt::format("{}: {}", Spell(found.error().code), found.error().message);
  }
  std::string PackedReferences(WantedReferences wanted) {
    const auto repository = Open(".");
    const auto references = ReadReferences(*repository, wanted);
    return references ? references->packed_refs : references.error().message;
  }

  host::SimulatedFiles files_;
  TestAuthority authority_{{{Capability::FsRead, "**"}}, {{Capability::FsRead, "private/**"}}};
  std::atomic<bool> never_ = false;
};

TEST_F(GitRepositoryTest, TheNearestFolderUpwardsIsTaken) {
  AddRepository(".git");
  Add("a/b/file", "");
  EXPECT_EQ(Find("."), ". .git .git");
  EXPECT_EQ(Find("a/b"), ". .git .git");
  AddRepository("a/.git");
  EXPECT_EQ(Find("a/b"), "a a/.git a/.git");
}

TEST_F(GitRepositoryTest, AFolderThatIsNoRepositoryIsPassedOver) {
  AddRepository(".git");
  Add("a/.git/description", "");
  EXPECT_EQ(Find("a"), ". .git .git");
}

TEST_F(GitRepositoryTest, ALinkedWorkTreeLeadsToTheCommonFolder) {
  AddRepository("main/.git");
  Add("main/.git/worktrees/w/HEAD", "ref: refs/heads/w\n");
  Add("main/.git/worktrees/w/commondir", "../..\n");
  Add("w/.git", "gitdir: /simulated/main/.git/worktrees/w\n");
  EXPECT_EQ(Find("w"), "w main/.git/worktrees/w main/.git");
}

TEST_F(GitRepositoryTest, APartInADeniedFolderIsDenied) {
  AddRepository("private/.git");
  Add("w/.git", "gitdir: ../private/.git\n");
  EXPECT_EQ(
      Find("w"),
      "denied: the repository of `w` keeps a part in `private/.git`, and fs.read of that is not "
      "allowed");
  Add("v/.git/HEAD", "ref: refs/heads/main\n");
  Add("v/.git/commondir", "../../private/.git");
  EXPECT_THAT(Find("v"), StartsWith("denied: "));
}

TEST_F(GitRepositoryTest, ALineThatLeadsOutIsDenied) {
  for (const std::string_view line : {"gitdir: /elsewhere/.git\n", "gitdir: ../../elsewhere\n",
                                      "gitdir: /simulated2/.git\n", "gitdir: ../..\n"}) {
    Add("w/.git", line);
    EXPECT_THAT(Find("w"), StartsWith("denied: the repository of `w` is outside the workspace: "))
        << line;
  }
  Add("w/.git", "something else");
  EXPECT_EQ(Find("w"), "io: `w/.git` names no repository");
}

TEST_F(GitRepositoryTest, AnAlternateThatLeadsOutIsDenied) {
  AddRepository(".git");
  AddRepository("other/.git");
  Add(".git/objects/info/alternates", "# a comment\n\n../../other/.git/objects\n");
  EXPECT_EQ(Find("."), ". .git .git");
  Add("other/.git/objects/info/alternates", "/elsewhere/objects");
  EXPECT_THAT(Find("."), StartsWith("denied: the repository of `.` is outside the workspace"));
  Add("other/.git/objects/info/alternates", "\"/simulated/x\"");
  EXPECT_THAT(Find("."), StartsWith("denied: "));
}

TEST_F(GitRepositoryTest, RepositoriesMayBorrowFromEachOther) {
  AddRepository(".git");
  AddRepository("other/.git");
  Add(".git/objects/info/alternates", "../../other/.git/objects\n");
  Add("other/.git/objects/info/alternates", "../../../.git/objects\n");
  EXPECT_EQ(Find("."), ". .git .git");
}

TEST_F(GitRepositoryTest, TheWorkTreeMayOnlyBeWhereItStands) {
  AddRepository("a/.git");
  Add("a/.git/config", "[core]\n\tworktree = ..\n");
  EXPECT_EQ(Find("a"), "a a/.git a/.git");
  Add("a/.git/config", "[core]\n\tworktree = ../../b\n");
  EXPECT_THAT(Find("a"),
              StartsWith("denied: `core.worktree` of the repository of `a` names another"));
}

TEST_F(GitRepositoryTest, OutsideARepositoryItIsAsIfGitHadSaidSo) {
  Add("a/file", "");
  EXPECT_EQ(Find("a"),
            "exit: git: `a` is not a git repository, nor is a folder around it in the workspace");
}

TEST_F(GitRepositoryTest, LooseReferencesGoOverPackedOnes) {
  AddRepository(".git");
  Add(".git/packed-refs",
      fmt::format("# pack-refs with: peeled \n{0} refs/heads/main\n{0} refs/tags/v\n^{0}\n", kTwo));
  Add(".git/refs/remotes/o/HEAD", "ref: refs/heads/main\n");
  Add(".git/refs/replace/" + kOne, kTwo);
  Add(".git/refs/heads/bad", "not an object\n");
  Add(".git/refs/heads/b~d", kTwo);
  EXPECT_EQ(PackedReferences(WantedReferences::All),
            fmt::format("# pack-refs with: sorted \n{0} refs/heads/main\n{0} refs/remotes/o/HEAD\n"
                        "{1} refs/tags/v\n",
                        kOne, kTwo));
}

TEST_F(GitRepositoryTest, ALogNeedsOnlyWhatHeadNames) {
  AddRepository(".git");
  Add(".git/refs/heads/other", kTwo);
  EXPECT_EQ(PackedReferences(WantedReferences::OfHead),
            fmt::format("# pack-refs with: sorted \n{} refs/heads/main\n", kOne));
  Add(".git/HEAD", "ref: refs/heads/packed\n");
  Add(".git/packed-refs", fmt::format("{0} refs/heads/packed\n{0} refs/heads/third\n", kTwo));
  EXPECT_EQ(PackedReferences(WantedReferences::OfHead),
            fmt::format("# pack-refs with: sorted \n{} refs/heads/packed\n", kTwo));
  Add(".git/HEAD", kOne);
  EXPECT_EQ(PackedReferences(WantedReferences::OfHead), "# pack-refs with: sorted \n");
}

TEST_F(GitRepositoryTest, AHeadThatNamesNoCommitIsRefused) {
  AddRepository(".git");
  for (const std::string_view head : {"ref: ../../x\n", "ref: refs/heads/../x\n", "abc\n", ""}) {
    Add(".git/HEAD", head);
    EXPECT_EQ(PackedReferences(WantedReferences::All), "`.git/HEAD` names no commit") << head;
  }
}

TEST(JoinGitPath, ResolvesWordByWord) {
  EXPECT_EQ(JoinGitPath("/a/b", "c"), "/a/b/c");
  EXPECT_EQ(JoinGitPath("/a/b", "../c/./d/"), "/a/c/d");
  EXPECT_EQ(JoinGitPath("/a", "/x//y"), "/x/y");
  EXPECT_EQ(JoinGitPath("/a", ".."), "/");
  EXPECT_EQ(JoinGitPath("/a", "../.."), std::nullopt);
  EXPECT_EQ(JoinGitPath("/a", ""), std::nullopt);
}

}  // namespace
}  // namespace wfc::tools
