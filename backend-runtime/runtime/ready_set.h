// ReadySet: the nodes that may start, as a bitmap with summaries, so that taking the first one
// costs a few words whatever the size.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace wfc::runtime {

class ReadySet {
 public:
  explicit ReadySet(size_t node_count) {
    size_t count = node_count;
    do {
      count = (count + 63) / 64;
      levels_.emplace_back(count);
    } while (count > 1);
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }

  void Insert(uint32_t node) {
    ++size_;
    uint32_t index = node >> 6;
    if (index < first_) first_ = index;
    uint64_t before = levels_[0][index];
    levels_[0][index] = before | uint64_t{1} << (node & 63);
    for (size_t level = 1; before == 0 && level < levels_.size(); ++level) {
      uint64_t& word = levels_[level][index >> 6];
      before = word;
      word |= uint64_t{1} << (index & 63);
      index >>= 6;
    }
  }

  /// `node` is in the set.
  void Erase(uint32_t node) {
    --size_;
    uint32_t index = node;
    for (std::vector<uint64_t>& level : levels_) {
      uint64_t& word = level[index >> 6];
      word &= ~(uint64_t{1} << (index & 63));
      if (word != 0) return;
      index >>= 6;
    }
  }

  /// Takes the lowest node out; the set is not empty.
  uint32_t Pop() {
    if (levels_[0][first_] == 0) first_ = FindFirstWord();
    const auto bit = static_cast<uint32_t>(std::countr_zero(levels_[0][first_]));
    const uint32_t node = first_ << 6 | bit;
    Erase(node);
    return node;
  }

 private:
  [[nodiscard]] uint32_t FindFirstWord() const {
    uint32_t index = 0;
    for (size_t level = levels_.size() - 1; level > 0; --level) {
      index = index << 6 | static_cast<uint32_t>(std::countr_zero(levels_[level][index]));
    }
    return index;
  }

  std::vector<std::vector<uint64_t>> levels_;  // a bit of level i + 1 for each word of level i
  uint32_t first_ = 0;                         // no word of level 0 before it has a bit
  size_t size_ = 0;
};

}  // namespace wfc::runtime
