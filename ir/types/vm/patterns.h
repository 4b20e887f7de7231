// The regular expressions of a program, compiled once with a cap on memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>

#include "ir/base/result.h"
#include "ir/types/vm/plain_pattern.h"

namespace wfc::types {

inline constexpr size_t kMaxPatternBytes = 16 << 10;
inline constexpr size_t kMaxPatterns = 4096;
/// Of all patterns together, in RE2's instructions (16 bytes each).
inline constexpr size_t kMaxPatternInstructions = 1 << 21;

/// `pattern` in RE2's syntax, for unanchored search; the error is RE2's own.
[[nodiscard]] Result<std::unique_ptr<RE2>> CompilePattern(std::string_view pattern);

struct CompiledPattern {
  std::unique_ptr<RE2> re2;
  std::optional<PlainPattern> plain;  ///< judges the same, faster
};

[[nodiscard]] Result<std::vector<CompiledPattern>> CompilePatterns(
    std::span<const std::string> patterns);

/// What a search in `bytes` may look at, beside the bytes themselves: RE2 follows all ways through
/// a program at once where it finds no room for its states.
[[nodiscard]] inline uint64_t SearchCost(const CompiledPattern& pattern, uint64_t bytes) {
  return pattern.plain ? 0 : bytes * static_cast<uint64_t>(pattern.re2->ProgramSize());
}

/// Whether `text` matches somewhere.
[[nodiscard]] bool MatchesPattern(const RE2& pattern, std::string_view text);
[[nodiscard]] inline bool MatchesPattern(const CompiledPattern& pattern, std::string_view text) {
  return pattern.plain ? MatchesPlain(*pattern.plain, text) : MatchesPattern(*pattern.re2, text);
}

}  // namespace wfc::types
