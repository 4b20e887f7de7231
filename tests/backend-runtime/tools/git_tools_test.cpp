#include "backend-runtime/tools/git_tools.h"

#include <algorithm>
#include <deque>
#include <optional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/host/simulated_host.h"
#include "backend-runtime/tools/builtin_runner.h"
#include "backend-runtime/tools/git_command.h"
#include "ir/value/json.h"
#include "tests/backend-runtime/tools/test_authority.h"

namespace wfc::tools {
namespace {

using host::ProcessSpec;
using host::ScriptedProcess;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TEST(GitCommand, TheEnvironmentNamesTheFoldersAndNoSettingsOfAnybody) {
  const auto environment = GitEnvironment(
      {.git = "/tmp/x", .objects = "/w/.git/objects", .work_tree = "/w"}, "/usr/bin");
  for (const char* variable :
       {"GIT_DIR=/tmp/x", "GIT_OBJECT_DIRECTORY=/w/.git/objects", "GIT_WORK_TREE=/w",
        "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_ATTR_NOSYSTEM=1"}) {
    EXPECT_THAT(environment, Contains(variable));
  }
}

TEST(GitCommand, APathIsSeenFromTheRoot) {
  EXPECT_EQ(PathFrom(".", "a/b"), "a/b");
  EXPECT_EQ(PathFrom("x/y", "x/y/z"), "../../x/y/z");
  EXPECT_EQ(PathFrom("x", "."), "../");
}

constexpr BuiltinTool kGitDiff = BuiltinTool::GitDiff;
constexpr BuiltinTool kGitLog = BuiltinTool::GitLog;

class GitToolsTest : public testing::Test, protected runtime::CallSink {
 protected:
  GitToolsTest()
      : executables_(host_,
                     [this](const std::string&) -> Result<Executable> {
                       if (!has_git_) return Error{"there is no program `git`"};
                       return Executable{.path = "/usr/bin/git", .sha256 = ""};
                     }),
        runner_({.reactor = host_,
                 .processes = host_,
                 .workspace = host_.files(),
                 .executables = executables_,
                 .search_path = "/usr/bin"}) {
    Add("sub/file", "");
    Add(".git/HEAD", "ref: refs/heads/main\n");
    Add(".git/refs/heads/main", std::string(40, '1'));
    Add(".git/objects/pack/x.pack", "");
    Add(".git/index", "");
    host_.set_process_script([this](const ProcessSpec& spec) {
      specs_.push_back(spec);
      const ScriptedProcess next = script_.empty() ? ScriptedProcess{} : script_.front();
      if (!script_.empty()) script_.pop_front();
      return next;
    });
  }

  void Add(std::string_view path, std::string_view text) {
    EXPECT_TRUE(host_.files().Write(path, text, host::WriteHow::Replace).ok());
  }

  void Transcribe(runtime::CallId, Value line) override {
    ADD_FAILURE() << "a built-in tool has no transcript: " << WriteJson(line);
  }
  void Ended(runtime::CallId, runtime::CallResult result) override {
    result_ = std::move(result);
    host_.Stop();
  }

  std::string Run(BuiltinTool builtin, std::string_view with) {
    runner_.Start(
        {.id = {.sequence = 1},
         .site = {.node = plan::NodeId(1), .attempt = 1, .stage = "stage"},
         .authority = &authority_.get(),
         .target = runtime::BuiltinCall{.builtin = builtin, .arguments = *ReadJson(with)}},
        *this);
    EXPECT_FALSE(result_);
    host_.Run();
    if (!result_) return "(never)";
    return result_->failure
               ? std::string(Spell(result_->failure->code)) + ": " + result_->failure->message
               : WriteJson(result_->output);
  }
  /// The arguments of the last call after the common ones.
  std::vector<std::string> LastArguments() const {
    return {specs_.back().argv.begin() + 2, specs_.back().argv.end()};
  }

