// Accounts for the budget of one evaluation. The machine and the operations on values charge it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ir/expr/vm/vm.h"

namespace re2 {
class RE2;
}

namespace wfc::vm {

/// What remains of the budget of one evaluation, and the patterns that it compiled last. Once the
/// budget is exceeded, every further charge fails, and the machine yields BudgetError.
class Meter {
 public:
  /// The patterns that are kept compiled.
  static constexpr size_t kKeptPatterns = 8;

  explicit Meter(const Budget& budget);
  ~Meter();

  /// Charges `steps`. False if fewer are left.
  [[nodiscard]] bool Step(uint64_t steps = 1) {
    if (steps > steps_left_) return Exhaust();
    steps_left_ -= steps;
    return true;
  }
  /// Charges for an operation that reads `bytes`: one step, and one more per 64 bytes. False if the
  /// budget is exceeded.
  [[nodiscard]] bool Walk(uint64_t bytes) { return Step(1 + bytes / 64); }
  /// Charges for `bytes` of memory before they are allocated for a value whose weight becomes
  /// `weight`. False if the steps, the bytes of the evaluation or the size of a single value would
  /// be exceeded.
  [[nodiscard]] bool Allocate(uint64_t bytes, uint64_t weight);
  /// Charges for searching `bytes` for `pattern`, before the search. The charge covers the worst
  /// case, in which RE2 has to follow all alternatives of the pattern at once (its NFA). False if
  /// the budget is exceeded.
  [[nodiscard]] bool Search(const re2::RE2& pattern, uint64_t bytes);
  /// Whether a charge has failed.
  [[nodiscard]] bool exhausted() const { return exhausted_; }
  /// The error of an evaluation that exceeds its budget.
  [[nodiscard]] static Value BudgetError();

  /// The compiled `pattern`; null if it is not a valid RE2 pattern, is too large, or compiling it
  /// exceeds the budget. Valid until the next call. The last few patterns are kept and cost nothing
  /// when they are asked for again, so that a loop can use several.
  const re2::RE2* FindPattern(std::string_view pattern);

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
  struct Pattern {
    std::string text;
    std::unique_ptr<re2::RE2> compiled;
  };
  std::vector<Pattern> patterns_;  ///< the one compiled last at the end
};

}  // namespace wfc::vm
