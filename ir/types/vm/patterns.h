// Compiles the regular expressions of a program once, with limits on their memory.
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

/// The longest pattern that is accepted, in bytes.
inline constexpr size_t kMaxPatternBytes = 16 << 10;
/// The most patterns that a program may have.
inline constexpr size_t kMaxPatterns = 4096;
/// The limit on all patterns of a program together, in RE2 instructions of 16 bytes each.
inline constexpr size_t kMaxPatternInstructions = 1 << 21;

/// Compiles `pattern`, in RE2's syntax, for unanchored search. The error is RE2's message, or says
/// that the pattern is too long.
[[nodiscard]] Result<std::unique_ptr<RE2>> CompilePattern(std::string_view pattern);

/// A compiled pattern, with a faster equivalent if there is one.
struct CompiledPattern {
  std::unique_ptr<RE2> re2;
  std::optional<PlainPattern> plain;  ///< matches the same texts as `re2`, faster
};

/// Compiles all patterns of a program. The error names the pattern, or says that the limits are
/// exceeded.
[[nodiscard]] Result<std::vector<CompiledPattern>> CompilePatterns(
    std::span<const std::string> patterns);

/// The cost of a search in `bytes` bytes, in pairs of a byte and an instruction. RE2 follows all
/// paths of a program in parallel (as an NFA) when the states of its automaton do not fit its
/// memory. Plain patterns cost nothing extra.
[[nodiscard]] inline uint64_t SearchCost(const CompiledPattern& pattern, uint64_t bytes) {
  return pattern.plain ? 0 : bytes * static_cast<uint64_t>(pattern.re2->ProgramSize());
}

/// Whether `pattern` matches somewhere in `text`.
[[nodiscard]] bool MatchesPattern(const RE2& pattern, std::string_view text);
[[nodiscard]] inline bool MatchesPattern(const CompiledPattern& pattern, std::string_view text) {
  return pattern.plain ? MatchesPlain(*pattern.plain, text) : MatchesPattern(*pattern.re2, text);
}

}  // namespace wfc::types