  host::SimulatedHost host_{1};
  TestAuthority authority_{{{Capability::FsRead, "**"}}, {{Capability::FsRead, "**/secret"}}};
  bool has_git_ = true;
  Executables executables_;
  BuiltinRunner runner_;
  std::deque<ScriptedProcess> script_;
  std::vector<ProcessSpec> specs_;
  std::optional<runtime::CallResult> result_;
};

TEST_F(GitToolsTest, ALogAsksForItsRootAndPath) {
  script_.push_back({.stdout_bytes = "abc\x1f"
                                     "Ann\x1f"
                                     "2026\x1fsubject"});
  EXPECT_EQ(Run(kGitLog, R"({"root":"sub","path":"sub/x","max":3})"),
            R"({"commits":[{"author":"Ann","date":"2026","sha":"abc","subject":"subject"}]})");
  const std::vector<std::string> arguments = LastArguments();
  EXPECT_EQ(arguments[0], "log");
  EXPECT_EQ(std::vector<std::string>(arguments.end() - 4, arguments.end()),
            (std::vector<std::string>{"-n", "3", "--", "../sub/x"}));
}

TEST_F(GitToolsTest, ALogOfTheTopAsksForNoPath) {
  EXPECT_EQ(Run(kGitLog, "{}"), R"({"commits":[]})");
  EXPECT_EQ(LastArguments().back(), "--");
  result_.reset();
  EXPECT_EQ(Run(kGitLog, R"({"root":"sub"})"), R"({"commits":[]})");
  EXPECT_EQ(LastArguments().back(), ".");
}

TEST_F(GitToolsTest, GitGetsAFolderOfItsOwnAndLimits) {
  EXPECT_EQ(Run(kGitLog, "{}"), R"({"commits":[]})");
  EXPECT_THAT(specs_.back().environment, Contains(HasSubstr("GIT_DIR=/")));
  EXPECT_THAT(specs_.back().environment, Not(Contains(HasSubstr("GIT_DIR=/simulated"))));
  EXPECT_THAT(specs_.back().environment, Contains("GIT_OBJECT_DIRECTORY=/simulated/.git/objects"));
  EXPECT_GT(specs_.back().limits.data_bytes, 0u);
  EXPECT_GT(specs_.back().limits.cpu_seconds, 0u);
  EXPECT_GT(specs_.back().deadline, 0);
}

TEST_F(GitToolsTest, GitsWordsAreTheFailure) {
  script_ = {{.exit_code = 128, .stderr_bytes = "fatal: bad object\nmore"}};
  EXPECT_EQ(Run(kGitLog, "{}"), "exit: git: fatal: bad object");
  EXPECT_EQ(WriteJson(result_->failure->details), R"({"exit":128})");
}

TEST_F(GitToolsTest, ACallThatTakesTooLongIsEnded) {
  script_ = {{.duration = 2 * GitDeadline()}};
  EXPECT_EQ(Run(kGitLog, "{}"), "timeout: git took longer than 300 seconds");
}

TEST_F(GitToolsTest, ARepositoryOutsideTheWorkspaceIsDenied) {
  Add("sub/.git", "gitdir: /elsewhere/.git\n");
  EXPECT_EQ(Run(kGitLog, R"({"root":"sub"})"),
            "denied: the repository of `sub` is outside the workspace: /elsewhere/.git");
  EXPECT_TRUE(specs_.empty());
}

TEST_F(GitToolsTest, ANameThatNoWorkTreeHasIsDenied) {
  for (const char* name :
       {"../k", "/etc/passwd", "a/../../k", ".git/config", "sub/.git/x", "a//b"}) {
    result_.reset();
    script_ = {
        {.stdout_bytes = fmt::format(":000000 100644 a b A\t{}\n\ndiff --git a/k b/k\n", name)}};
    EXPECT_THAT(Run(kGitDiff, R"({"base":"main","root":"sub"})"), testing::StartsWith("denied: "))
        << name;
  }
}

TEST_F(GitToolsTest, ADiffIsTakenFromTheMergeBase) {
  script_.push_back({.stdout_bytes = ":100644 100644 a b M\tmain.c\n"
                                     ":100644 100644 a b R90\told\tnew\n"
                                     ":100644 100644 a b M\tsecret\n"
                                     ":100644 100644 a b R90\tsecret\tshown\n\n"
                                     "diff --git a/main.c b/main.c\n"
                                     "diff --git a/old b/new\n"
                                     "diff --git a/secret b/secret\n"
                                     "diff --git a/secret b/shown\n"});
  EXPECT_EQ(
      Run(kGitDiff, R"({"base":"main","root":"sub"})"),
      R"({"files":[{"patch":"diff --git a/main.c b/main.c\n","path":"sub/main.c","status":"modified"},)"
      R"({"old_path":"sub/old","patch":"diff --git a/old b/new\n","path":"sub/new","status":"renamed"}]})");
  const std::vector<std::string> arguments = LastArguments();
  EXPECT_EQ(arguments[0], "diff");
  EXPECT_THAT(arguments, Contains("--merge-base"));
  EXPECT_THAT(arguments, Contains("--no-ext-diff"));
  EXPECT_THAT(arguments, Contains("--no-textconv"));
  EXPECT_EQ(std::vector<std::string>(arguments.end() - 3, arguments.end()),
            (std::vector<std::string>{"main^{commit}", "--", "."}));
}

TEST_F(GitToolsTest, ABaseThatIsAnOptionIsRefused) {
  EXPECT_EQ(Run(kGitDiff, R"({"base":"--output=x"})"),
            "schema: the argument `base` is not a commit");
  EXPECT_TRUE(specs_.empty());
}

TEST_F(GitToolsTest, AnEmptyBaseIsRefused) {
  EXPECT_EQ(Run(kGitDiff, R"({"base":" \n"})"),
            "schema: the argument `base` is empty; name a commit, such as `HEAD`");
  EXPECT_TRUE(specs_.empty());
}

TEST_F(GitToolsTest, ADiffNeedsItsBase) {
  EXPECT_EQ(Run(kGitDiff, "{}"), "schema: the argument `base` is missing");
}

TEST_F(GitToolsTest, WithoutGitItIsAnIoFailure) {
  has_git_ = false;
  EXPECT_EQ(Run(kGitLog, "{}"), "io: there is no program `git`");
}

TEST_F(GitToolsTest, ADeniedRootIsNotAsked) {
  EXPECT_EQ(Run(kGitLog, R"({"root":"a/secret"})"), "denied: fs.read of `a/secret` is not allowed");
  EXPECT_TRUE(specs_.empty());
}

TEST_F(GitToolsTest, ACancelledCallIsCancelled) {
  script_ = {{.duration = 60 * kNsPerSecond}};
  host_.StartTimer(host_.clock().Now() + kNsPerSecond,
                   [this] { EXPECT_TRUE(runner_.Cancel({.sequence = 1})); });
  EXPECT_THAT(Run(kGitLog, "{}"), testing::StartsWith("cancelled: "));
}

TEST_F(GitToolsTest, EchoGivesItsInputBack) {
  EXPECT_EQ(Run(BuiltinTool::Echo, R"({"a":[1]})"), R"({"a":[1]})");
}

}  // namespace
}  // namespace wfc::tools
