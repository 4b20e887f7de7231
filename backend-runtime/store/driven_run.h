// DrivenRun: the hold of one driver on a run that is kept on the disk. It brings lock, database,
// journal, inbox and values of the run's folder together.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/store/log_tail.h"
#include "backend-runtime/store/open_run.h"
#include "backend-runtime/store/run_database.h"
#include "backend-runtime/store/run_lock.h"
#include "backend-runtime/store/sqlite_blobs.h"
#include "backend-runtime/store/sqlite_inbox.h"
#include "backend-runtime/store/sqlite_journal.h"

namespace wfc::store {

/// Holds the run's lock as long as it exists. Destroying it before the journal is closed leaves the
/// run as a crash does.
class DrivenRun {
 public:
  enum class IfHeld : uint8_t {
    Refuse,
    TakeOver,  ///< kill the driver that holds the run, if it is known for certain
  };
  struct Options {
    std::string folder;  ///< of the run: an absolute path of an existing folder
    journal::Post post;
    const host::Clock* clock = nullptr;  ///< must not be null, and must outlive the run
    IfHeld if_held = IfHeld::Refuse;
    std::string token;  ///< what the caller shows; empty: what `resume.token` says, if readable
    std::optional<Sha256Digest> seal;  ///< of a run that rests
    /// Makes it durable that the run has no seal any more. Is called before a database with a seal
    /// is changed; must be set if there is a seal.
    std::function<Result<void>()> unseal;
    /// The size of the write-ahead log from which on it is copied into the database.
    int64_t max_log_bytes = kMaxLogBytes;
    std::string vfs;  ///< the layer of SQLite that makes the system calls; empty: the usual one
  };
  using Opened = Result<std::unique_ptr<DrivenRun>, OpenError>;

  /// Makes the files of a new run. `run.meta.token_sha256` is filled in.
  [[nodiscard]] static Opened Create(Options options, NewRun run);
  /// Opens a run that was driven before. The database is not changed before the journal is loaded,
  /// which checks the rows and begins an epoch.
  [[nodiscard]] static Opened Resume(Options options);

  DrivenRun(const DrivenRun&) = delete;
  DrivenRun& operator=(const DrivenRun&) = delete;

  [[nodiscard]] const RunMeta& meta() const { return meta_; }
  /// The drivers before this one.
  [[nodiscard]] const std::vector<Driver>& earlier_drivers() const { return drivers_; }
  /// How the write-ahead log was found. Frames that are not usable are worth a note.
  [[nodiscard]] const LogTail& log_tail() const { return log_tail_; }
  [[nodiscard]] journal::Journal& journal() { return *journal_; }
  /// Both are for use after the journal is loaded.
  [[nodiscard]] journal::Inbox& inbox() { return *inbox_; }
  [[nodiscard]] journal::Blobs& blobs() { return *blobs_; }
  /// This driver's epoch; 0 before the journal is loaded.
  [[nodiscard]] uint64_t epoch() const { return epoch_; }
  /// After `Journal::Close`: the seal. None if others were reading the database, so that it could
  /// not be left as one file.
  [[nodiscard]] const std::optional<Sha256Digest>& seal() const { return seal_; }

 private:
  DrivenRun(Options options, RunLock lock, ArtifactFiles artifacts);

  [[nodiscard]] static Opened Hold(Options options);
  [[nodiscard]] Result<void, OpenError> Inspect();
  [[nodiscard]] Result<RunWriter, journal::LoadError> Load(const journal::RowVisitor& visit);
  /// Opens the database for writing, behind the rows that have been read.
  [[nodiscard]] DatabaseResult<RunWriter> BeginToWrite(const ChainEnd& end);
  [[nodiscard]] Result<void> AppendAfterFailure(const journal::Row& row);
  [[nodiscard]] DatabaseResult<RunWriter> OpenAgain();
  [[nodiscard]] DatabaseResult<RunWriter> MakeWriter(Database database, const ChainEnd& end);
  [[nodiscard]] Result<void> Seal();
  [[nodiscard]] std::string DatabasePath() const { return options_.folder + "/run.db"; }

  Options options_;
  RunLock lock_;
  ArtifactFiles artifacts_;
  Database reader_;
  RunMeta meta_;
  std::vector<Driver> drivers_;
  LogTail log_tail_;
  uint64_t epoch_ = 0;
  std::optional<Sha256Digest> seal_;
  std::unique_ptr<SqliteJournal> journal_;
  std::unique_ptr<SqliteInbox> inbox_;
  std::unique_ptr<SqliteBlobs> blobs_;
};

}  // namespace wfc::store
