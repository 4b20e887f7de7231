#include "backend-runtime/host/posix_host.h"

#include <csignal>
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "backend-runtime/host/sha256.h"

namespace wfc::host {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PosixHostTest : public ::testing::Test {
 protected:
  PosixHostTest() : host_(*MakePosixHost()) {}

  static ProcessSpec Shell(const std::string& script) {
    return {.executable = "/bin/sh", .argv = {"sh", "-c", script}, .environment = {"A=1"}};
  }
  ProcessResult RunToEnd(ProcessSpec spec) {
    ProcessResult result;
    auto started = host_->processes().Start(
        std::move(spec), [&](ProcessResult ended) { result = std::move(ended); });
    EXPECT_TRUE(started.ok());
    host_->reactor().Run();
    return result;
  }
  [[nodiscard]] int64_t Now() const { return host_->reactor().clock().Now(); }

  std::unique_ptr<PosixHost> host_;
};

TEST_F(PosixHostTest, AChildGetsItsInputAndGivesItsOutput) {
  ProcessSpec spec = Shell("cat; echo $A >&2; exit 3");
  spec.stdin_bytes = std::string(300'000, 'x');
  const ProcessResult result = RunToEnd(spec);
  EXPECT_EQ(result.end, ProcessEnd::Itself);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.stdout_bytes, *spec.stdin_bytes);
  EXPECT_EQ(result.stderr_bytes, "1\n");
}

TEST_F(PosixHostTest, AChildHasNothingThatItWasNotGiven) {
  const ProcessResult result = RunToEnd(Shell("ls /proc/self/fd | wc -l; env | grep -v PWD; cat"));
  // 0, 1, 2 and the one that `ls` lists with.
  EXPECT_THAT(result.stdout_bytes, HasSubstr("4\n"));
  EXPECT_THAT(result.stdout_bytes, HasSubstr("A=1\n"));
  EXPECT_THAT(result.stdout_bytes, ::testing::Not(HasSubstr("HOME")));
}

TEST_F(PosixHostTest, AChildThatDoesNotReadItsInputIsNoError) {
  ProcessSpec spec = Shell("exec 0<&-; exit 0");
  spec.stdin_bytes = std::string(1 << 20, 'x');
  EXPECT_EQ(RunToEnd(spec).exit_code, 0);
}

TEST_F(PosixHostTest, TooMuchOutputEndsTheChild) {
  ProcessSpec spec = Shell("yes");
  spec.stdout_limit = 1000;
  const ProcessResult result = RunToEnd(spec);
  EXPECT_EQ(result.end, ProcessEnd::OutputLimit);
  EXPECT_EQ(result.stdout_bytes.size(), 1000U);
  ProcessSpec brief = Shell("echo 12345");
  brief.stdout_limit = 5;
  EXPECT_EQ(RunToEnd(brief).end, ProcessEnd::OutputLimit);
  brief.stdout_limit = 6;
  EXPECT_EQ(RunToEnd(brief).end, ProcessEnd::Itself);
}

TEST_F(PosixHostTest, TooManyErrorsAreCut) {
  ProcessSpec spec = Shell("head -c 100000 /dev/zero >&2");
  spec.stderr_limit = 10;
  const ProcessResult result = RunToEnd(spec);
  EXPECT_EQ(result.end, ProcessEnd::Itself);
  EXPECT_EQ(result.stderr_bytes.size(), 10U);
  EXPECT_TRUE(result.is_stderr_cut);
}

TEST_F(PosixHostTest, ADeadlineEndsTheWholeGroup) {
  ProcessSpec spec = Shell("sleep 100 & sleep 100");
  spec.deadline = Now() + 20 * kNsPerMs;
  const ProcessResult result = RunToEnd(spec);
  EXPECT_EQ(result.end, ProcessEnd::Deadline);
  EXPECT_EQ(result.signal, SIGTERM);
}

TEST_F(PosixHostTest, WhatAChildLeavesBehindEndsWithIt) {
  // The background process holds the pipe open; the result does not wait for it.
  const ProcessResult result = RunToEnd(Shell("sleep 100 & echo done"));
  EXPECT_EQ(result.stdout_bytes, "done\n");
  EXPECT_LT(result.duration, 50 * kNsPerSecond);
}

/// The process that the command left behind tells its number; whether it is gone.
bool IsGone(const std::string& pid_text) {
  return kill(std::stoi(pid_text), 0) != 0 && errno == ESRCH;
}

TEST_F(PosixHostTest, WhatLeavesTheGroupAndTheSessionEndsWithTheChild) {
  // Orphaned, in a session of its own, and without our pipes but for the word that it runs.
  const ProcessResult result = RunToEnd(
      Shell("word=$( (setsid sh -c 'echo $$; exec sleep 100 > /dev/null 2>&1' &) ); echo $word"));
  ASSERT_FALSE(result.stdout_bytes.empty());
  EXPECT_TRUE(IsGone(result.stdout_bytes));
}

TEST_F(PosixHostTest, ADeadlineReachesWhatHasASessionOfItsOwn) {
  ProcessSpec spec = Shell("setsid sh -c 'echo $$; exec sleep 100' & wait");
  spec.deadline = Now() + 100 * kNsPerMs;
  const ProcessResult result = RunToEnd(std::move(spec));
  EXPECT_EQ(result.end, ProcessEnd::Deadline);
  ASSERT_FALSE(result.stdout_bytes.empty());
  EXPECT_TRUE(IsGone(result.stdout_bytes));
}

TEST_F(PosixHostTest, WhatWasToldToEndMayTakeItsTime) {
  // The shell dies of TERM at once; its child still has something to say.
  ProcessSpec spec =
      Shell("sh -c 'trap \"sleep 0.1; echo bye; exit\" TERM; while :; do sleep 0.01; done'; :");
  spec.deadline = Now() + 100 * kNsPerMs;
  EXPECT_EQ(RunToEnd(std::move(spec)).stdout_bytes, "bye\n");
}

TEST_F(PosixHostTest, WhatOneChildLeavesIsNotTakenFromAnother) {
  std::vector<std::string> outputs;
  const auto done = [&](const ProcessResult& result) { outputs.push_back(result.stdout_bytes); };
  // The orphan of the second lives as long as the second does.
  const auto first = host_->processes().Start(Shell("sleep 100 & echo first"), done);
  const auto second = host_->processes().Start(
      Shell("(setsid sh -c 'sleep 0.1; echo orphan' &); sleep 0.3; echo second"), done);
  ASSERT_TRUE(first.ok() && second.ok());
  host_->reactor().Run();
  EXPECT_THAT(outputs, ElementsAre("first\n", "orphan\nsecond\n"));
}

TEST_F(PosixHostTest, AnExitCodeIsKnownWhereSigchldWasIgnored) {
  std::signal(SIGCHLD, SIG_IGN);
  PrepareProcess();
  EXPECT_EQ(RunToEnd(Shell("exit 3")).exit_code, 3);
}

TEST_F(PosixHostTest, CancelAndKillSayWhoEndedIt) {
  std::vector<ProcessEnd> ends;
  const auto done = [&](ProcessResult result) { ends.push_back(result.end); };
  const auto first = host_->processes().Start(Shell("sleep 100"), done);
  const auto second = host_->processes().Start(Shell("trap '' TERM; sleep 100"), done);
  ASSERT_TRUE(first.ok() && second.ok());
  host_->processes().Cancel(first.value());
  host_->reactor().StartTimer(Now() + 50 * kNsPerMs, [&] { host_->processes().KillAll(); });
  host_->reactor().Run();
  EXPECT_THAT(ends, ElementsAre(ProcessEnd::Cancelled, ProcessEnd::Cancelled));
}

TEST_F(PosixHostTest, WhatCannotStartSaysWhy) {
  ProcessSpec spec{.executable = "/nonexistent", .argv = {"nonexistent"}};
  auto started = host_->processes().Start(spec, [](const ProcessResult&) { FAIL(); });
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().kind, SpawnError::Kind::NotFound);
  spec.executable = "/etc/passwd";
  EXPECT_EQ(host_->processes().Start(spec, {}).error().kind, SpawnError::Kind::Permission);
  spec.executable = "/bin/true";
  spec.argv.push_back(std::string(1 << 20, 'x'));
  EXPECT_EQ(host_->processes().Start(spec, {}).error().kind, SpawnError::Kind::TooLarge);
}

