#include "backend-runtime/runtime/journal/memory_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/backend-runtime/runtime/journal/test_sha256.h"
#include "tests/backend-runtime/runtime/journal/virtual_queue.h"
#include "tests/support/journal_rows.h"

namespace wfc::journal {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

class MemoryJournalTest : public testing::Test {
 protected:
  Post ToQueue() {
    return [this](std::function<void()> task) { queue_.Post(std::move(task)); };
  }

  VirtualQueue queue_;
  MemoryRecord record_;
};

TEST_F(MemoryJournalTest, RowsAreDurableAtOnceAndKeptForTheNextDriver) {
  Random random(3);
  std::vector<OwnedRow> expected;
  {
    MemoryJournal journal(record_, ToQueue());
    EXPECT_EQ(journal.last_seq(), 0u);
    for (uint64_t seq = 1; seq <= 20; ++seq) {
      std::vector<uint8_t> payload;
      Row row = DrawRow(random, payload);
      EXPECT_EQ(journal.Append(row), seq);
      EXPECT_EQ(journal.durable(), seq);
      row.seq = seq;
      expected.emplace_back(row);
    }
  }
  MemoryJournal next(record_, ToQueue());
  EXPECT_EQ(LoadAll(next), expected);
  EXPECT_EQ(next.Append({}), 21u);
}

TEST_F(MemoryJournalTest, ProgressIsPostedOnceForSeveralRows) {
  MemoryJournal journal(record_, ToQueue());
  int calls = 0;
  journal.OnProgress([&] { ++calls; });
  journal.Append({});
  journal.Append({});
  EXPECT_EQ(calls, 0);
  queue_.RunAll();
  EXPECT_EQ(calls, 1);
  journal.Append({});
  queue_.RunAll();
  EXPECT_EQ(calls, 2);
}

TEST_F(MemoryJournalTest, NoProgressIsToldAfterTheEndOfTheJournal) {
  int calls = 0;
  {
    MemoryJournal journal(record_, ToQueue());
    journal.OnProgress([&] { ++calls; });
    journal.Append({});
  }
  queue_.RunAll();
  EXPECT_EQ(calls, 0);
}

TEST_F(MemoryJournalTest, ARowTakesAnEntryOfTheInbox) {
  MemoryInbox inbox(record_);
  EXPECT_FALSE(inbox.MayHaveNews());
  EXPECT_EQ(record_.Receive({.kind = "approve"}), 1u);
  EXPECT_EQ(record_.Receive({.kind = "cancel"}), 2u);
  EXPECT_TRUE(inbox.MayHaveNews());
  EXPECT_THAT(*inbox.Pending(), ElementsAre(Field(&InboxEntry::id, 1), Field(&InboxEntry::id, 2)));
  EXPECT_FALSE(inbox.MayHaveNews());
  MemoryJournal journal(record_, ToQueue());
  EXPECT_EQ(journal.AppendTaking({}, 1), 1u);
  EXPECT_THAT(*inbox.Pending(), ElementsAre(Field(&InboxEntry::kind, "cancel")));
  EXPECT_EQ(record_.received[0].taken_by, 1u);
}

TEST_F(MemoryJournalTest, AnErrorOfTheVisitorEndsTheLoadingAtItsRow) {
  MemoryJournal journal(record_, ToQueue());
  for (int i = 0; i < 3; ++i) journal.Append({});
  const auto loaded = journal.Load([](const Row& row) {
    return row.seq == 2 ? Result<void>(Error{"contradiction"}) : Result<void>();
  });
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().seq, 2u);
  EXPECT_EQ(loaded.error().message, "contradiction");
}

TEST(MemoryBlobs, KeepsEqualValuesOnce) {
  MemoryRecord record;
  MemoryBlobs blobs(record, TestSha256);
  const std::vector<uint8_t> bytes = {1, 2, 3};
  const Sha256Digest digest = blobs.Put(bytes);
  EXPECT_EQ(blobs.Put(bytes), digest);
  EXPECT_EQ(record.blobs.size(), 1u);
  EXPECT_EQ(*blobs.Get(digest), bytes);
  const auto missing = blobs.Get(Sha256Digest{});
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, testing::HasSubstr(ToHex(Sha256Digest{})));
}

}  // namespace
}  // namespace wfc::journal
