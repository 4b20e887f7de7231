// Disks that fail and power that is cut: a journal breaks cleanly, and what it called durable is
// there afterwards.
#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/backend-runtime/store/faulty_vfs.h"
#include "tests/backend-runtime/store/kept_run.h"
#include "tests/backend-runtime/store/long_tests.h"

namespace wfc::store {
namespace {

using journal::CloseHow;
using journal::Journal;
using journal::OwnedRow;

/// What became of a run that was driven over a disk that failed.
struct Driven {
  std::vector<OwnedRow> rows;  ///< all that were recorded before, or appended
  uint64_t durable = 0;
  std::optional<std::string> failure;
  bool is_last_row_written = false;                       ///< the one of `AppendAfterFailure`
  std::vector<std::pair<uint64_t, Sha256Digest>> values;  ///< of rows, by their numbers
};

constexpr uint8_t kLastRowType = 99;

class DiskTest : public testing::Test {
 protected:
  DiskTest() {
    RunOpener opener(folder_.Make("template"));
    const auto run = opener.Create();
    Random random(1);
    for (int i = 0; i < 5; ++i) AppendDrawn(run->journal(), random, template_rows_);
    WFC_CHECK(run->journal().Close(CloseHow::Parked).ok());
  }

  /// A copy of the run that all cases begin with.
  std::string MakeCase() {
    const std::string folder = folder_.path() + "/case";
    std::filesystem::remove_all(folder);
    std::filesystem::copy(folder_.path() + "/template", folder);
    return folder;
  }

  static void AppendDrawn(Journal& journal, Random& random, std::vector<OwnedRow>& rows) {
    std::vector<uint8_t> payload;
    journal::Row row = journal::DrawRow(random, payload);
    row.type = static_cast<uint8_t>(row.type % kLastRowType);
    row.seq = journal.Append(row);
    rows.emplace_back(row);
  }

  /// Drives the run over the layer that fails: several commits, with checkpoints between them.
  Driven Drive(const std::string& folder, uint64_t seed) {
    Driven driven = {.rows = template_rows_, .durable = template_rows_.size()};
    RunOpener opener(folder);
    DrivenRun::Options options = opener.options();
    options.vfs = FaultyVfs::name();
    options.max_log_bytes = 16 << 10;
    const auto run = opener.Loaded(DrivenRun::Resume(options));
    if (run == nullptr) {
      driven.failure = opener.error();
      return driven;
    }
    Journal& journal = run->journal();
    Random random(seed);
    for (int commit = 0; commit < 5 && !journal.failure(); ++commit) {
      if (commit % 3 == 1) {
        const std::vector<uint8_t> value(5000, static_cast<uint8_t>(commit));
        driven.values.emplace_back(journal.last_seq() + 1, run->blobs().Put(value));
      }
      for (uint64_t count = 1 + random.Below(3); count > 0; --count) {
        AppendDrawn(journal, random, driven.rows);
      }
      journal.Request(journal.last_seq());
      if (commit % 2 == 0) journal.Idle();
      WFC_CHECK(opener.reactor().RunUntil(
          [&] { return journal.failure() || journal.durable() == journal.last_seq(); }));
    }
    if (!journal.failure()) static_cast<void>(journal.Close(CloseHow::Ended).ok());
    driven.failure = journal.failure();
    driven.durable = std::max(driven.durable, journal.durable());
    if (driven.failure) {
      driven.is_last_row_written = journal.AppendAfterFailure({.type = kLastRowType}).ok();
    }
    return driven;
  }

