// ReadySet: the slots of one instance that may begin, as a bitmap with summary levels, so that
// finding the lowest one reads one word per level (a hierarchical bitmap, 64 children per node).
// Used by the state machine alone.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "backend-runtime/runtime/machine/ids.h"
#include "ir/base/id_range.h"

namespace wfc::runtime {

/// Memory is about a bit per slot; `Insert` and `Erase` change one word per level at
/// most. Holds only slots of the range that it is made for.
class ReadySet {
 public:
  explicit ReadySet(IdRange<SlotId> slots) : first_((*slots.begin()).index()) {
    size_t count = slots.size();
    do {
      count = std::max<size_t>((count + 63) / 64, 1);
      levels_.emplace_back(count);
    } while (count > 1);
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool Contains(SlotId slot) const {
    const uint32_t index = slot.index() - first_;
    return (levels_[0][index >> 6] >> (index & 63) & 1) != 0;
  }
  /// The lowest slot. The set must not be empty.
  [[nodiscard]] SlotId First() {
    if (levels_[0][first_word_] == 0) first_word_ = FindFirstWord();
    return SlotId(first_ + (first_word_ << 6 | Lowest(levels_[0][first_word_])));
  }

  /// `slot` must not be in the set.
  void Insert(SlotId slot) {
    ++size_;
    uint32_t index = slot.index() - first_;
    first_word_ = std::min(first_word_, index >> 6);
    for (std::vector<uint64_t>& level : levels_) {
      uint64_t& word = level[index >> 6];
      const bool was_empty = word == 0;
      word |= uint64_t{1} << (index & 63);
      if (!was_empty) return;
      index >>= 6;
    }
  }

  /// `slot` must be in the set.
  void Erase(SlotId slot) {
    --size_;
    uint32_t index = slot.index() - first_;
    for (std::vector<uint64_t>& level : levels_) {
      uint64_t& word = level[index >> 6];
      word &= ~(uint64_t{1} << (index & 63));
      if (word != 0) return;
      index >>= 6;
    }
  }

 private:
  static uint32_t Lowest(uint64_t word) { return static_cast<uint32_t>(std::countr_zero(word)); }

  [[nodiscard]] uint32_t FindFirstWord() const {
    uint32_t index = 0;
    for (size_t level = levels_.size() - 1; level > 0; --level) {
      index = index << 6 | Lowest(levels_[level][index]);
    }
    return index;
  }

  uint32_t first_;  // the index of the first slot, for which bit 0 stands
  // Level 0 has a bit per slot; level i + 1 has a bit per word of level i, set if the word is not
  // 0.
  std::vector<std::vector<uint64_t>> levels_;
  uint32_t first_word_ = 0;  // all words of level 0 before it are 0
  size_t size_ = 0;
};

}  // namespace wfc::runtime
