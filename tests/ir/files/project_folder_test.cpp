#include "ir/files/project_folder.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wfc::files {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr uint64_t kMost = 1000;

class ProjectFolderTest : public testing::Test {
 protected:
  ProjectFolderTest() {
    char pattern[] = "/tmp/wfc_project_XXXXXX";
    base_ = mkdtemp(pattern);
    fs::create_directories(base_ / "p/agents");
    fs::create_directories(base_ / "elsewhere");
    Write("elsewhere/text", "outside");
    Write("p/text", "inside");
  }
  ~ProjectFolderTest() override { fs::remove_all(base_); }

  void Write(const char* path, std::string_view text) const { std::ofstream(base_ / path) << text; }
  void Link(const fs::path& target, const char* path) const {
    fs::create_symlink(target, base_ / path);
  }
  [[nodiscard]] std::string Content(const char* path) const {
    std::ostringstream text;
    text << std::ifstream(base_ / path).rdbuf();
    return text.str();
  }
  [[nodiscard]] ProjectFolder Open(Outside outside = Outside::Refuse) const {
    return *ProjectFolder::Open((base_ / "p").string(), outside);
  }
  /// What is read, or why nothing is.
  [[nodiscard]] std::string Read(std::string_view path, Outside outside = Outside::Refuse) const {
    ProjectFolder folder = Open(outside);
    const Result<FileContent> content = folder.Read(path, kMost);
    return content ? content->bytes : "(" + content.error().message + ")";
  }

  fs::path base_;
};

TEST_F(ProjectFolderTest, FilesAndLinksWithinAreRead) {
  Link("text", "p/link");
  Link("../text", "p/agents/up");
  Link(base_ / "p/text", "p/absolute");
  Link("../p/text", "p/round");
  for (const char* path : {"text", "./text", "link", "agents/up", "absolute", "round"}) {
    EXPECT_EQ(Read(path), "inside") << path;
  }
}

TEST_F(ProjectFolderTest, NoLinkLeadsOut) {
  Link("../elsewhere/text", "p/relative");
  Link(base_ / "elsewhere/text", "p/absolute");
  Link("../elsewhere", "p/folder");
  Link("relative", "p/chain");
  Link("/dev/zero", "p/device");
  Link("/proc/self/environ", "p/process");
  for (const char* path : {"relative", "absolute", "folder/text", "chain", "device", "process"}) {
    EXPECT_THAT(Read(path), StartsWith("(it is a link that leads out of the project's folder"))
        << path;
  }
}

TEST_F(ProjectFolderTest, APathThatLeadsOutByItselfIsNeverRead) {
  for (const std::string& path :
       {std::string("../elsewhere/text"), (base_ / "elsewhere/text").string(),
        std::string("agents/../../elsewhere/text")}) {
    EXPECT_THAT(Read(path, Outside::Allow), StartsWith("(")) << path;
  }
}

TEST_F(ProjectFolderTest, WhatIsNoRegularFileIsNotRead) {
  mkfifo((base_ / "p/pipe").c_str(), 0600);
  EXPECT_EQ(Read("pipe"), "(it is not a file)");
  EXPECT_EQ(Read("agents"), "(it is not a file)");
  EXPECT_EQ(Read("gone"), "(no such file or folder)");
  Link("circle", "p/circle");
  EXPECT_EQ(Read("circle"), "(its links form a cycle)");
  Link("/dev/zero", "p/device");
  EXPECT_EQ(Read("device", Outside::Allow), "(it is not a file)");
}

TEST_F(ProjectFolderTest, NoMoreIsReadThanIsWanted) {
  ProjectFolder folder = Open();
  const Result<FileContent> content = folder.Read("text", 3);
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(content->bytes, "ins");
  EXPECT_TRUE(content->is_truncated);
  EXPECT_FALSE(folder.Read("text", 6)->is_truncated);
}

TEST_F(ProjectFolderTest, TheBufferIsOfTheFilesSize) {
  EXPECT_LT(Open().Read("text", 1 << 20)->bytes.capacity(), 64u);
}

