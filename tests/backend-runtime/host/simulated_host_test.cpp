#include "backend-runtime/host/simulated_host.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wfc::host {
namespace {

using ::testing::ElementsAre;

std::vector<int> OrderOfWorkers(uint64_t seed, uint64_t* trace) {
  SimulatedHost host(seed);
  std::vector<int> order;
  for (int i = 0; i < 8; ++i) host.RunOnWorker([] {}, [&order, i] { order.push_back(i); });
  host.Run();
  *trace = host.trace();
  return order;
}

TEST(SimulatedHost, TheSeedDecidesTheInterleaving) {
  uint64_t first = 0;
  uint64_t again = 0;
  uint64_t other = 0;
  EXPECT_EQ(OrderOfWorkers(1, &first), OrderOfWorkers(1, &again));
  EXPECT_EQ(first, again);
  EXPECT_NE(OrderOfWorkers(1, &first), OrderOfWorkers(2, &other));
  EXPECT_NE(first, other);
}

TEST(SimulatedHost, TimeJumpsToTheNextEvent) {
  SimulatedHost host(1);
  const int64_t start = host.clock().Now();
  int64_t seen = 0;
  host.StartTimer(start + 3600 * kNsPerSecond, [&] { seen = host.clock().Now(); });
  host.Run();
  EXPECT_EQ(seen, start + 3600 * kNsPerSecond);
}

TEST(SimulatedHost, ProcessesFollowTheirScript) {
  SimulatedHost host(1);
  host.set_process_script([](const ProcessSpec& spec) {
    return ScriptedProcess{.exit_code = 4, .stdout_bytes = spec.argv[0], .duration = kNsPerSecond};
  });
  ProcessResult result;
  ASSERT_TRUE(host.Start({.argv = {"tool"}}, [&](ProcessResult ended) { result = ended; }).ok());
  host.Run();
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_EQ(result.stdout_bytes, "tool");
  EXPECT_EQ(result.duration, kNsPerSecond);
}

TEST(SimulatedHost, AStubbornProcessIsKilledFiveSecondsAfterItsDeadline) {
  SimulatedHost host(1);
  host.set_process_script([](const ProcessSpec&) {
    return ScriptedProcess{.duration = 1000 * kNsPerSecond, .ignores_term = true};
  });
  ProcessResult result;
  const ProcessSpec spec{.argv = {"tool"}, .deadline = host.clock().Now() + kNsPerSecond};
  ASSERT_TRUE(host.Start(spec, [&](ProcessResult ended) { result = ended; }).ok());
  host.Run();
  EXPECT_EQ(result.end, ProcessEnd::Deadline);
  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_EQ(result.duration, kNsPerSecond + kKillDelay);
}

TEST(SimulatedHost, InterruptsReachTheHandler) {
  SimulatedHost host(1);
  std::vector<int> counts;
  host.OnInterrupt([&](int count) { counts.push_back(count); });
  host.InterruptAt(5 * kNsPerSecond);
  host.InterruptAt(6 * kNsPerSecond);
  host.Run();
  EXPECT_THAT(counts, ElementsAre(1, 2));
}

TEST(SimulatedFiles, BehaveAsRealOnes) {
  SimulatedFiles files;
  ASSERT_TRUE(files.Write("a/b", "1", WriteHow::Create).ok());
  ASSERT_TRUE(files.Write("a/b", "2", WriteHow::Append).ok());
  EXPECT_EQ(files.Read("a/b", 10)->bytes, "12");
  EXPECT_EQ(files.Write("a/b", "", WriteHow::Create).error().kind, FileError::Kind::Exists);
  EXPECT_EQ(files.Write("a", "", WriteHow::Replace).error().kind, FileError::Kind::WrongKind);
  EXPECT_EQ(files.Read("../a", 10).error().kind, FileError::Kind::Escapes);
  EXPECT_EQ(files.Read("c", 10).error().kind, FileError::Kind::NotFound);
  ASSERT_EQ(files.List(".", 10)->size(), 1U);
  EXPECT_EQ(files.List(".", 10)->front().kind, EntryKind::Folder);
}

TEST(SimulatedFiles, FaultsAreInjected) {
  SimulatedFiles files;
  files.FailWritesAfter(1, FileError::Kind::NoSpace);
  EXPECT_TRUE(files.Write("a", "1", WriteHow::Create).ok());
  EXPECT_EQ(files.Write("b", "1", WriteHow::Create).error().kind, FileError::Kind::NoSpace);
}

}  // namespace
}  // namespace wfc::host
