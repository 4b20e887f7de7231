// RunWriter: writes the rows of a run, frame by frame, in one epoch.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/store/artifact_files.h"
#include "backend-runtime/store/database.h"
#include "backend-runtime/store/frame.h"
#include "backend-runtime/store/row_chain.h"

namespace wfc::store {

/// The size of the write-ahead log from which on it is copied into the database.
inline constexpr int64_t kMaxLogBytes = int64_t{16} << 20;

/// One driver's connection for writing. After an error it must not be used any more: what of the
/// frame is recorded is unknown. Used by one thread at a time.
class RunWriter {
 public:
  struct Options {
    uint64_t epoch = 0;
    ChainEnd end;                        ///< where the chain of the database ends
    const host::Clock* clock = nullptr;  ///< must not be null, and must outlive the writer
    int64_t max_log_bytes = kMaxLogBytes;
  };
  [[nodiscard]] static DatabaseResult<RunWriter> Make(Database database, ArtifactFiles artifacts,
                                                      const Options& options);

  /// Makes a frame durable, all of it or nothing. Fails with TakenOver when there is a later epoch.
  [[nodiscard]] DatabaseResult<void> Commit(const Frame& frame);

  /// Whether the write-ahead log has grown so long that it is time to copy it into the database.
  [[nodiscard]] bool needs_checkpoint() const;
  [[nodiscard]] DatabaseResult<void> Checkpoint();

  /// Records the end of the epoch, and leaves the database as one file, in a form that can be read
  /// where nothing can be written. The error is of kind Busy when others read it; everything
  /// is durable then nevertheless. The writer is used up in any case.
  [[nodiscard]] DatabaseResult<void> Finish(const std::string& how);

  /// The last row that is recorded.
  [[nodiscard]] uint64_t last_seq() const { return chain_.end().seq; }

 private:
  RunWriter(Database database, ArtifactFiles artifacts, const Options& options)
      : database_(std::move(database)),
        artifacts_(std::move(artifacts)),
        options_(options),
        chain_(options.end) {}

  [[nodiscard]] DatabaseResult<void> PrepareAll();
  [[nodiscard]] DatabaseResult<void> WriteArtifacts(const Frame& frame);
  [[nodiscard]] DatabaseResult<void> CheckEpoch();
  [[nodiscard]] DatabaseResult<void> WriteBlobs(const Frame& frame);
  [[nodiscard]] DatabaseResult<void> WriteRows(const Frame& frame);
  [[nodiscard]] DatabaseResult<void> TakeEntries(const Frame& frame);

  Database database_;
  ArtifactFiles artifacts_;
  Options options_;
  RowChain chain_;
  Statement begin_;
  Statement commit_;
  Statement highest_epoch_;
  Statement insert_row_;
  Statement insert_blob_;
  Statement take_entry_;
};

}  // namespace wfc::store
