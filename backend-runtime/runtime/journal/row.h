// The rows of a journal. What a row means is the business of those who write and read it; a journal
// keeps rows, in order, and knows nothing of plans, values or the state machine.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ir/base/id.h"

namespace wfc::journal {

struct RowNodeTag;
/// The index of a node in the run's plan; an id without a value where a row belongs to no node.
using RowNode = Id<RowNodeTag>;

/// Rows whose type is below this are facts, which recovery applies again. The others are notes:
/// consequences of facts, recorded for people.
inline constexpr uint8_t kFirstNoteType = 128;

/// The most bytes that the payload of one row can have. Larger values belong in `Blobs`.
inline constexpr size_t kMaxPayloadBytes = size_t{1} << 24;

/// One record of a run. A row does not own its payload.
struct Row {
  uint64_t seq = 0;  ///< 1 for a run's first row, and one more for each that follows
  int64_t at = 0;    ///< run time: nanoseconds for which the run has been driven
  uint8_t type = 0;
  uint64_t scope = 0;  ///< the body: the `seq` of the row that opened it; 0 for the workflow
  uint32_t item = 0;   ///< the map's item or the loop's round; 0 elsewhere
  RowNode node = {};
  uint32_t attempt = 0;
  std::span<const uint8_t> payload = {};

  [[nodiscard]] bool is_fact() const { return type < kFirstNoteType; }
};

/// Whether two rows agree in everything, payloads compared by content.
[[nodiscard]] bool operator==(const Row& a, const Row& b);

/// Appends the bytes for which checks and hashes of `row` are computed: seq, at, type, scope, item,
/// node, attempt and the payload's size, each little-endian in its own width (the size in 32 bits),
/// then the payload. Two rows have equal bytes exactly when they are equal.
void AppendCanonical(std::vector<uint8_t>& out, const Row& row);

/// Rows of consecutive numbers, with their payloads.
class RowList {
 public:
  /// The first row that is added gets the number 1, or else `first_seq`.
  RowList() = default;
  explicit RowList(uint64_t first_seq) : first_seq_(first_seq) {}

  /// Adds a copy of `row` under the next number, which it returns. `row.seq` is not looked at.
  uint64_t Add(const Row& row);
  /// Keeps the first `count` rows. Precondition: there are as many.
  void Truncate(size_t count);

  [[nodiscard]] size_t size() const { return heads_.size(); }
  [[nodiscard]] bool empty() const { return heads_.empty(); }
  /// The memory that the rows need, about.
  [[nodiscard]] size_t size_bytes() const;
  [[nodiscard]] uint64_t next_seq() const { return first_seq_ + heads_.size(); }
  /// The row at `index`, counted from 0. Its payload is valid until the list changes.
  [[nodiscard]] Row Get(size_t index) const;

 private:
  struct Head {
    int64_t at;
    uint64_t scope;
    uint64_t payload_end;  // in `payloads_`, where the row before ends its own
    uint32_t item;
    RowNode node;
    uint32_t attempt;
    uint8_t type;
  };

  uint64_t first_seq_ = 1;
  std::vector<Head> heads_;
  std::vector<uint8_t> payloads_;
};

}  // namespace wfc::journal