TEST_F(ProjectFolderTest, LinksOutAreReadWhereTheyAreAllowedAndRemembered) {
  Link("../elsewhere/text", "p/link");
  ProjectFolder folder = Open(Outside::Allow);
  EXPECT_EQ(folder.Read("text", kMost)->bytes, "inside");
  EXPECT_TRUE(folder.outside_files().empty());
  EXPECT_EQ(folder.Read("link", kMost)->bytes, "outside");
  ASSERT_EQ(folder.outside_files().size(), 1u);
  EXPECT_EQ(folder.outside_files()[0].path, (base_ / "p/link").string());
  EXPECT_EQ(folder.outside_files()[0].target, fs::canonical(base_ / "elsewhere/text").string());
}

TEST_F(ProjectFolderTest, FoldersAreListedUnderTheSameRule) {
  Link("../elsewhere", "p/out");
  Link("agents", "p/in");
  Write("p/agents/a.yaml", "");
  const auto names = [](const Result<std::vector<FolderEntry>>& entries) {
    std::vector<std::string> found;
    if (!entries) return std::vector<std::string>{entries.error().message};
    for (const FolderEntry& entry : *entries) found.push_back(entry.name);
    return found;
  };
  ProjectFolder folder = Open();
  EXPECT_THAT(names(folder.List("agents")), ElementsAre("a.yaml"));
  EXPECT_THAT(names(folder.List("in")), ElementsAre("a.yaml"));
  EXPECT_THAT(names(folder.List("out")), ElementsAre(HasSubstr("leads out")));
  EXPECT_THAT(names(folder.List("gone")), ElementsAre());
  EXPECT_THAT(names(folder.List("text")), ElementsAre());
  EXPECT_THAT(names(Open(Outside::Allow).List("out")), ElementsAre("text"));
}

TEST_F(ProjectFolderTest, AFileIsRewrittenWhereItLies) {
  Link("text", "p/link");
  chmod((base_ / "p/text").c_str(), 0600);
  EXPECT_TRUE(Open().Rewrite("link", "inside", "new").ok());
  EXPECT_EQ(Content("p/text"), "new");
  EXPECT_TRUE(fs::is_symlink(base_ / "p/link"));
  EXPECT_EQ(fs::status(base_ / "p/text").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(ProjectFolderTest, NothingOutsideIsRewritten) {
  Link("../elsewhere/text", "p/link");
  for (const Outside outside : {Outside::Refuse, Outside::Allow}) {
    EXPECT_EQ(Open(outside).Rewrite("link", "outside", "new").error().message,
              "it lies outside the project's folder, where nothing is written");
  }
  EXPECT_EQ(Content("elsewhere/text"), "outside");
}

TEST_F(ProjectFolderTest, WhatHasChangedIsNotRewritten) {
  EXPECT_EQ(Open().Rewrite("text", "insid", "new").error().message,
            "it has changed since it was read");
  EXPECT_EQ(Open().Rewrite("text", "inside and more", "new").error().message,
            "it has changed since it was read");
  EXPECT_EQ(Content("p/text"), "inside");
}

TEST_F(ProjectFolderTest, PathsAreShownFromWhereTheFolderWasGiven) {
  const ProjectFolder folder = Open();
  EXPECT_EQ(folder.Show("a/b"), (base_ / "p/a/b").string());
  EXPECT_EQ(folder.RelativePath(folder.Show("a/b")), "a/b");
  EXPECT_EQ(ProjectFolder::Open(".", Outside::Refuse)->Show("a"), "a");
  EXPECT_EQ(ProjectFolder::Open("/", Outside::Refuse)->Show("a"), "/a");
}

TEST_F(ProjectFolderTest, AFolderThatIsNotThereCannotBeOpened) {
  EXPECT_EQ(ProjectFolder::Open((base_ / "gone").string(), Outside::Refuse).error().message,
            "no such file or folder");
}

}  // namespace
}  // namespace wfc::files
