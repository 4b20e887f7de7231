#include "ir/expr/vm/meter.h"

#include <algorithm>

#include <fmt/core.h>
#include <re2/re2.h>

#include "ir/expr/vm/builtins.h"

namespace wfc::vm {
namespace {

// RE2 uses a quarter of its memory for the program and the rest to cache the states of its DFA;
// without room for those it falls back to its slower NFA.
constexpr int64_t kPatternBytes = 4 << 20;
constexpr int kMaxInstructions = 1 << 14;
constexpr uint64_t kPatternSteps = 500;
/// Compiling one RE2 instruction costs a quarter of a step.
constexpr uint64_t kInstructionsPerStep = 4;
/// Pairs of a byte and an RE2 instruction that a search examines in one step.
constexpr uint64_t kPairsPerStep = 256;

bool IsUsable(const re2::RE2& pattern) {
  return pattern.ok() && pattern.ProgramSize() <= kMaxInstructions;
}

std::unique_ptr<re2::RE2> CompilePattern(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternBytes);
  return std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
}

/// What compiling a pattern costs besides kPatternSteps and its length.
uint64_t CompilingSteps(const re2::RE2& pattern) {
  const int instructions = IsUsable(pattern) ? pattern.ProgramSize() : kMaxInstructions;
  return static_cast<uint64_t>(instructions) / kInstructionsPerStep;
}

/// The charge of a search: one step, one per 64 bytes, and the pairs of bytes and instructions. The
/// product cannot overflow: a value has at most 16 MiB, and a pattern at most 2^14 instructions.
uint64_t SearchingSteps(const re2::RE2& pattern, uint64_t bytes) {
  return 1 + bytes / 64 + bytes * static_cast<uint64_t>(pattern.ProgramSize()) / kPairsPerStep;
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
  return Value::Error(EvalError::Budget, "the evaluation exceeds its budget");
}

const re2::RE2* Meter::FindPattern(std::string_view pattern) {
  const auto known = std::ranges::find(patterns_, pattern, &Pattern::text);
  if (known != patterns_.end()) {
    return IsUsable(*known->compiled) ? known->compiled.get() : nullptr;
  }
  if (!Step(kPatternSteps + pattern.size())) return nullptr;
  if (patterns_.size() == kKeptPatterns) patterns_.erase(patterns_.begin());
  patterns_.push_back({std::string(pattern), CompilePattern(pattern)});
  const re2::RE2& compiled = *patterns_.back().compiled;
  if (!Step(CompilingSteps(compiled))) return nullptr;
  return IsUsable(compiled) ? &compiled : nullptr;
}

bool Meter::Search(const re2::RE2& pattern, uint64_t bytes) {
  return Step(SearchingSteps(pattern, bytes));
}

}  // namespace wfc::vm

namespace wfc {

std::string ExplainPattern(std::string_view pattern) {
  const std::unique_ptr<re2::RE2> compiled = vm::CompilePattern(pattern);
  if (vm::IsUsable(*compiled)) return "";
  if (compiled->ok() || compiled->error_code() == re2::RE2::ErrorPatternTooLarge) {
    return "it is too large";
  }
  const std::string& at = compiled->error_arg();
  const bool is_ahead = at.starts_with("(?=") || at.starts_with("(?!") || at.starts_with("(?<");
  if (is_ahead) {
    return fmt::format(
        "there is no look-around in linear time: `{}`; ask for what it looks at with a pattern of "
        "its own",
        at);
  }
  if (compiled->error_code() == re2::RE2::ErrorMissingParen) return "a `(` is not closed";
  if (compiled->error_code() == re2::RE2::ErrorMissingBracket) return "a `[` is not closed";
  const std::string& error = compiled->error();
  // The library appends the wrong part to its message.
  const std::string what = error.substr(0, error.size() - std::min(error.size(), at.size() + 2));
  return at.empty() || at == pattern ? what : fmt::format("{}: `{}`", what, at);
}

PatternCharge ChargeOfPattern(std::string_view pattern, uint64_t bytes) {
  const std::unique_ptr<re2::RE2> compiled = vm::CompilePattern(pattern);
  const uint64_t charged = std::min(bytes, Budget().value_bytes);
  return {.compiling = vm::kPatternSteps + pattern.size() + vm::CompilingSteps(*compiled),
          .searching = vm::IsUsable(*compiled) ? vm::SearchingSteps(*compiled, charged) : 0};
}

}  // namespace wfc
