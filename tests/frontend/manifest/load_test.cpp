// Which files a path means, in real folders.
#include "frontend/manifest/load.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wfc::manifest {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LoadProjectTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "wfc_load_XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    before_ = fs::current_path();
  }
  void TearDown() override {
    fs::current_path(before_);
    fs::remove_all(root_);
  }

  void Write(const std::string& path, std::string_view text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  void WriteProject() {
    Write("p/wfc.yaml", "wfc: 1\n");
    Write("p/workflows/b.yaml", "workflow: b\nstages: {x: {transform: 1}}\n");
    Write("p/workflows/a.yml", "workflow: a\nstages: {x: {transform: 1}}\n");
    Write("p/workflows/.hidden.yaml", "nothing: here\n");
    Write("p/workflows/notes.md", "# nothing\n");
    Write("p/agents.json", "{\"agents\": {\"e\": {\"kind\": \"echo\"}}}");
    Write("p/schemas/plan.json", "{}");
    Write("p/answers.yaml", "no: manifest\n");
  }
  LoadResult Load(const std::string& path) {
    sources_ = SourceMap();
    sink_ = diag::Sink();
    syntax_ = Syntax();
    return LoadProject({.path = path}, sources_, sink_, syntax_);
  }
  [[nodiscard]] std::vector<std::string> Paths() const {
    std::vector<std::string> out;
    for (const FileId file : sources_.file_ids()) out.emplace_back(sources_.path(file));
    return out;
  }

  fs::path root_;
  fs::path before_;
  SourceMap sources_;
  diag::Sink sink_;
  Syntax syntax_;
};

TEST_F(LoadProjectTest, ReadsAllManifestsOfAFolder) {
  WriteProject();
  fs::current_path(root_);
  EXPECT_EQ(Load("p").status, LoadStatus::Done);
  EXPECT_THAT(Paths(), ElementsAre("p/agents.json", "p/schemas/plan.json", "p/wfc.yaml",
                                   "p/workflows/a.yml", "p/workflows/b.yaml"));
  EXPECT_TRUE(sink_.diagnostics().empty());
  EXPECT_EQ(syntax_.folder, "p");
  EXPECT_EQ(syntax_.project.workflows.range.count, 2u);
}

TEST_F(LoadProjectTest, TakesTheRootFileOrAnyManifest) {
  WriteProject();
  fs::current_path(root_);
  for (const char* path : {"p/", "p/wfc.yaml", "p/workflows/b.yaml", "p/schemas/plan.json"}) {
    EXPECT_EQ(Load(path).status, LoadStatus::Done) << path;
    EXPECT_EQ(Paths().size(), 5u) << path;
    EXPECT_EQ(syntax_.folder, "p") << path;
  }
}

TEST_F(LoadProjectTest, WalksUpWithoutAPath) {
  WriteProject();
  fs::current_path(root_ / "p");
  EXPECT_EQ(Load("").status, LoadStatus::Done);
  EXPECT_EQ(Paths()[2], "wfc.yaml");
  fs::create_directories(root_ / "p/src/deep");
  fs::current_path(root_ / "p/src/deep");
  EXPECT_EQ(Load("").status, LoadStatus::Done);
  EXPECT_EQ(Paths()[2], "../../wfc.yaml");
  fs::current_path(root_ / "p/workflows");
  EXPECT_EQ(Load("b.yaml").status, LoadStatus::Done);
  EXPECT_EQ(Paths()[2], "../wfc.yaml");
}

TEST_F(LoadProjectTest, SaysWhatIsNotThere) {
  WriteProject();
  fs::create_directories(root_ / "empty");
  const LoadResult missing = Load((root_ / "nowhere").string());
  EXPECT_EQ(missing.status, LoadStatus::Unreadable);
  EXPECT_THAT(missing.message, HasSubstr("no such file or folder"));
  EXPECT_EQ(Load((root_ / "empty").string()).status, LoadStatus::NothingToCheck);
  const LoadResult other = Load((root_ / "p/answers.yaml").string());
  EXPECT_EQ(other.status, LoadStatus::Unreadable);
  EXPECT_THAT(other.message, HasSubstr("no manifest of the project"));
}

TEST_F(LoadProjectTest, AProjectWithoutAWorkflowIsNothingToCheck) {
  Write("q/wfc.yaml", "wfc: 1\n");
  EXPECT_EQ(Load((root_ / "q").string()).status, LoadStatus::NothingToCheck);
  Write("q/wfc.yaml", "wfc: 1\nworkflows: {w: [}\n");
  EXPECT_EQ(Load((root_ / "q").string()).status, LoadStatus::Done) << "its findings are shown";
}

TEST_F(LoadProjectTest, OneThatIsTooBigIsAFinding) {
  Write("r/wfc.yaml", std::string((16 << 20) + 10, ' '));
  EXPECT_EQ(Load((root_ / "r").string()).status, LoadStatus::Done);
  ASSERT_FALSE(sink_.diagnostics().empty());
  EXPECT_EQ(sink_.diagnostics()[0].code, diag::FindCode("Y007"));
}

}  // namespace
}  // namespace wfc::manifest
