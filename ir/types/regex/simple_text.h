// Finds a text that matches some expressions and does not match others, which is a witness of an
// intersection or a difference of patterns. The search for witnesses uses it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/types/regex/regex_automaton.h"

namespace wfc::types {

/// The conditions on a text.
struct TextQuery {
  uint64_t least = 0;  ///< in code points, as `most` is
  uint64_t most = 0;
  std::vector<const RegexAutomaton*> matched;
  std::vector<const RegexAutomaton*> unmatched;
  std::vector<std::string_view> excluded;  ///< texts that it must differ from, in UTF-8
};

/// The result of a search.
struct TextAnswer {
  std::optional<std::string> text;
  bool is_decided = true;  ///< whether the absence of a text proves that there is none
};

/// The shortest text that meets the conditions. Of several, one that is easy to read: small letters
/// are preferred to digits, and digits to other characters. Undecided when the budget is exceeded
/// or an automaton is not exact.
[[nodiscard]] TextAnswer FindSimpleText(const TextQuery& query);

}  // namespace wfc::types
