#include "backend-runtime/runtime/journal/simulated_journal.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/backend-runtime/runtime/journal/test_sha256.h"
#include "tests/backend-runtime/runtime/journal/virtual_queue.h"
#include "tests/support/journal_rows.h"

namespace wfc::journal {
namespace {

class SimulatedJournalTest : public testing::Test {
 protected:
  std::unique_ptr<SimulatedJournal> Open(uint64_t seed) {
    return std::make_unique<SimulatedJournal>(
        record_, SimulatedJournal::Options{
                     .seed = seed,
                     .sha256 = TestSha256,
                     .post = [this](std::function<void()> task) { queue_.Post(std::move(task)); },
                     .post_later =
                         [this](int64_t delay, std::function<void()> task) {
                           queue_.PostLater(delay, std::move(task));
                         }});
  }

  VirtualQueue queue_;
  MemoryRecord record_;
};

TEST_F(SimulatedJournalTest, EverythingBecomesDurableInTheEnd) {
  const auto journal = Open(1);
  int calls = 0;
  journal->OnProgress([&] { ++calls; });
  for (int i = 0; i < 10; ++i) journal->Append({});
  EXPECT_EQ(journal->durable(), 0u);
  EXPECT_GT(journal->backlog_bytes(), 0u);
  queue_.RunAll();
  EXPECT_EQ(journal->durable(), 10u);
  EXPECT_EQ(journal->backlog_bytes(), 0u);
  EXPECT_GE(calls, 1);
}

/// Appends while commits end now and then, crashes, and goes on with what is left.
TEST_F(SimulatedJournalTest, ACrashKeepsAPrefixThatHasWhatWasDurable) {
  std::vector<OwnedRow> appended;
  std::set<size_t> lost_counts;
  Random random(7);
  for (uint64_t seed = 0; seed < 500; ++seed) {
    auto journal = Open(seed);
    ASSERT_EQ(LoadAll(*journal), appended);
    const uint64_t count = random.Below(20);
    for (uint64_t i = 0; i < count; ++i) {
      std::vector<uint8_t> payload;
      Row row = DrawRow(random, payload);
      row.seq = journal->Append(row);
      ASSERT_EQ(row.seq, appended.size() + 1);
      appended.emplace_back(row);
      if (random.Below(4) == 0) journal->Request(row.seq);
      if (random.Below(4) == 0) journal->Idle();
      if (random.Below(4) == 0) queue_.RunOne();
    }
    const uint64_t durable = journal->durable();
    journal.reset();
    ASSERT_GE(record_.rows.size(), durable);
    ASSERT_LE(record_.rows.size(), appended.size());
    lost_counts.insert(appended.size() - record_.rows.size());
    appended.erase(appended.begin() + static_cast<ptrdiff_t>(record_.rows.size()), appended.end());
  }
  EXPECT_GT(lost_counts.size(), 5u);
}

TEST_F(SimulatedJournalTest, WhatARowRefersToAndTakesIsKeptExactlyWithIt) {
  std::set<bool> kept;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    record_ = {};
    record_.Receive({.kind = "approve"});
    auto journal = Open(seed);
    const std::vector<uint8_t> bytes(5000, 1);
    const Sha256Digest digest = journal->blobs().Put(bytes);
    EXPECT_EQ(*journal->blobs().Get(digest), bytes);
    EXPECT_EQ(journal->inbox().Pending()->size(), 1u);
    journal->AppendTaking({}, 1);
    EXPECT_TRUE(journal->inbox().Pending()->empty());
    journal.reset();
    const bool is_kept = record_.rows.size() == 1;
    EXPECT_EQ(record_.blobs.contains(digest), is_kept);
    EXPECT_EQ(record_.received[0].taken_by, is_kept ? 1u : 0u);
    kept.insert(is_kept);
  }
  EXPECT_EQ(kept.size(), 2u);
}

TEST_F(SimulatedJournalTest, EqualSeedsDecideAlike) {
  const auto run = [&](uint64_t seed) {
    record_ = {};
    auto journal = Open(seed);
    std::vector<uint64_t> durables;
    for (int i = 0; i < 50; ++i) {
      journal->Request(journal->Append({}));
      journal->Idle();
      queue_.RunOne();
      durables.push_back(journal->durable());
    }
    journal.reset();
    durables.push_back(record_.rows.size());
    queue_.RunAll();
    return durables;
  };
  EXPECT_EQ(run(4), run(4));
  EXPECT_NE(run(4), run(5));
}

TEST_F(SimulatedJournalTest, ABrokenJournalNumbersRowsAndDropsThem) {
  const auto journal = Open(1);
  int calls = 0;
  journal->OnProgress([&] { ++calls; });
  journal->Append({});
  journal->Break("disk full");
  queue_.RunAll();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(journal->failure(), "disk full");
  EXPECT_EQ(journal->Append({}), 2u);
  queue_.RunAll();
  EXPECT_EQ(journal->durable(), 0u);
  EXPECT_FALSE(journal->Close(CloseHow::Parked).ok());
  const size_t recorded = record_.rows.size();
  EXPECT_LE(recorded, 1u);
  EXPECT_TRUE(journal->AppendAfterFailure({.type = 9}).ok());
  EXPECT_EQ(record_.rows.size(), recorded + 1);
}

TEST_F(SimulatedJournalTest, ClosingKeepsEverything) {
  const auto journal = Open(2);
  journal->Append({});
  const Sha256Digest digest = journal->blobs().Put({});
  ASSERT_TRUE(journal->Close(CloseHow::Ended).ok());
  EXPECT_EQ(journal->durable(), 1u);
  EXPECT_EQ(record_.rows.size(), 1u);
  EXPECT_TRUE(record_.blobs.contains(digest));
  queue_.RunAll();
}

}  // namespace
}  // namespace wfc::journal
