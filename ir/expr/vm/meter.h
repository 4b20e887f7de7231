// What one evaluation has used of its budget. Used by the machine and the operations on values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ir/expr/vm/vm.h"

namespace re2 {
class RE2;
}

namespace wfc::vm {

/// What one evaluation has used of its budget, and the last pattern it compiled.
class Meter {
 public:
  explicit Meter(const Budget& budget);
  ~Meter();

  /// False once the steps are used up.
  [[nodiscard]] bool Step(uint64_t steps = 1) {
    if (steps > steps_left_) return Exhaust();
    steps_left_ -= steps;
    return true;
  }
  /// One step per 64 bytes that an operation walks over.
  [[nodiscard]] bool Walk(uint64_t bytes) { return Step(1 + bytes / 64); }
  /// Before `bytes` are made for a value whose weight becomes `weight`.
  [[nodiscard]] bool Allocate(uint64_t bytes, uint64_t weight);
  /// Before `pattern` is looked for in `bytes`: as much as the search takes where it has to follow
  /// all ways through the pattern at once.
  [[nodiscard]] bool Search(const re2::RE2& pattern, uint64_t bytes);
  [[nodiscard]] bool exhausted() const { return exhausted_; }
  [[nodiscard]] static Value BudgetError();

  /// The compiled `pattern`, or null when it is not RE2 or too large.
  const re2::RE2* Pattern(std::string_view pattern);

 private:
  bool Exhaust() {
    exhausted_ = true;
    steps_left_ = 0;
    return false;
  }
  uint64_t steps_left_;
  uint64_t bytes_left_;
  uint64_t value_bytes_;
  bool exhausted_ = false;
  std::string pattern_text_;
  std::unique_ptr<re2::RE2> pattern_;
};

}  // namespace wfc::vm
