#include "backend-runtime/tools/command_runner.h"

#include <algorithm>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/host/simulated_host.h"
#include "ir/value/json.h"
#include "tests/backend-runtime/tools/test_authority.h"

namespace wfc::tools {
namespace {

using host::ProcessSpec;
using host::ScriptedProcess;
using runtime::CommandCall;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class CommandRunnerTest : public testing::Test, protected runtime::CallSink {
 protected:
  CommandRunnerTest()
      : executables_(host_,
                     [this](const std::string& name) -> Result<Executable> {
                       ++lookups_;
                       if (name == "missing") return Error{"there is no program `missing`"};
                       return Executable{.path = "/usr/bin/" + name, .sha256 = "digest"};
                     }),
        runner_({.reactor = host_,
                 .processes = host_,
                 .workspace = host_.files(),
                 .executables = executables_,
                 .search_path = "/usr/bin",
                 .run_id = "run"}) {
    EXPECT_TRUE(host_.files().MakeFolder("sub").ok());
    host_.set_process_script([this](const ProcessSpec& spec) {
      spec_ = spec;
      return script_;
    });
  }

  void Transcribe(runtime::CallId, Value line) override { lines_.push_back(std::move(line)); }
  void Ended(runtime::CallId, runtime::CallResult result) override {
    result_ = std::move(result);
    host_.Stop();
  }

  CommandCall Request(std::vector<std::string> argv) {
    return {.argv = std::move(argv),
            .cwd = "",
            .environment = {{"A", "1"}},
            .stdin_bytes = std::nullopt,
            .ok_exit = {0}};
  }
  runtime::Call MakeCall(CommandCall command) {
    return {.id = {.sequence = 1},
            .site = {.node = plan::NodeId(1), .attempt = 1, .stage = "stage"},
            .authority = &authority_.get(),
            .target = std::move(command)};
  }
  const runtime::CallResult& Run(CommandCall command) {
    runner_.Start(MakeCall(std::move(command)), *this);
    EXPECT_FALSE(result_) << "completed from within Start";
    host_.Run();
    EXPECT_TRUE(result_);
    return *result_;
  }

  host::SimulatedHost host_{1};
  std::vector<Value> lines_;
  TestAuthority authority_{{{Capability::Exec, "tool"}, {Capability::Exec, "missing"}}};
  int lookups_ = 0;
  Executables executables_;
  CommandRunner runner_;
  ScriptedProcess script_;
  ProcessSpec spec_;
  std::optional<runtime::CallResult> result_;
};

TEST_F(CommandRunnerTest, AProgramGetsItsArgvAndOnlyItsEnvironment) {
  script_.stdout_bytes = "out";
  script_.stderr_bytes = "err";
  const auto& result = Run(Request({"tool", "a b"}));
  ASSERT_FALSE(result.failure) << result.failure->message;
  EXPECT_EQ(result.output.AsString(), "out");
  EXPECT_EQ(result.exit, 0);
  EXPECT_EQ(result.stderr_text, "err");
  EXPECT_EQ(spec_.executable, "/usr/bin/tool");
  EXPECT_THAT(spec_.argv, ElementsAre("tool", "a b"));
  EXPECT_THAT(spec_.environment,
              ElementsAre("A=1", "PATH=/usr/bin", "WFC_CALL=run/1/unkeyed/stage"));
  EXPECT_FALSE(spec_.stdin_bytes);
}

TEST_F(CommandRunnerTest, APathOfItsOwnIsKept) {
  CommandCall request = Request({"tool"});
  request.environment = {{"PATH", "/own"}, {"WFC_CALL", "other"}};
  Run(std::move(request));
  EXPECT_THAT(spec_.environment, ElementsAre("PATH=/own", "WFC_CALL=run/1/unkeyed/stage"));
}

TEST_F(CommandRunnerTest, WhatIsNotGrantedIsNotStarted) {
  const auto& result = Run(Request({"rm", "-rf"}));
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->code, FailureCode::Denied);
  EXPECT_TRUE(spec_.executable.empty());
  EXPECT_EQ(authority_.decisions().size(), 1u);
}

TEST_F(CommandRunnerTest, AProgramThatIsNotThereIsAnIoFailure) {
  const auto& result = Run(Request({"missing"}));
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->code, FailureCode::Io);
  EXPECT_EQ(result.failure->message, "there is no program `missing`");
}

TEST_F(CommandRunnerTest, AProgramThatCannotStartIsAnIoFailure) {
  script_.cannot_start =
      host::SpawnError{.kind = host::SpawnError::Kind::Permission, .message = "no"};
  const auto& result = Run(Request({"tool"}));
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->code, FailureCode::Io);
}

TEST_F(CommandRunnerTest, AnExitThatIsNotOkIsAnExitFailure) {
  script_.exit_code = 3;
  script_.stderr_bytes = "first\nno such thing\n";
  const auto& result = Run(Request({"tool"}));
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->code, FailureCode::Exit);
  EXPECT_EQ(result.failure->message, "`tool` exited with 3: first no such thing");
  EXPECT_EQ(WriteJson(result.failure->details), R"({"exit":3})");
  EXPECT_EQ(result.exit, 3);
}

