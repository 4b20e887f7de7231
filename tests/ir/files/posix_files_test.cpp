#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ir/files/files.h"

namespace wfc::files {
namespace {

using ::testing::ElementsAre;
using Kind = FileError::Kind;

class PosixFilesTest : public ::testing::Test {
 protected:
  PosixFilesTest() {
    char pattern[] = "/tmp/wfc_files_XXXXXX";
    base_ = mkdtemp(pattern);
    std::filesystem::create_directory(base_ / "root");
    std::ofstream(base_ / "outside") << "secret";
    auto files = OpenFiles(base_ / "root");
    EXPECT_TRUE(files.ok());
    files_ = *std::move(files);
  }
  ~PosixFilesTest() override { std::filesystem::remove_all(base_); }

  void Link(const char* target, const char* name) const {
    std::filesystem::create_symlink(target, base_ / "root" / name);
  }
  [[nodiscard]] Kind ReadError(std::string_view path) {
    auto content = files_->Read(path, 100);
    EXPECT_FALSE(content.ok()) << path;
    return content ? Kind::Io : content.error().kind;
  }

  std::filesystem::path base_;
  std::unique_ptr<Files> files_;
};

TEST_F(PosixFilesTest, WrittenFilesAreReadBack) {
  ASSERT_TRUE(files_->Write("a/b/c.txt", "hello", WriteHow::Replace).ok());
  auto content = files_->Read("./a//b/c.txt", 100);
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(content->bytes, "hello");
  EXPECT_FALSE(content->is_truncated);
  EXPECT_EQ(content->real_path, "a/b/c.txt");
}

TEST_F(PosixFilesTest, ReadingStopsAtTheLimit) {
  ASSERT_TRUE(files_->Write("f", "hello", WriteHow::Replace).ok());
  EXPECT_EQ(files_->Read("f", 4)->bytes, "hell");
  EXPECT_TRUE(files_->Read("f", 4)->is_truncated);
  EXPECT_FALSE(files_->Read("f", 5)->is_truncated);
  EXPECT_EQ(files_->Read("f", 0)->bytes, "");
}

TEST_F(PosixFilesTest, FilesOfProcAreReadWhole) {
  auto proc = OpenFiles("/proc/self");
  ASSERT_TRUE(proc.ok());
  EXPECT_THAT((*proc)->Read("status", 1 << 20)->bytes, ::testing::HasSubstr("Pid:"));
}

TEST_F(PosixFilesTest, NoPathLeadsOut) {
  Link("../outside", "link");
  Link("/etc", "etc");
  EXPECT_EQ(ReadError("../outside"), Kind::Escapes);
  EXPECT_EQ(ReadError("a/../../outside"), Kind::Escapes);
  EXPECT_EQ(ReadError("/etc/passwd"), Kind::Escapes);
  EXPECT_EQ(ReadError("link"), Kind::Escapes);
  EXPECT_EQ(ReadError("etc/passwd"), Kind::Escapes);
  EXPECT_EQ(ReadError(std::string_view("a\0b", 3)), Kind::Escapes);
}

TEST_F(PosixFilesTest, ALinkInsideIsFollowedAndItsTargetTold) {
  ASSERT_TRUE(files_->Write("secrets/key", "k", WriteHow::Replace).ok());
  Link("secrets/key", "alias");
  EXPECT_EQ(files_->Read("alias", 10)->real_path, "secrets/key");
}

TEST_F(PosixFilesTest, WritesFollowNoLink) {
  ASSERT_TRUE(files_->MakeFolder("folder").ok());
  Link("folder", "link");
  Link("../outside", "out");
  EXPECT_EQ(files_->Write("link/x", "", WriteHow::Replace).error().kind, Kind::IsLink);
  EXPECT_EQ(files_->Write("out", "", WriteHow::Replace).error().kind, Kind::IsLink);
  EXPECT_EQ(files_->OpenAppend("out").error().kind, Kind::IsLink);
  EXPECT_EQ(files_->List("link", 10).error().kind, Kind::IsLink);
}

TEST_F(PosixFilesTest, ErrorsSayWhatIsWrong) {
  ASSERT_TRUE(files_->MakeFolder("folder").ok());
  ASSERT_EQ(mkfifo((base_ / "root/fifo").c_str(), 0600), 0);
  EXPECT_EQ(ReadError("none"), Kind::NotFound);
  EXPECT_EQ(ReadError("folder"), Kind::WrongKind);
  EXPECT_EQ(ReadError("fifo"), Kind::WrongKind);
  EXPECT_EQ(files_->Write("folder", "", WriteHow::Replace).error().kind, Kind::WrongKind);
  EXPECT_EQ(files_->Read("none", 1).error().message, "`none`: no such file or folder");
}

TEST_F(PosixFilesTest, CreateRefusesWhatIsThere) {
  ASSERT_TRUE(files_->Write("f", "1", WriteHow::Create).ok());
  EXPECT_EQ(files_->Write("f", "2", WriteHow::Create).error().kind, Kind::Exists);
  EXPECT_EQ(files_->Read("f", 10)->bytes, "1");
}

TEST_F(PosixFilesTest, AppendAddsAndReplaceKeepsTheMode) {
  ASSERT_TRUE(files_->Write("f", "1", WriteHow::Append).ok());
  ASSERT_TRUE(files_->Write("f", "2", WriteHow::Append).ok());
  EXPECT_EQ(files_->Read("f", 10)->bytes, "12");
  chmod((base_ / "root/f").c_str(), 0711);
  ASSERT_TRUE(files_->Write("f", "3", WriteHow::Replace).ok());
  EXPECT_EQ(files_->Read("f", 10)->bytes, "3");
  EXPECT_TRUE(files_->Inspect("f")->is_executable);
}

TEST_F(PosixFilesTest, ListsAreSortedAndLeaveNothingBehind) {
  ASSERT_TRUE(files_->Write("b", "12", WriteHow::Replace).ok());
  ASSERT_TRUE(files_->Write("a/x", "", WriteHow::Create).ok());
  Link("b", "c");
  auto entries = files_->List(".", 10);
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ((*entries)[0].kind, EntryKind::Folder);
  EXPECT_EQ((*entries)[1].size, 2U);
  EXPECT_EQ((*entries)[2].kind, EntryKind::Link);
  EXPECT_EQ(files_->List(".", 2).error().kind, Kind::TooLarge);
  EXPECT_EQ(files_->List("a", 10)->size(), 1U);
}

TEST_F(PosixFilesTest, AFullDeviceIsNoSpace) {
  auto device = OpenFiles("/dev");
  ASSERT_TRUE(device.ok());
  // /dev/full is not a regular file, so it is refused before it can be full.
  EXPECT_EQ((*device)->Write("full", "x", WriteHow::Append).error().kind, Kind::WrongKind);
}

TEST_F(PosixFilesTest, RemovedFilesAreGone) {
  ASSERT_TRUE(files_->Write("f", "1", WriteHow::Create).ok());
  ASSERT_TRUE(files_->Remove("f").ok());
  EXPECT_EQ(files_->Remove("f").error().kind, Kind::NotFound);
}

TEST_F(PosixFilesTest, FoldersOpenAsDescriptors) {
  ASSERT_TRUE(files_->MakeFolder("x/y").ok());
  EXPECT_TRUE(files_->OpenFolder("x/y")->is_open());
  EXPECT_TRUE(files_->OpenFolder(".")->is_open());
  EXPECT_EQ(files_->OpenFolder("..").error().kind, Kind::Escapes);
}

}  // namespace
}  // namespace wfc::files
