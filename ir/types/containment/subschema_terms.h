// What the search for witnesses looks for: goals, made of terms. A goal is met by the values that
// meet all its terms.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <re2/re2.h>

#include "ir/types/regex/regex_automaton.h"
#include "ir/types/schema/schema.h"

namespace wfc::types {

enum class Demand : uint8_t {
  Fits,        ///< the schema accepts it
  FitsNot,     ///< the schema rejects it
  IsNot,       ///< it is another value
  Matches,     ///< a text in which the pattern matches
  MatchesNot,  ///< a text in which it does not
  IsText,      ///< a text; no index
};

struct Term {
  uint32_t index = 0;  ///< of a schema in its store, of a value or a pattern in the TermTable
  Demand demand = Demand::Fits;

  friend auto operator<=>(const Term&, const Term&) = default;
};

using Goal = std::vector<Term>;

[[nodiscard]] inline Term Fits(SchemaId schema) {
  return {schema.index(), Demand::Fits};
}
[[nodiscard]] inline Term FitsNot(SchemaId schema) {
  return {schema.index(), Demand::FitsNot};
}

/// The values and patterns that terms name, each once.
class TermTable {
 public:
  Term IsNot(const Value& value);
  /// `demand` is Matches or MatchesNot.
  Term OfPattern(const SchemaPattern& pattern, Demand demand);

  [[nodiscard]] const Value& value(Term term) const { return values_[term.index]; }
  [[nodiscard]] bool Matches(Term term, std::string_view text) const;
  /// Made when first asked for.
  [[nodiscard]] const RegexAutomaton& automaton(Term term);

 private:
  struct Pattern {
    std::string source;
    std::unique_ptr<RE2> re2;
    std::unique_ptr<RegexAutomaton> automaton;
  };
  std::deque<Value> values_;  // facts point at them
  std::unordered_multimap<uint64_t, uint32_t> indices_of_values_;
  std::vector<Pattern> patterns_;
  std::unordered_map<std::string, uint32_t> indices_of_patterns_;
};

}  // namespace wfc::types