  /// What was durable is there, behind it a prefix of the rest, and then the last row if written.
  static void ExpectKept(const std::string& folder, const Driven& driven) {
    RunOpener opener(folder);
    const auto run = opener.Resume();
    ASSERT_NE(run, nullptr) << opener.error();
    std::vector<OwnedRow> rows = opener.rows();
    const bool has_last_row = !rows.empty() && rows.back().row.type == kLastRowType;
    if (has_last_row) rows.pop_back();
    EXPECT_GE(rows.size(), driven.durable);
    ASSERT_LE(rows.size(), driven.rows.size());
    EXPECT_TRUE(std::ranges::equal(rows, std::span(driven.rows).first(rows.size())));
    for (const auto& [seq, digest] : driven.values) {
      if (seq <= rows.size()) EXPECT_TRUE(run->blobs().Get(digest).ok());
    }
    if (driven.is_last_row_written) EXPECT_TRUE(has_last_row);
  }

  TemporaryFolder folder_;
  std::vector<OwnedRow> template_rows_;
  FaultyVfs vfs_;
};

class FailingDiskTest : public DiskTest,
                        public testing::WithParamInterface<std::pair<FaultyVfs::Kind, bool>> {};

TEST_P(FailingDiskTest, TheJournalBreaksAndLosesNothingThatWasDurable) {
  const auto [kind, lasts] = GetParam();
  int failed_count = 0;
  int last_row_count = 0;
  const auto step = static_cast<int64_t>(LongTests(2, 1));
  for (int64_t at = lasts && step > 1 ? 1 : 0;; at += step) {
    SCOPED_TRACE(fmt::format("operation {}", at));
    const std::string folder = MakeCase();
    vfs_.Arm({.kind = kind, .at = at, .lasts = lasts});
    const Driven driven = Drive(folder, 7);
    const bool has_failed = vfs_.has_failed();
    vfs_.Arm({});
    ExpectKept(folder, driven);
    if (HasFailure() || !has_failed) break;
    failed_count += driven.failure ? 1 : 0;
    last_row_count += driven.is_last_row_written ? 1 : 0;
  }
  EXPECT_GT(failed_count, 5);
  // A disk that fails once takes the last row, and one that goes on failing does not.
  EXPECT_EQ(last_row_count > 0, !lasts);
}

using FaultKind = FaultyVfs::Kind;
INSTANTIATE_TEST_SUITE_P(
    Kinds, FailingDiskTest,
    testing::Values(std::pair(FaultKind::IoError, false), std::pair(FaultKind::IoError, true),
                    std::pair(FaultKind::NoSpace, false), std::pair(FaultKind::NoSpace, true),
                    std::pair(FaultKind::ShortWrite, false), std::pair(FaultKind::ShortWrite, true),
                    std::pair(FaultKind::SyncFails, false), std::pair(FaultKind::SyncFails, true)));

TEST_F(DiskTest, AJournalWithNothingToDoLeavesTheDiskAlone) {
  RunOpener opener(MakeCase());
  DrivenRun::Options options = opener.options();
  options.vfs = FaultyVfs::name();
  options.max_log_bytes = 1;  // so that each commit is followed by a checkpoint
  const auto run = opener.Loaded(DrivenRun::Resume(options));
  ASSERT_NE(run, nullptr) << opener.error();
  run->journal().Append({});
  ASSERT_TRUE(opener.reactor().RunUntil([&] { return run->journal().durable() == 6; }));
  // What remains to be done is a matter of milliseconds; the disk is still in one of these spans.
  bool is_still = false;
  for (int i = 0; i < 100 && !is_still; ++i) {
    vfs_.Arm({});
    usleep(20'000);
    is_still = vfs_.lock_count() == 0;
  }
  EXPECT_TRUE(is_still);
}

TEST_F(DiskTest, APowerCutKeepsWhatWasDurableWhateverSectorsItLoses) {
  const uint64_t count = LongTests(120, 20'000);
  for (uint64_t seed = 0; seed < count; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Random random(seed);
    const std::string folder = MakeCase();
    vfs_.Arm({.at = static_cast<int64_t>(random.Below(200)), .lasts = true});
    const Driven driven = Drive(folder, seed);
    vfs_.Arm({});
    vfs_.LoseUnsynced(random);
    ExpectKept(folder, driven);
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace wfc::store
