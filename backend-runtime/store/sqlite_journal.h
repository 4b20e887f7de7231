// SqliteJournal: the journal of a run on the disk. Rows gather in memory and are committed together
// by a thread of their own, or in line when the reactor has nothing else to do.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "backend-runtime/runtime/journal/journal.h"
#include "backend-runtime/runtime/journal/progress.h"
#include "backend-runtime/store/frame.h"
#include "backend-runtime/store/run_writer.h"

namespace wfc::store {

/// When rows are committed although nothing waits for them.
inline constexpr size_t kMaxFrameRows = 4096;
inline constexpr size_t kMaxFrameBytes = size_t{1} << 20;
inline constexpr std::chrono::milliseconds kMaxFrameAge{5};

class SqliteJournal : public journal::Journal {
 public:
  /// What the journal needs of the run that it belongs to.
  struct Parts {
    journal::Post post;
    /// Shows the rows that were recorded before, and begins an epoch behind them.
    std::function<Result<RunWriter, journal::LoadError>(const journal::RowVisitor&)> load;
    /// Attempts to record one row by new descriptors, after the writer has failed.
    std::function<Result<void>(const journal::Row&)> append_after_failure;
    /// Closes what would keep the database from being left as one file.
    std::function<void()> closing;
    /// Is called when the database has been left as one file and is closed.
    std::function<Result<void>()> closed;
  };

  explicit SqliteJournal(Parts parts) : parts_(std::move(parts)), progress_(parts_.post) {}
  SqliteJournal(const SqliteJournal&) = delete;
  SqliteJournal& operator=(const SqliteJournal&) = delete;
  /// Waits for a commit that is under way; what is not committed by then is dropped.
  ~SqliteJournal() override;

  Result<void, journal::LoadError> Load(const journal::RowVisitor& visit) override;
  uint64_t Append(const journal::Row& row) override;
  uint64_t AppendTaking(const journal::Row& row, uint64_t entry_id) override;
  [[nodiscard]] uint64_t last_seq() const override;
  [[nodiscard]] uint64_t durable() const override;
  [[nodiscard]] size_t backlog_bytes() const override;
  void Request(uint64_t seq) override;
  void Idle() override;
  void OnProgress(std::function<void()> handler) override {
    progress_.SetHandler(std::move(handler));
  }
  [[nodiscard]] std::optional<std::string> failure() const override;
  Result<void> AppendAfterFailure(const journal::Row& row) override;
  Result<void> Close(journal::CloseHow how) override;

  /// Keeps a value with the rows that are not committed yet.
  void AddBlob(const Sha256Digest& digest, std::span<const uint8_t> bytes);
  /// A value that is not durable yet; null when there is none of this digest.
  [[nodiscard]] std::shared_ptr<const std::vector<uint8_t>> FindBlob(
      const Sha256Digest& digest) const;
  /// Whether a row that has been appended takes this entry.
  [[nodiscard]] bool IsTaken(uint64_t entry_id) const;

 private:
  using Lock = std::unique_lock<std::mutex>;
  using Time = std::chrono::steady_clock::time_point;

  uint64_t AddRow(const journal::Row& row, uint64_t entry_id);
  /// The commit thread.
  void Work();
  /// Waits until there is something to do; false when the thread is to end.
  [[nodiscard]] bool WaitForWork(Lock& lock);
  [[nodiscard]] bool IsCommitDue() const;
  /// Commits what has gathered. Without the lock while it writes; `is_writing_` keeps others out.
  void CommitPending(Lock& lock);
  void Checkpoint(Lock& lock);
  void HandOver();
  void Fail(const DatabaseError& error);
  void StopThread();

  Parts parts_;
  journal::ProgressPoster progress_;
  std::shared_ptr<SqliteJournal*> self_ = std::make_shared<SqliteJournal*>(this);

  mutable std::mutex mutex_;
  std::condition_variable has_work_;
  std::optional<RunWriter> writer_;  // used by whoever has set `is_writing_`
  Frame pending_{1};
  size_t pending_blob_bytes_ = 0;
  size_t writing_bytes_ = 0;
  Time pending_since_;  // when the oldest of the pending rows came
  std::map<Sha256Digest, std::shared_ptr<const std::vector<uint8_t>>> blobs_;
  std::map<uint64_t, uint64_t> taken_by_;
  uint64_t last_seq_ = 0;
  uint64_t durable_ = 0;
  uint64_t requested_ = 0;    // something waits for this row
  uint64_t handed_over_ = 0;  // and the thread is to commit it at once
  bool is_hand_over_posted_ = false;
  bool is_writing_ = false;
  bool is_thread_asleep_ = false;  // it waits without a limit
  bool is_stopping_ = false;
  std::optional<std::string> failure_;
  std::thread thread_;
};

}  // namespace wfc::store