TEST_F(CommandRunnerTest, AFailureShowsTheEndOfTheOutputInWholeLines) {
  script_.exit_code = 1;
  for (int line = 0; line < 100; ++line)
    script_.stdout_bytes += "line " + std::to_string(line) + "\n";
  script_.stderr_bytes = std::string(390, 'x') + " end\nlast words\n";
  const auto& result = Run(Request({"tool"}));
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->message, "`tool` exited with 1: … last words");
  EXPECT_TRUE(result.failure->printed.starts_with("stdout: … (more before)\nstdout: line 80\n"))
      << result.failure->printed;
  EXPECT_TRUE(result.failure->printed.ends_with(" end\nstderr: last words\n"))
      << result.failure->printed;
}

TEST_F(CommandRunnerTest, AnExitMayBeDeclaredOk) {
  script_.exit_code = 1;
  CommandCall request = Request({"tool"});
  request.ok_exit = {0, 1};
  EXPECT_FALSE(Run(std::move(request)).failure);
}

TEST_F(CommandRunnerTest, TooMuchOutputIsAnIoFailure) {
  script_.stdout_bytes = std::string(100, 'x');
  CommandCall request = Request({"tool"});
  request.stdout_limit = 99;
  const auto& result = Run(std::move(request));
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->code, FailureCode::Io);
  EXPECT_EQ(result.failure->message,
            "`tool` printed more than 99 bytes; `limits: {stdout: SIZE}` allows more");
}

TEST_F(CommandRunnerTest, OutputThatCannotBeReadIsASchemaFailure) {
  script_.stdout_bytes = "not json";
  CommandCall request = Request({"tool"});
  request.parse = OutputParse::Json;
  const auto& result = Run(std::move(request));
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->code, FailureCode::Schema);
  EXPECT_EQ(result.stdout_text, "not json");
}

TEST_F(CommandRunnerTest, AnAgentsAnswerIsReadByItsSchemaWithoutTheLastLineBreak) {
  script_.stdout_bytes = "text\n";
  CommandCall request = Request({"tool"});
  request.read_answer = [](std::string_view text) -> Result<Value> {
    return Value::String("read " + std::string(text));
  };
  EXPECT_EQ(Run(std::move(request)).output.AsString(), "read text");
}

TEST_F(CommandRunnerTest, AnAgentsAnswerThatDoesNotFitIsASchemaFailure) {
  script_.stdout_bytes = "bad";
  CommandCall request = Request({"tool"});
  request.read_answer = [](std::string_view) -> Result<Value> { return Error{"does not fit"}; };
  const auto& result = Run(std::move(request));
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->code, FailureCode::Schema);
}

TEST_F(CommandRunnerTest, ACancelledProgramIsCancelled) {
  script_.duration = 60 * kNsPerSecond;
  host_.StartTimer(host_.clock().Now() + kNsPerSecond,
                   [this] { EXPECT_TRUE(runner_.Cancel({.sequence = 1})); });
  const auto& result = Run(Request({"tool"}));
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->code, FailureCode::Cancelled);
  EXPECT_FALSE(runner_.Cancel({.sequence = 1}));
}

TEST_F(CommandRunnerTest, AProgramCancelledBeforeItIsFoundNeverStarts) {
  runner_.Start(MakeCall(Request({"tool"})), *this);
  EXPECT_TRUE(runner_.Cancel({.sequence = 1}));
  host_.Run();
  ASSERT_TRUE(result_);
  EXPECT_EQ(result_->failure->code, FailureCode::Cancelled);
  EXPECT_TRUE(spec_.executable.empty());
}

TEST_F(CommandRunnerTest, AProgramIsLookedUpOnce) {
  Run(Request({"tool"}));
  result_.reset();
  Run(Request({"tool"}));
  EXPECT_EQ(lookups_, 1);
}

TEST_F(CommandRunnerTest, WordsTheKernelCannotTakeAreRefused) {
  EXPECT_EQ(Run(Request({"tool", std::string("a\0b", 3)})).failure->code, FailureCode::Io);
  result_.reset();
  CommandCall request = Request({"tool"});
  request.environment = {{"A=B", ""}};
  EXPECT_EQ(Run(std::move(request)).failure->code, FailureCode::Io);
}

TEST_F(CommandRunnerTest, AFolderOutsideTheWorkspaceIsDenied) {
  CommandCall request = Request({"tool"});
  request.cwd = "../x";
  EXPECT_EQ(Run(std::move(request)).failure->code, FailureCode::Denied);
}

TEST_F(CommandRunnerTest, TheTranscriptSaysWhichProgramDidWhat) {
  script_.exit_code = 2;
  script_.stdout_bytes = "o";
  Run(Request({"tool", "x"}));
  ASSERT_EQ(lines_.size(), 1u);
  const std::string line = WriteJson(lines_[0]);
  EXPECT_THAT(line, HasSubstr(R"("argv":["tool","x"])"));
  EXPECT_THAT(line, HasSubstr(R"("executable":"/usr/bin/tool")"));
  EXPECT_THAT(line, HasSubstr(R"("sha256":"digest")"));
  EXPECT_THAT(line, HasSubstr(R"("exit":2)"));
}

}  // namespace
}  // namespace wfc::tools
