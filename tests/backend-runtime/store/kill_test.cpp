// Drivers that are killed with kill -9 while they append.
#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/backend-runtime/store/child.h"
#include "tests/backend-runtime/store/kept_run.h"
#include "tests/backend-runtime/store/long_tests.h"

namespace wfc::store {
namespace {

using journal::Journal;
using journal::OwnedRow;

struct Progress {
  std::atomic<uint64_t> durable = 0;  ///< what a driver has been told
  std::atomic<uint64_t> started = 0;  ///< drivers that have begun to append
};

/// The row of this number: everybody knows what it must be.
OwnedRow RowOf(uint64_t seq) {
  Random random(seq);
  std::vector<uint8_t> payload;
  journal::Row row = journal::DrawRow(random, payload);
  row.seq = seq;
  return OwnedRow(row);
}

/// The value that every fifth row refers to.
std::vector<uint8_t> ValueOf(uint64_t seq) {
  const size_t size = seq % 50 == 0 ? kMaxBlobBytes + seq : 4100 + seq % 100;
  return std::vector<uint8_t>(size, static_cast<uint8_t>(seq));
}

/// Appends in bursts until it is killed.
int AppendForever(const std::string& folder, Progress& progress, uint64_t seed) {
  RunOpener opener(folder);
  const auto run = opener.Resume();
  if (run == nullptr) return 1;
  Journal& journal = run->journal();
  Random random(seed);
  ++progress.started;
  // So many that the test does not come to read more than it kills.
  const uint64_t last = journal.last_seq() + 300;
  while (!journal.failure() && journal.last_seq() < last) {
    for (uint64_t count = 1 + random.Below(20); count > 0; --count) {
      const OwnedRow row = RowOf(journal.last_seq() + 1);
      if (row.row.seq % 5 == 0) run->blobs().Put(ValueOf(row.row.seq));
      journal.Append(row.view());
    }
    if (random.Below(2) == 0) continue;
    journal.Request(journal.last_seq());
    if (random.Below(2) == 0) journal.Idle();
    opener.reactor().RunReady();
    progress.durable = journal.durable();
  }
  journal.Request(journal.last_seq());
  while (opener.reactor().RunUntil([&] { return journal.durable() > progress.durable; })) {
    progress.durable = journal.durable();
  }
  return 2;
}

/// Whether the run has what was durable, and behind it nothing but what was appended.
void ExpectKept(const std::string& folder, uint64_t durable) {
  auto reader = RunReader::Open(folder, std::nullopt);
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  uint64_t count = 0;
  const auto read = reader->Rows([&](const journal::Row& row) {
    ++count;
    if (!(RowOf(row.seq).view() == row)) return Result<void>(Error{"is not what was appended"});
    const bool has_value = row.seq % 5 == 0;
    if (!has_value) return Result<void>();
    const std::vector<uint8_t> value = ValueOf(row.seq);
    const auto found = reader->Blob(host::Sha256(std::as_bytes(std::span(value))));
    return found ? Result<void>() : Result<void>(found.error());
  });
  ASSERT_TRUE(read.ok()) << read.error().seq << ": " << read.error().message;
  EXPECT_GE(count, durable);
}

TEST(KillTest, WhatWasDurableIsThereAfterTheDriverIsKilled) {
  constexpr int kKillsOfARun = 15;
  const uint64_t run_count = LongTests(7, 140);
  Random random(5);
  for (uint64_t i = 0; i < run_count && !testing::Test::HasFailure(); ++i) {
    const TemporaryFolder folder;
    RunOpener(folder.path()).Create().reset();
    const Shared<Progress> progress;
    for (int kill = 0; kill < kKillsOfARun && !testing::Test::HasFailure(); ++kill) {
      const uint64_t started = progress->started;
      const uint64_t durable = progress->durable;
      Child child([&] { return AppendForever(folder.path(), *progress, random.Next()); });
      // Some are killed while they open the run, some when they begin to append, most later.
      const uint64_t choice = random.Below(5);
      while (choice >= 1 && progress->started == started) usleep(100);
      while (choice >= 2 && progress->durable == durable) usleep(100);
      usleep(static_cast<useconds_t>(random.Below(3000)));
      child.Kill();
      ExpectKept(folder.path(), progress->durable);
    }
    EXPECT_GT(progress->durable, 0u) << "no driver was left alone for long enough";
  }
}

}  // namespace
}  // namespace wfc::store
