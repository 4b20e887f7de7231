#include "ir/expr/vm/meter.h"

#include <re2/re2.h>

namespace wfc::vm {
namespace {

constexpr int64_t kPatternBytes = 1 << 20;
constexpr uint64_t kPatternSteps = 500;

std::unique_ptr<re2::RE2> CompilePattern(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternBytes);
  return std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
}

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
  pattern_text_ = pattern;
  pattern_ = CompilePattern(pattern);
  return pattern_->ok() ? pattern_.get() : nullptr;
}

}  // namespace wfc::vm

namespace wfc {

std::string ExplainPattern(std::string_view pattern) {
  const std::unique_ptr<re2::RE2> compiled = vm::CompilePattern(pattern);
  if (compiled->ok()) return "";
  if (compiled->error_code() == re2::RE2::ErrorPatternTooLarge) return "it is too large";
  const std::string& at = compiled->error_arg();
  const bool is_ahead = at.starts_with("(?=") || at.starts_with("(?!") || at.starts_with("(?<");
  if (is_ahead) return "there is no look-around in linear time: `" + at + "`";
  return compiled->error();
}

}  // namespace wfc
