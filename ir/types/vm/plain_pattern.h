// Patterns that one look at each character judges, such as `^ord-[0-9]{6}$`: most of those in
// schemas are. RE2 judges them too, at four times the cost.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace wfc::types {

/// `least` to `most` characters of an ASCII set, as many as there are.
struct CharacterRun {
  std::array<uint64_t, 2> set{};  ///< one bit a character
  uint32_t least = 1;
  uint32_t most = 1;
};

struct PlainPattern {
  std::vector<CharacterRun> runs;  ///< from the beginning of the text on
  bool is_to_end = false;          ///< else anything may follow
  /// Where each run has one count and all together have at most kMaxPlaces: by byte, the places at
  /// which it may stand, one bit each; else empty.
  std::vector<uint32_t> places;
  size_t place_count = 0;
};
inline constexpr size_t kMaxPlaces = 32;

/// `pattern` is RE2's syntax and valid. None where it takes a search: no `^` in front, a group, a
/// choice, a set with characters outside ASCII, or a run that would have to leave characters to the
/// next.
[[nodiscard]] std::optional<PlainPattern> ParsePlainPattern(std::string_view pattern);

/// By runs: what has no places.
[[nodiscard]] bool MatchesRuns(const PlainPattern& pattern, std::string_view text);

/// What RE2 says of the pattern and `text`.
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
