// Which files a path means, in real folders.
#include "frontend/manifest/load.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/files/project_folder.h"

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
  /// Fills the members; why not, if it fails.
  std::optional<LoadFailure> Load(const std::string& path) {
    sources_ = SourceMap();
    sink_ = diag::Sink();
    const auto found = FindProject(path);
    if (!found) return found.error();
    auto folder = files::ProjectFolder::Open(found->folder, files::Outside::Refuse);
    EXPECT_TRUE(folder.ok()) << path;
    auto files = std::make_unique<files::ProjectFolder>(std::move(*folder));
    auto syntax = LoadProject(std::move(files), found->named, sources_, sink_);
    if (!syntax) return syntax.error();
    syntax_ = std::move(*syntax);
    return std::nullopt;
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
  EXPECT_FALSE(Load("p").has_value());
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
    EXPECT_FALSE(Load(path).has_value()) << path;
    EXPECT_EQ(Paths().size(), 5u) << path;
    EXPECT_EQ(syntax_.folder, "p") << path;
  }
}

TEST_F(LoadProjectTest, WalksUpWithoutAPath) {
  WriteProject();
  fs::current_path(root_ / "p");
  EXPECT_FALSE(Load("").has_value());
  EXPECT_EQ(Paths()[2], "wfc.yaml");
  fs::create_directories(root_ / "p/src/deep");
  fs::current_path(root_ / "p/src/deep");
  EXPECT_FALSE(Load("").has_value());
  EXPECT_EQ(Paths()[2], "../../wfc.yaml");
  fs::current_path(root_ / "p/workflows");
  EXPECT_FALSE(Load("b.yaml").has_value());
  EXPECT_EQ(Paths()[2], "../wfc.yaml");
}

TEST_F(LoadProjectTest, SaysWhatIsNotThere) {
  WriteProject();
  fs::create_directories(root_ / "empty");
  const LoadFailure missing = Load((root_ / "nowhere").string()).value();
  EXPECT_EQ(missing.reason, LoadFailure::Reason::Unreadable);
  EXPECT_THAT(missing.message, HasSubstr("no such file or folder"));
  EXPECT_EQ(Load((root_ / "empty").string()).value().reason, LoadFailure::Reason::NothingToCheck);
  const LoadFailure other = Load((root_ / "p/answers.yaml").string()).value();
  EXPECT_EQ(other.reason, LoadFailure::Reason::Unreadable);
  EXPECT_THAT(other.message, HasSubstr("is not a manifest of the project"));
}

TEST_F(LoadProjectTest, AProjectWithoutAWorkflowIsNothingToCheck) {
  Write("q/wfc.yaml", "wfc: 1\n");
  EXPECT_EQ(Load((root_ / "q").string()).value().reason, LoadFailure::Reason::NothingToCheck);
  Write("q/wfc.yaml", "wfc: 1\nworkflows: {w: [}\n");
  EXPECT_FALSE(Load((root_ / "q").string()).has_value()) << "its findings are shown";
}

TEST_F(LoadProjectTest, OneThatIsTooBigIsAFinding) {
  Write("r/wfc.yaml", std::string((16 << 20) + 10, ' '));
  EXPECT_FALSE(Load((root_ / "r").string()).has_value());
  ASSERT_FALSE(sink_.diagnostics().empty());
  EXPECT_EQ(sink_.diagnostics()[0].code, diag::FindCode("Y007"));
}

}  // namespace
}  // namespace wfc::manifest
