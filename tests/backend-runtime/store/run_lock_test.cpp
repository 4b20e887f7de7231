#include "backend-runtime/store/run_lock.h"

#include <atomic>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/backend-runtime/store/child.h"
#include "tests/backend-runtime/store/kept_run.h"
#include "tests/backend-runtime/store/long_tests.h"

namespace wfc::store {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Counters {
  std::atomic<int> inside = 0;
  std::atomic<int> most_inside = 0;
  std::atomic<int> taken = 0;
  std::atomic<bool> is_resting = false;
  std::atomic<uint64_t> appended = 0;
};

std::string ReadText(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteText(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

/// Notes that one more is in, for as long as it exists.
class Inside {
 public:
  explicit Inside(Counters& counters) : counters_(counters) {
    const int inside = ++counters_.inside;
    if (inside > counters_.most_inside) counters_.most_inside = inside;
    ++counters_.taken;
  }
  ~Inside() { --counters_.inside; }

 private:
  Counters& counters_;
};

/// Holds the lock until it is killed.
int HoldForever(const std::string& folder, Counters& counters) {
  const auto lock = RunLock::Take(folder);
  if (!lock) return 1;
  ++counters.taken;
  while (true) pause();
}

class RunLockTest : public testing::Test {
 protected:
  Child StartHolder() {
    Child holder([this] { return HoldForever(folder_.path(), *counters_); });
    while (counters_->taken == 0) usleep(100);
    return holder;
  }
  std::string LockPath() const { return folder_.path() + "/lock"; }

  TemporaryFolder folder_;
  Shared<Counters> counters_;
};

TEST_F(RunLockTest, OneAtATimeHoldsIt) {
  constexpr int kProcesses = 8;
  const uint64_t rounds = LongTests(200, 20'000);
  std::vector<Child> children;
  for (int i = 0; i < kProcesses; ++i) {
    children.emplace_back([&] {
      for (uint64_t round = 0; round < rounds;) {
        const auto lock = RunLock::Take(folder_.path());
        if (!lock) continue;
        const Inside inside(*counters_);
        ++round;
      }
      return 0;
    });
  }
  for (Child& child : children) EXPECT_EQ(child.Wait(), 0);
  EXPECT_EQ(counters_->most_inside, 1);
  EXPECT_EQ(counters_->taken, kProcesses * static_cast<int>(rounds));
}

TEST_F(RunLockTest, OneAtATimeDrivesARun) {
  RunOpener(folder_.path()).Create().reset();
  const uint64_t rounds = LongTests(4, 130);
  for (int processes = 2; processes <= 8; processes += 3) {
    std::vector<Child> children;
    for (int i = 0; i < processes; ++i) {
      children.emplace_back([&] {
        for (uint64_t round = 0; round < rounds;) {
          RunOpener opener(folder_.path());
          const auto run = opener.Resume();
          if (run == nullptr) usleep(200);
          if (run == nullptr) continue;
          const Inside inside(*counters_);
          run->journal().Append({.type = 1});
          run->journal().Request(run->journal().last_seq());
          run->journal().Idle();
          round += run->journal().failure() ? 1000 : 1;
        }
        return 0;
      });
    }
    for (Child& child : children) EXPECT_EQ(child.Wait(), 0);
  }
  EXPECT_EQ(counters_->most_inside, 1);
  EXPECT_THAT(*ReadAll(folder_.path()), SizeIs(counters_->taken.load()));
}

TEST_F(RunLockTest, SaysWhoHoldsIt) {
  const Child holder = StartHolder();
  const auto refused = RunLock::Take(folder_.path());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, LockError::Kind::Held);
  ASSERT_TRUE(refused.error().holder.has_value());
  EXPECT_EQ(refused.error().holder->pid, holder.pid());
  EXPECT_EQ(refused.error().holder->boot_id, host::OwnIdentity().boot_id);
}

TEST_F(RunLockTest, CanBeAskedWithoutBeingTaken) {
  EXPECT_FALSE(InspectLock(folder_.path()).is_held) << "there is no lock yet";
  {
    const Child holder = StartHolder();
    const LockState held = InspectLock(folder_.path());
    EXPECT_TRUE(held.is_held);
    ASSERT_TRUE(held.holder.has_value());
    EXPECT_EQ(held.holder->pid, holder.pid());
  }
  EXPECT_FALSE(InspectLock(folder_.path()).is_held);
  EXPECT_TRUE(RunLock::Take(folder_.path()).ok());
}

TEST_F(RunLockTest, IsFreeWhenItsHolderIsKilled) {
  StartHolder().Kill();
  EXPECT_TRUE(RunLock::Take(folder_.path()).ok());
}

TEST_F(RunLockTest, NamesNobodyWhenItIsFree) {
  {
    const auto lock = RunLock::Take(folder_.path());
    ASSERT_TRUE(lock.ok());
    EXPECT_THAT(ReadText(LockPath()), HasSubstr(fmt::format("pid {}\n", getpid())));
  }
  EXPECT_THAT(ReadText(LockPath()), IsEmpty());
}

TEST_F(RunLockTest, TakingOverKillsTheHolder) {
  Child holder = StartHolder();
  EXPECT_TRUE(RunLock::TakeOver(folder_.path()).ok());
  EXPECT_EQ(holder.Wait(), 128 + SIGKILL);
}

TEST_F(RunLockTest, TakingOverKillsAHolderThatIsStopped) {
  Child holder = StartHolder();
  holder.Stop();
  EXPECT_TRUE(RunLock::TakeOver(folder_.path()).ok());
  EXPECT_EQ(holder.Wait(), 128 + SIGKILL);
}

TEST_F(RunLockTest, AProcessThatGotTheNumberOfTheHolderIsNotKilled) {
  const Child holder = StartHolder();
  const Child innocent([]() -> int {
    while (true) pause();
  });
  const auto refused = RunLock::Take(folder_.path());
  ASSERT_FALSE(refused.ok());
  const host::ProcessIdentity& process = *refused.error().holder;
  WriteText(LockPath(), fmt::format("pid {}\nstart {}\nboot {}\nhost {}\n", innocent.pid(),
                                    process.start_ticks - 1, process.boot_id, process.host));
  EXPECT_FALSE(RunLock::TakeOver(folder_.path()).ok());
  EXPECT_EQ(waitpid(innocent.pid(), nullptr, WNOHANG), 0);
  EXPECT_EQ(waitpid(holder.pid(), nullptr, WNOHANG), 0);
}

TEST_F(RunLockTest, AHolderOnAnotherMachineIsNotKilled) {
  const Child holder = StartHolder();
  const host::ProcessIdentity process = *RunLock::Take(folder_.path()).error().holder;
  for (const auto& [boot, host] : {std::pair(process.boot_id, std::string("elsewhere")),
                                   std::pair(std::string("earlier"), process.host)}) {
    WriteText(LockPath(), fmt::format("pid {}\nstart {}\nboot {}\nhost {}\n", process.pid,
                                      process.start_ticks, boot, host));
    const auto refused = RunLock::TakeOver(folder_.path());
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().holder->host, host);
  }
  EXPECT_EQ(waitpid(holder.pid(), nullptr, WNOHANG), 0);
}

TEST_F(RunLockTest, ACopyOfTheFileLocksNothing) {
  Child holder = StartHolder();
  const std::string copy = folder_.Make("copy");
  std::filesystem::copy(LockPath(), copy + "/lock");
  EXPECT_TRUE(RunLock::Take(copy).ok());
  EXPECT_TRUE(RunLock::TakeOver(copy).ok());
  EXPECT_EQ(waitpid(holder.pid(), nullptr, WNOHANG), 0);
}

TEST_F(RunLockTest, AFileThatWasReplacedIsLockedAnew) {
  const Child holder = StartHolder();
  std::filesystem::remove(LockPath());
  EXPECT_TRUE(RunLock::Take(folder_.path()).ok());
}

/// Appends row after row, and rests after each.
int AppendSlowly(const std::string& folder, Counters& counters) {
  RunOpener opener(folder);
  const auto run = opener.Resume();
  if (run == nullptr) return 1;
  journal::Journal& journal = run->journal();
  while (!journal.failure()) {
    journal.Request(journal.Append({.type = 1}));
    if (!opener.reactor().RunUntil(
            [&] { return journal.failure() || journal.durable() == journal.last_seq(); })) {
      return 1;
    }
    counters.appended = journal.durable();
    counters.is_resting = true;
    usleep(3000);
    counters.is_resting = false;
  }
  return journal.failure()->starts_with("taken over") ? 7 : 1;
}

class StoppedDriverTest : public RunLockTest {
 protected:
  /// A driver that is stopped between two commits.
  Child StartAndStop() {
    RunOpener(folder_.path()).Create().reset();
    Child driver([this] { return AppendSlowly(folder_.path(), *counters_); });
    while (counters_->appended < 3) usleep(100);
    while (true) {
      while (!counters_->is_resting) usleep(50);
      driver.Stop();
      if (counters_->is_resting) return driver;
      driver.Signal(SIGCONT);
    }
  }
};

TEST_F(StoppedDriverTest, WritesNothingAfterItWasTakenOver) {
  Child driver = StartAndStop();
  RunOpener opener(folder_.path());
  DrivenRun::Options options = opener.options();
  options.if_held = DrivenRun::IfHeld::TakeOver;
  const auto run = opener.Loaded(DrivenRun::Resume(options));
  ASSERT_NE(run, nullptr) << opener.error();
  EXPECT_THAT(opener.rows(), SizeIs(counters_->appended.load()));
  EXPECT_EQ(run->epoch(), 3u);
  EXPECT_EQ(driver.Wait(), 128 + SIGKILL);
}

TEST_F(StoppedDriverTest, WritesNothingInALaterEpochEvenIfItGoesOn) {
  Child driver = StartAndStop();
  // With the file gone, the lock keeps nobody out, and nobody is killed.
  std::filesystem::remove(LockPath());
  RunOpener opener(folder_.path());
  const auto run = opener.Resume();
  ASSERT_NE(run, nullptr) << opener.error();
  const uint64_t count = opener.rows().size();
  driver.Signal(SIGCONT);
  EXPECT_EQ(driver.Wait(), 7);
  EXPECT_THAT(*ReadAll(folder_.path()), SizeIs(count));
}

}  // namespace
}  // namespace wfc::store
