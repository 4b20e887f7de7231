// Bytes of a run that were flipped: whatever is changed is found, or is of no use to anybody.
#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/store/log_tail.h"
#include "backend-runtime/store/run_files.h"
#include "tests/backend-runtime/store/kept_run.h"
#include "tests/backend-runtime/store/long_tests.h"

namespace wfc::store {
namespace {

using journal::CloseHow;
using journal::OwnedRow;
using testing::HasSubstr;
using Bytes = std::vector<uint8_t>;

Bytes ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteBytes(const std::string& path, const Bytes& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(content.data()),
             static_cast<std::streamsize>(content.size()));
}

/// All that is of use in a run.
struct Content {
  std::vector<OwnedRow> rows;
  RunMeta meta;
  std::vector<Driver> drivers;
  std::vector<journal::InboxEntry> requests;
  Bytes value;

  friend bool operator==(const Content&, const Content&) = default;
};

/// A small run, with something in each table.
class DamagedRunTest : public testing::Test {
 protected:
  DamagedRunTest() {
    auto run = opener_.Create();
    value_digest_ = run->blobs().Put(Bytes(300, 9));
    for (uint64_t seq = 1; seq <= 12; ++seq) {
      run->journal().Append({.at = 1000 * static_cast<int64_t>(seq),
                             .type = static_cast<uint8_t>(seq),
                             .scope = seq / 4,
                             .item = static_cast<uint32_t>(seq),
                             .node = journal::RowNode(static_cast<uint32_t>(seq % 3)),
                             .attempt = 1,
                             .payload = PayloadOf(seq)});
      if (seq % 3 == 0) MakeDurable(run->journal());
    }
    {
      auto other = OpenRunDatabase(DatabasePath(), Database::Mode::ReadWrite, "");
      WFC_CHECK(PutInInbox(*other, {.kind = "approve", .by = "ann", .body = {1, 2, 3}}).ok());
    }
    run->journal().Append({.type = 40, .payload = PayloadOf(13)});
    MakeDurable(run->journal());
    run_ = std::move(run);
  }

  void MakeDurable(journal::Journal& journal) {
    journal.Request(journal.last_seq());
    WFC_CHECK(opener_.reactor().RunUntil([&] { return journal.durable() == journal.last_seq(); }));
  }
  Sha256Digest Close() {
    WFC_CHECK(run_->journal().Close(CloseHow::Parked).ok());
    const Sha256Digest seal = *run_->seal();
    run_.reset();
    return seal;
  }
  std::string DatabasePath() const { return folder_.path() + "/run.db"; }

  /// Bytes that stand nowhere else in the file.
  static Bytes PayloadOf(uint64_t seq) {
    Bytes payload(24);
    Random random(seq);
    for (uint8_t& byte : payload) byte = static_cast<uint8_t>(random.Next());
    return payload;
  }

  /// What the next driver finds; an error if it refuses the run.
  Result<Content> Drive() {
    auto opened = DrivenRun::Resume(opener_.options());
    if (!opened) return Error{opened.error().message};
    DrivenRun& run = **opened;
    if (run.log_tail().unusable_frame_count > 0) return Error{"the log has unusable frames"};
    Content content = {.meta = run.meta(), .drivers = run.earlier_drivers()};
    const auto loaded = run.journal().Load([&](const journal::Row& row) {
      content.rows.emplace_back(row);
      return Result<void>();
    });
    if (!loaded) return Error{loaded.error().message};
    auto requests = run.inbox().Pending();
    if (!requests) return requests.error();
    content.requests = *std::move(requests);
    auto value = run.blobs().Get(value_digest_);
    if (!value) return value.error();
    content.value = *std::move(value);
    return content;
  }

  TemporaryFolder folder_;
  RunOpener opener_{folder_.path()};
  Sha256Digest value_digest_ = {};
  std::unique_ptr<DrivenRun> run_;
};

TEST_F(DamagedRunTest, EveryByteOfASealedRunIsProtected) {
  const Sha256Digest seal = Close();
  std::fstream file(DatabasePath(), std::ios::binary | std::ios::in | std::ios::out);
  const auto size = std::filesystem::file_size(DatabasePath());
  const auto flip = [&](uint64_t at) {
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ (1 << (at % 8))));
    file.flush();
  };
  for (uint64_t at = 0; at < size; ++at) {
    flip(at);
    ASSERT_NE(*SealOf(folder_.path()), seal) << at;
    flip(at);
  }
  EXPECT_EQ(*SealOf(folder_.path()), seal);
}

TEST_F(DamagedRunTest, ASealedRunNamesTheRowThatWasChanged) {
  const Sha256Digest seal = Close();
  const Bytes whole = ReadBytes(DatabasePath());
  for (uint64_t seq = 1; seq <= 13; ++seq) {
    const Bytes payload = PayloadOf(seq);
    const auto found = std::ranges::search(whole, payload);
    ASSERT_FALSE(found.empty());
    const auto at = static_cast<size_t>(found.begin() - whole.begin());
    for (size_t i = 0; i < payload.size(); ++i) {
      Bytes damaged = whole;
      damaged[at + i] ^= 0x10;
      WriteBytes(DatabasePath(), damaged);
      const auto opened = RunReader::Open(folder_.path(), seal);
      ASSERT_FALSE(opened.ok());
      EXPECT_EQ(opened.error().kind, OpenError::Kind::Damaged);
      EXPECT_EQ(opened.error().seq, seq);
      EXPECT_THAT(opened.error().message, HasSubstr(fmt::format("event {} was changed", seq)));
    }
  }
}

