// Patterns that can be decided by looking at each character once, such as `^ord-[0-9]{6}$`. Most
// patterns in schemas are of this kind, and RE2 takes four times as long for them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace wfc::types {

/// A run of `least` to `most` characters of an ASCII set, matched greedily.
struct CharacterRun {
  std::array<uint64_t, 2> set{};  ///< one bit per character
  uint32_t least = 1;
  uint32_t most = 1;
};

/// A pattern as a sequence of runs.
struct PlainPattern {
  std::vector<CharacterRun> runs;  ///< in order, from the beginning of the text
  /// Whether the pattern ends with `$`; otherwise anything may follow.
  bool is_to_end = false;
  /// For each byte, the positions at which it may occur, one bit each. Filled in when every run has
  /// a fixed length and all together have at most kMaxPlaces characters; otherwise empty.
  std::vector<uint32_t> places;
  size_t place_count = 0;
};
/// The longest text that `places` can describe.
inline constexpr size_t kMaxPlaces = 32;

/// Parses a valid pattern in RE2's syntax. No value when matching needs a search: the pattern does
/// not begin with `^`, has a group, an alternative or a set with characters outside ASCII, or has a
/// run that might have to leave characters to the next one.
[[nodiscard]] std::optional<PlainPattern> ParsePlainPattern(std::string_view pattern);

/// Matches by runs, for patterns without `places`.
[[nodiscard]] bool MatchesRuns(const PlainPattern& pattern, std::string_view text);

/// Whether `pattern` matches `text`; RE2 gives the same answer.
[[nodiscard]] inline bool MatchesPlain(const PlainPattern& pattern, std::string_view text) {
  if (pattern.places.empty()) return MatchesRuns(pattern, text);
  const size_t count = pattern.place_count;
  if (pattern.is_to_end ? text.size() != count : text.size() < count) return false;
  uint32_t misses = 0;
  for (size_t i = 0; i < count; ++i) {
    misses |= ~pattern.places[static_cast<uint8_t>(text[i])] >> i;
  }
  return (misses & 1) == 0;
}

}  // namespace wfc::types