TEST_F(PosixHostTest, TimersFireInOrderAndNotWhenStopped) {
  std::vector<int> fired;
  Reactor& reactor = host_->reactor();
  const int64_t now = Now();
  reactor.StartTimer(now + 2 * kNsPerMs, [&] { fired.push_back(3); });
  reactor.StartTimer(now + kNsPerMs, [&] { fired.push_back(1); });
  const TimerId stopped = reactor.StartTimer(now + kNsPerMs, [&] { fired.push_back(0); });
  reactor.StartTimer(now + kNsPerMs, [&] { fired.push_back(2); });
  reactor.StopTimer(stopped);
  reactor.Run();
  EXPECT_THAT(fired, ElementsAre(1, 2, 3));
}

TEST_F(PosixHostTest, WorkersWorkElsewhereAndReportHere) {
  const auto here = std::this_thread::get_id();
  int done = 0;
  for (int i = 0; i < 100; ++i) {
    auto elsewhere = std::make_shared<std::thread::id>();
    host_->reactor().RunOnWorker([=] { *elsewhere = std::this_thread::get_id(); },
                                 [&done, here, elsewhere] {
                                   EXPECT_EQ(std::this_thread::get_id(), here);
                                   EXPECT_NE(*elsewhere, here);
                                   ++done;
                                 });
  }
  host_->reactor().Run();
  EXPECT_EQ(done, 100);
}

