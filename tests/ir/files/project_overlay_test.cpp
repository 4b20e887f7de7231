#include "ir/files/project_overlay.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/files/project_folder.h"

namespace wfc::files {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

class ProjectOverlayTest : public testing::Test {
 protected:
  ProjectOverlayTest() {
    std::string pattern = (fs::temp_directory_path() / "wfc_overlay_XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    fs::create_directories(folder_ / "workflows");
    std::ofstream(folder_ / "wfc.yaml") << "wfc: 1\n";
    std::ofstream(folder_ / "workflows/a.yaml") << "workflow: a\n";
  }
  ~ProjectOverlayTest() override { fs::remove_all(folder_); }

  [[nodiscard]] ProjectOverlay Over(Texts texts) const {
    return {
        std::make_unique<ProjectFolder>(*ProjectFolder::Open(folder_.string(), Outside::Refuse)),
        std::move(texts)};
  }
  static std::vector<std::string> Names(ProjectFiles& files, std::string_view path) {
    std::vector<std::string> names;
    const Result<std::vector<FolderEntry>> entries = files.List(path);
    for (const FolderEntry& entry : *entries) {
      names.push_back(entry.kind == EntryKind::Folder ? entry.name + "/" : entry.name);
    }
    return names;
  }

  fs::path folder_;
};

TEST_F(ProjectOverlayTest, ATextStandsInForTheFileAndNothingIsWritten) {
  ProjectOverlay files = Over({{"wfc.yaml", "wfc: 2\n"}});
  EXPECT_EQ(files.Read("wfc.yaml", 100)->bytes, "wfc: 2\n");
  EXPECT_EQ(files.Read("workflows/a.yaml", 100)->bytes, "workflow: a\n");
  EXPECT_EQ(files.Read("wfc.yaml", 3)->bytes, "wfc");
  EXPECT_TRUE(files.Read("wfc.yaml", 3)->is_truncated);
  EXPECT_FALSE(files.Read("nowhere.yaml", 100).ok());
  EXPECT_EQ(files.path(), folder_.string());
  std::string on_disk;
  std::getline(std::ifstream(folder_ / "wfc.yaml"), on_disk);
  EXPECT_EQ(on_disk, "wfc: 1");
}

TEST_F(ProjectOverlayTest, FilesThatAreNotThereAreListedInOrder) {
  ProjectOverlay files = Over({{"workflows/0.yaml", ""},
                               {"workflows/a.yaml", ""},
                               {"workflows/deep/x.yaml", ""},
                               {"agents/b.yaml", ""},
                               {"workflowsx/c.yaml", ""}});
  EXPECT_THAT(Names(files, "workflows"), ElementsAre("0.yaml", "a.yaml", "deep/"));
  EXPECT_THAT(Names(files, "agents"), ElementsAre("b.yaml"));
  EXPECT_THAT(Names(files, "."), ElementsAre("agents/", "wfc.yaml", "workflows/", "workflowsx/"));
  EXPECT_TRUE(files.HasFile("agents/b.yaml"));
  EXPECT_TRUE(files.HasFile("wfc.yaml"));
  EXPECT_FALSE(files.HasFile("agents"));
}

TEST_F(ProjectOverlayTest, OnlyWhatHasNoOtherTextIsRewritten) {
  ProjectOverlay files = Over({{"wfc.yaml", "wfc: 2\n"}});
  EXPECT_FALSE(files.Rewrite("wfc.yaml", "wfc: 2\n", "wfc: 3\n").ok());
  EXPECT_TRUE(files.Rewrite("workflows/a.yaml", "workflow: a\n", "workflow: b\n").ok());
  EXPECT_EQ(files.Read("workflows/a.yaml", 100)->bytes, "workflow: b\n");
}

}  // namespace
}  // namespace wfc::files
