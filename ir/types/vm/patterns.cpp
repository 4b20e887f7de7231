#include "ir/types/vm/patterns.h"

#include <utility>

#include <fmt/core.h>

namespace wfc::types {
namespace {

// A pattern whose program needs more memory is refused. It also limits the cache of automaton
// states.
constexpr int64_t kMaxMemoryBytes = 2 << 20;

}  // namespace

Result<std::unique_ptr<RE2>> CompilePattern(std::string_view pattern) {
  if (pattern.size() > kMaxPatternBytes) {
    return Error{fmt::format("longer than {} bytes", kMaxPatternBytes)};
  }
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(kMaxMemoryBytes);
  auto compiled = std::make_unique<RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled->ok()) return Error{compiled->error()};
  return compiled;
}

Result<std::vector<CompiledPattern>> CompilePatterns(std::span<const std::string> patterns) {
  if (patterns.size() > kMaxPatterns) return Error{"too many patterns"};
  std::vector<CompiledPattern> compiled;
  compiled.reserve(patterns.size());
  size_t instruction_count = 0;
  for (const std::string& pattern : patterns) {
    Result<std::unique_ptr<RE2>> one = CompilePattern(pattern);
    if (!one.ok()) return Error{fmt::format("pattern `{}`: {}", pattern, one.error().message)};
    instruction_count += static_cast<size_t>((*one)->ProgramSize());
    if (instruction_count > kMaxPatternInstructions) return Error{"the patterns are too large"};
    compiled.push_back({std::move(*one), ParsePlainPattern(pattern)});
  }
  return compiled;
}

bool MatchesPattern(const RE2& pattern, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

}  // namespace wfc::types