/// Flips bytes of one file of a run that has no seal, which was left in the state of `files`.
class UnsealedRunTest : public DamagedRunTest {
 protected:
  void Keep() {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      if (!entry.is_directory()) files_[entry.path()] = ReadBytes(entry.path());
    }
  }
  void Restore() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      if (!files_.contains(entry.path())) std::filesystem::remove_all(entry.path());
    }
    for (const char* name : {"/run.db", "/run.db-wal"}) {
      const auto found = files_.find(folder_.path() + name);
      if (found != files_.end()) WriteBytes(found->first, found->second);
    }
  }
  /// Every byte, or one of `step`.
  void ExpectFoundOrUnused(const std::string& path, size_t step) {
    Restore();
    const auto expected = Drive();
    ASSERT_TRUE(expected.ok()) << expected.error().message;
    size_t found_count = 0;
    const Bytes& whole = files_.at(path);
    for (size_t at = 0; at < whole.size(); at += step) {
      Restore();
      Bytes damaged = whole;
      damaged[at] ^= static_cast<uint8_t>(1 << (at / step % 8));
      WriteBytes(path, damaged);
      const auto found = Drive();
      found_count += found ? 0 : 1;
      ASSERT_TRUE(!found || *found == *expected) << "byte " << at << " of " << whole.size();
    }
    EXPECT_GT(found_count, 0u);
  }

  std::map<std::string, Bytes> files_;
};

TEST_F(UnsealedRunTest, FlippedBytesOfTheDatabaseAreFoundOrUnused) {
  Close();
  Keep();
  ExpectFoundOrUnused(DatabasePath(), LongTests(23, 1));
}

TEST_F(UnsealedRunTest, FlippedBytesOfTheLogAreFoundOrUnused) {
  Keep();
  // As a kill leaves it: the log is whole, and has everything.
  run_.reset();
  ExpectFoundOrUnused(DatabasePath() + "-wal", LongTests(67, 1));
}

TEST_F(UnsealedRunTest, AHeaderOfTheLogThatWasChangedIsDamage) {
  Keep();
  run_.reset();
  for (size_t at = 0; at < 32; ++at) {
    Restore();
    Bytes damaged = files_.at(DatabasePath() + "-wal");
    damaged[at] ^= 1;
    WriteBytes(DatabasePath() + "-wal", damaged);
    const auto opened = DrivenRun::Resume(opener_.options());
    ASSERT_FALSE(opened.ok()) << at;
    EXPECT_EQ(opened.error().kind, OpenError::Kind::Damaged);
    EXPECT_THAT(opened.error().message, HasSubstr("run.db-wal is damaged"));
  }
}

TEST_F(UnsealedRunTest, ACommitOfTheLogThatIsNotTheLastIsMissed) {
  Keep();
  run_.reset();
  Restore();
  const auto whole = InspectLog(DatabasePath() + "-wal");
  ASSERT_TRUE(whole.ok());
  EXPECT_GT(whole->usable_commit_count, 5u);
  EXPECT_EQ(whole->lost_commit_count, 0u);
  EXPECT_FALSE(whole->is_damaged());
  Bytes damaged = files_.at(DatabasePath() + "-wal");
  damaged[100] ^= 1;
  WriteBytes(DatabasePath() + "-wal", damaged);
  const auto tail = InspectLog(DatabasePath() + "-wal");
  EXPECT_EQ(tail->usable_commit_count, 0u);
  EXPECT_EQ(tail->lost_commit_count, whole->usable_commit_count);
  EXPECT_TRUE(tail->is_damaged());
}

TEST_F(DamagedRunTest, ARowThatIsMissingIsNamed) {
  Close();
  {
    auto database = OpenRunDatabase(DatabasePath(), Database::Mode::ReadWrite, "");
    ASSERT_TRUE(database->Execute("DELETE FROM events WHERE seq = 5").ok());
  }
  const auto found = Drive();
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().message, "event 5 is missing");
}

TEST_F(DamagedRunTest, ACommitWithoutItsMarkIsNamed) {
  Close();
  {
    auto database = OpenRunDatabase(DatabasePath(), Database::Mode::ReadWrite, "");
    ASSERT_TRUE(database->Execute("UPDATE events SET mark = NULL WHERE seq = 13").ok());
  }
  const auto found = Drive();
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().message, "event 13 belongs to a commit whose end is missing");
}

TEST_F(DamagedRunTest, AMarkOfAnEpochThatNobodyDroveIsNamed) {
  Close();
  {
    auto database = OpenRunDatabase(DatabasePath(), Database::Mode::ReadWrite, "");
    ASSERT_TRUE(database->Execute("DELETE FROM drivers").ok());
  }
  const auto found = Drive();
  ASSERT_FALSE(found.ok());
  EXPECT_THAT(found.error().message, HasSubstr("is of epoch 1, which nobody drove then"));
}

TEST_F(DamagedRunTest, ATriggerOfAForeignDatabaseDoesNotRun) {
  Close();
  {
    auto database = OpenRunDatabase(DatabasePath(), Database::Mode::ReadWrite, "");
    ASSERT_TRUE(
        database->Execute("CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM inbox; END")
            .ok());
  }
  const auto found = Drive();
  ASSERT_FALSE(found.ok());
  EXPECT_THAT(found.error().message, HasSubstr("its tables are not those of a run"));
}

}  // namespace
}  // namespace wfc::store
