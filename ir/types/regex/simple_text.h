// A text that matches some expressions and not others: what intersections and differences of
// patterns hold. Used by the search for witnesses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/types/regex/regex_automaton.h"

namespace wfc::types {

struct TextQuery {
  uint64_t least = 0;  ///< code points, as `most`
  uint64_t most = 0;
  std::vector<const RegexAutomaton*> matched;
  std::vector<const RegexAutomaton*> unmatched;
  std::vector<std::string_view> excluded;  ///< UTF-8
};

struct TextAnswer {
  std::optional<std::string> text;
  bool is_decided = true;  ///< no text and decided: there is none
};

/// The shortest such text; of these one that reads easily (small letters before digits, before
/// other characters). Undecided past a budget.
[[nodiscard]] TextAnswer FindSimpleText(const TextQuery& query);

}  // namespace wfc::types
