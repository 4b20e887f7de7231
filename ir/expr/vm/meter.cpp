#include "ir/expr/vm/meter.h"

#include <re2/re2.h>

namespace wfc::vm {
namespace {

constexpr int64_t kPatternBytes = 1 << 20;
constexpr uint64_t kPatternSteps = 500;

}  // namespace

Meter::Meter(const Budget& budget)
    : steps_left_(budget.steps),
      bytes_left_(budget.allocated_bytes),
      value_bytes_(budget.value_bytes) {}

Meter::~Meter() = default;

bool Meter::Allocate(uint64_t bytes, uint64_t weight) {
  if (!Walk(bytes)) return false;
  if (bytes > bytes_left_ || weight > value_bytes_) return Exhaust();
  bytes_left_ -= bytes;
  return true;
}

Value Meter::BudgetError() {
  return Value::Error(ErrorCode::Budget, "the evaluation exceeds its budget");
}

const re2::RE2* Meter::Pattern(std::string_view pattern) {
  if (pattern_ != nullptr && pattern_text_ == pattern)
    return pattern_->ok() ? pattern_.get() : nullptr;
  if (!Step(kPatternSteps + pattern.size())) return nullptr;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternBytes);
  pattern_text_ = pattern;
  pattern_ = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  return pattern_->ok() ? pattern_.get() : nullptr;
}

}  // namespace wfc::vm
