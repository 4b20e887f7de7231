// Looks at the end of a write-ahead log. SQLite takes a log up to the first frame that is damaged,
// and is silent about what follows; this tells a log that a crash cut short from one that was
// damaged later.
#pragma once

#include <cstdint>
#include <string>

#include "ir/base/result.h"

namespace wfc::store {

/// What SQLite will make of a log.
struct LogTail {
  /// SQLite will take the log for empty although it is not. The header is synced before anything
  /// else is written, so no crash leaves a damaged one.
  bool is_header_damaged = false;
  uint64_t usable_commit_count = 0;  ///< the commits that it reads
  /// The commits of this log behind the first frame that is damaged. Each commit is synced before
  /// the next begins, so a crash leaves at most one; where there are more, some were durable.
  uint64_t lost_commit_count = 0;
  /// The frames of this log that it does not read: of a commit that a crash cut short, or damaged.
  uint64_t unusable_frame_count = 0;

  /// Whether commits that were durable have been lost.
  [[nodiscard]] bool is_damaged() const { return is_header_damaged || lost_commit_count > 1; }
};

/// Inspects the file `run.db-wal` at an absolute path; a log that does not exist is empty. Nobody
/// may be writing to it.
[[nodiscard]] Result<LogTail> InspectLog(const std::string& path);

}  // namespace wfc::store
