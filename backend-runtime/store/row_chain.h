// RowChain: what makes a change to recorded rows detectable. Each row has a check that depends on
// all rows before it, which names the first bad row; each commit has a mark with a SHA-256 that
// depends on all commits before it, which cannot be forged without changing every later one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "backend-runtime/host/sha256.h"
#include "backend-runtime/runtime/journal/row.h"
#include "ir/base/digest.h"

namespace wfc::store {

/// What is written with the last row of a commit.
struct CommitMark {
  uint64_t epoch = 0;  ///< of the driver that made the commit
  int64_t wall = 0;    ///< nanoseconds since 1970-01-01 UTC
  /// The SHA-256 of the digest of the commit before (zeros before the first), the canonical bytes
  /// of the rows since, `epoch` and `wall`, both as little-endian 64-bit numbers.
  Sha256Digest digest = {};

  friend bool operator==(const CommitMark&, const CommitMark&) = default;
};

/// Both numbers little-endian, then the digest: 48 bytes.
[[nodiscard]] std::vector<uint8_t> Encode(const CommitMark& mark);
/// Nothing when `bytes` is not 48 bytes long.
[[nodiscard]] std::optional<CommitMark> DecodeMark(std::span<const uint8_t> bytes);

/// What the chain of a run has come to.
struct ChainEnd {
  uint64_t seq = 0;  ///< of the last row; 0 when there is none
  uint64_t check = 0;
  uint64_t epoch = 0;
  Sha256Digest digest = {};

  friend bool operator==(const ChainEnd&, const ChainEnd&) = default;
};

/// Computes checks and marks, both when rows are written and when they are read.
class RowChain {
 public:
  RowChain() = default;
  explicit RowChain(const ChainEnd& end) : end_(end) {}

  /// Adds a row, and returns its check: the low 63 bits of the XXH3 of its canonical bytes, seeded
  /// with the check of the row before.
  uint64_t AddRow(const journal::Row& row);
  /// Ends a commit with the rows that have been added since the last one. Precondition: there are
  /// some.
  CommitMark EndCommit(uint64_t epoch, int64_t wall);

  /// Precondition: no row has been added since the last commit.
  [[nodiscard]] const ChainEnd& end() const { return end_; }
  [[nodiscard]] uint64_t open_row_count() const { return open_row_count_; }

 private:
  void HashBuffer();

  ChainEnd end_;
  uint64_t open_row_count_ = 0;
  host::Sha256Stream commit_;    // digests the open commit
  std::vector<uint8_t> buffer_;  // bytes that `commit_` has not been given yet
};

}  // namespace wfc::store
