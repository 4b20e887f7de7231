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
};

/// `pattern` is RE2's syntax and valid. None where it takes a search: no `^` in front, a group, a
/// choice, a set with characters outside ASCII, or a run that would have to leave characters to the
/// next.
[[nodiscard]] std::optional<PlainPattern> ParsePlainPattern(std::string_view pattern);

/// What RE2 says of the pattern and `text`.
[[nodiscard]] bool MatchesPlain(const PlainPattern& pattern, std::string_view text);

}  // namespace wfc::types