TEST_F(PosixHostTest, PostedTasksOfOtherThreadsArrive) {
  int sum = 0;
  Reactor& reactor = host_->reactor();
  reactor.StartTimer(Now() + 100 * kNsPerSecond, [] { FAIL(); });
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) reactor.Post([&] { ++sum; });
    reactor.Post([&] { reactor.Stop(); });
  });
  reactor.Run();
  other.join();
  EXPECT_EQ(sum, 1000);
}

TEST_F(PosixHostTest, InterruptsAreCounted) {
  std::vector<int> counts;
  Reactor& reactor = host_->reactor();
  reactor.OnInterrupt([&](int count) {
    counts.push_back(count);
    if (count == 2) return reactor.Stop();
    kill(getpid(), SIGTERM);
  });
  reactor.StartTimer(Now() + 10 * kNsPerSecond, [] {});
  kill(getpid(), SIGINT);
  reactor.Run();
  EXPECT_THAT(counts, ElementsAre(1, 2));
}

TEST_F(PosixHostTest, ASignalIsTakenAheadOfWhatWaits) {
  std::vector<int> seen;
  Reactor& reactor = host_->reactor();
  reactor.OnInterrupt([&](int) {
    seen.push_back(1);
    reactor.Stop();
  });
  reactor.Post([] {
    kill(getpid(), SIGTERM);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  });
  reactor.Post([&] { seen.push_back(2); });
  reactor.Run();
  EXPECT_THAT(seen, ElementsAre(1));
}

TEST_F(PosixHostTest, SignalsThatNobodyHasTakenEndNothing) {
  host_->reactor().OnInterrupt([](int) {});
  kill(getpid(), SIGTERM);
  kill(getpid(), SIGINT);
  host_.reset();
}

TEST_F(PosixHostTest, ASecondSignalEndsAReactorThatIsBusy) {
  const pid_t child = fork();
  if (child == 0) {
    auto host = *MakePosixHost();
    host->reactor().OnInterrupt([](int) {});
    host->reactor().Post([] {
      for (int i = 0; i < 2; ++i) {
        kill(getpid(), SIGTERM);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
      std::this_thread::sleep_for(std::chrono::seconds(30));
    });
    host->reactor().Run();
    _exit(1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
}

TEST(FindExecutable, LooksInAbsoluteFoldersOnly) {
  EXPECT_EQ(FindExecutable("sh", "relative:/nonexistent:/bin"), "/bin/sh");
  EXPECT_EQ(FindExecutable("sh", "/nonexistent"), std::nullopt);
  EXPECT_EQ(FindExecutable("passwd", "/etc"), std::nullopt);
  EXPECT_EQ(FindExecutable("bin/sh", "/"), std::nullopt);
  EXPECT_EQ(FindExecutable("/bin/sh", ""), "/bin/sh");
}

TEST(Sha256, KnowsTheEmptyText) {
  EXPECT_EQ(ToHex(Sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace wfc::host
