// The journal in memory, the simulated one and the one on the disk keep the same rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/host/sha256.h"
#include "backend-runtime/runtime/journal/memory_journal.h"
#include "backend-runtime/runtime/journal/simulated_journal.h"
#include "tests/backend-runtime/store/kept_run.h"
#include "tests/backend-runtime/store/long_tests.h"

namespace wfc::store {
namespace {

using journal::Blobs;
using journal::Inbox;
using journal::Journal;
using journal::MemoryRecord;
using journal::OwnedRow;

/// One form of the journal, with a record that outlives its drivers.
class Form {
 public:
  virtual ~Form() = default;
  virtual void Open() = 0;
  virtual void Leave() = 0;
  virtual uint64_t Receive(const journal::InboxEntry& entry) = 0;
  virtual Journal& journal() = 0;
  virtual Inbox& inbox() = 0;
  virtual Blobs& blobs() = 0;
  virtual TestReactor& reactor() { return reactor_; }

  /// The rows that were loaded by `Open`.
  std::vector<OwnedRow> loaded;

 protected:
  void Load() { loaded = journal::LoadAll(journal()); }

 private:
  TestReactor reactor_;
};

class MemoryForm : public Form {
 public:
  void Open() override {
    journal_ = std::make_unique<journal::MemoryJournal>(record_, reactor().post());
    Load();
  }
  void Leave() override { journal_.reset(); }
  uint64_t Receive(const journal::InboxEntry& entry) override { return record_.Receive(entry); }
  Journal& journal() override { return *journal_; }
  Inbox& inbox() override { return inbox_; }
  Blobs& blobs() override { return blobs_; }

 private:
  MemoryRecord record_;
  journal::MemoryInbox inbox_{record_};
  journal::MemoryBlobs blobs_{record_, host::Sha256};
  std::unique_ptr<journal::MemoryJournal> journal_;
};

class SimulatedForm : public Form {
 public:
  explicit SimulatedForm(uint64_t seed) : seed_(seed) {}
  void Open() override {
    journal_ = std::make_unique<journal::SimulatedJournal>(
        record_, journal::SimulatedJournal::Options{
                     .seed = seed_++,
                     .sha256 = host::Sha256,
                     .post = reactor().post(),
                     .post_later = [post = reactor().post()](int64_t, std::function<void()> task) {
                       post(std::move(task));
                     }});
    Load();
  }
  void Leave() override { journal_.reset(); }
  uint64_t Receive(const journal::InboxEntry& entry) override { return record_.Receive(entry); }
  Journal& journal() override { return *journal_; }
  Inbox& inbox() override { return journal_->inbox(); }
  Blobs& blobs() override { return journal_->blobs(); }

 private:
  uint64_t seed_;
  MemoryRecord record_;
  std::unique_ptr<journal::SimulatedJournal> journal_;
};

class DiskForm : public Form {
 public:
  void Open() override {
    run_ = is_new_ ? opener_.Create() : opener_.Resume();
    is_new_ = false;
    WFC_CHECK(run_ != nullptr);
    loaded = opener_.rows();
  }
  void Leave() override { run_.reset(); }
  uint64_t Receive(const journal::InboxEntry& entry) override {
    auto database = OpenRunDatabase(folder_.path() + "/run.db", Database::Mode::ReadWrite, "");
    WFC_CHECK(database.ok());
    return *PutInInbox(*database, entry);
  }
  Journal& journal() override { return run_->journal(); }
  Inbox& inbox() override { return run_->inbox(); }
  Blobs& blobs() override { return run_->blobs(); }
  TestReactor& reactor() override { return opener_.reactor(); }

 private:
  TemporaryFolder folder_;
  RunOpener opener_{folder_.path()};
  bool is_new_ = true;
  std::unique_ptr<DrivenRun> run_;
};

/// The three forms, to which the same is done.
class JournalForms {
 public:
  explicit JournalForms(uint64_t seed) : random_(seed), simulated_(seed) {}

  /// One driver's life: opens, does this and that, and leaves when all is durable.
  void Live() {
    for (Form* form : forms_) {
      form->Open();
      EXPECT_EQ(form->loaded, expected_);
    }
    for (uint64_t step = random_.Below(30); step > 0; --step) Step();
    for (Form* form : forms_) ExpectComplete(*form);
    for (Form* form : forms_) form->Leave();
  }

 private:
  void Step() {
    std::vector<uint8_t> payload;
    journal::Row row = journal::DrawRow(random_, payload);
    row.seq = expected_.size() + 1;
    expected_.emplace_back(row);
    const uint64_t choice = random_.Below(8);
    const std::vector<uint8_t> value(choice == 0 ? 100'000 : 5000, static_cast<uint8_t>(row.seq));
    const std::vector<journal::InboxEntry> pending = *memory_.inbox().Pending();
    for (Form* form : forms_) {
      Journal& journal = form->journal();
      if (choice <= 1) digests_.push_back(form->blobs().Put(value));
      if (choice == 2) form->Receive({.kind = "approve", .uid = 7, .body = payload});
      const bool takes = choice == 3 && !pending.empty();
      EXPECT_EQ(takes ? journal.AppendTaking(row, pending.front().id) : journal.Append(row),
                row.seq);
      if (choice == 4) journal.Request(row.seq);
      if (choice == 5) journal.Idle();
      if (choice == 6) form->reactor().RunReady();
    }
  }

  void ExpectComplete(Form& form) {
    Journal& journal = form.journal();
    journal.Request(journal.last_seq());
    EXPECT_TRUE(form.reactor().RunUntil([&] { return journal.durable() == journal.last_seq(); }));
    EXPECT_EQ(*form.inbox().Pending(), *memory_.inbox().Pending());
    for (const Sha256Digest& digest : digests_) {
      EXPECT_EQ(*form.blobs().Get(digest), *memory_.blobs().Get(digest));
    }
  }

  Random random_;
  MemoryForm memory_;
  SimulatedForm simulated_;
  DiskForm disk_;
  Form* forms_[3] = {&memory_, &simulated_, &disk_};
  std::vector<OwnedRow> expected_;
  std::vector<Sha256Digest> digests_;
};

TEST(JournalFormsTest, KeepTheSameRowsForTheSameAppends) {
  const uint64_t count = LongTests(15, 1000);
  for (uint64_t seed = 0; seed < count && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    JournalForms forms(seed);
    for (int life = 0; life < 3; ++life) forms.Live();
  }
}

}  // namespace
}  // namespace wfc::store
