// DueQueue: the slots that wait for a time, the earliest first (a binary heap). Used by the state
// machine alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "backend-runtime/runtime/machine/ids.h"

namespace wfc::runtime {

/// A failed attempt that is followed by another. A slot may be used for another body before the
/// time has come; the body and the attempt tell whether the entry still applies.
struct DueRetry {
  int64_t due = 0;  ///< nanoseconds of run time
  SlotId slot;
  BodyId body;
  uint32_t failed_attempt = 0;
};

/// Each operation is logarithmic in the entries. Of entries that are due at one time, any may be
/// the first.
class DueQueue {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  /// All entries, in no order that means something.
  [[nodiscard]] std::span<const DueRetry> entries() const { return heap_; }
  /// The earliest entry. The queue must not be empty.
  [[nodiscard]] const DueRetry& first() const { return heap_.front(); }

  void Insert(const DueRetry& retry) {
    heap_.push_back(retry);
    std::ranges::push_heap(heap_, IsLater);
  }
  /// Removes the earliest entry. The queue must not be empty.
  void EraseFirst() {
    std::ranges::pop_heap(heap_, IsLater);
    heap_.pop_back();
  }

 private:
  static bool IsLater(const DueRetry& a, const DueRetry& b) { return a.due > b.due; }

  std::vector<DueRetry> heap_;
};

}  // namespace wfc::runtime
