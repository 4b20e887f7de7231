// Operators and functions on values, each under the meter of one evaluation. Used by the machine
// only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ir/expr/vm/builtins.h"
#include "ir/expr/vm/bytecode.h"
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

[[nodiscard]] Value TypeError(std::string_view what);

// Operators; no operand is an error. Meter first, then as written.
Value Binary(Meter& meter, Opcode opcode, const Value& left, const Value& right);
Value Negate(const Value& operand);
Value Index(Meter& meter, const Value& operand, const Value& key);
Value Select(const Value& operand, const Value& name);
/// The part as an Optional: empty when absent.
Value ToOptional(Value part);
/// Empty when `x` is an Optional without value.
const Value* Unwrap(const Value& value);

// Values made of others; the parts are moved from.
Value MakeList(Meter& meter, std::span<Value> items);
Value MakeMap(Meter& meter, std::span<Value> keys_and_values);
Value MergeMaps(Meter& meter, const Value& left, const Value& right);
Value MakeText(Meter& meter, std::string text);
/// What Concat makes of its parts.
Value ConcatText(Meter& meter, std::span<const Value> parts);
/// Appends `value` as templates render it; false when that exceeds the budget.
[[nodiscard]] bool AppendRendered(Meter& meter, std::string& out, const Value& value);

/// Calls `builtin`; no argument is an error, and their number is within the table's bounds.
Value CallBuiltin(Meter& meter, Builtin builtin, std::span<const Value> arguments);

#define WFC_BUILTIN(id, name, form, min_arguments, max_arguments, since, help) \
  Value Call##id(Meter& meter, std::span<const Value> arguments);
#include "ir/expr/vm/builtins.def"

}  // namespace wfc::vm
