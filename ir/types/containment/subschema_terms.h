// The goals of the search for witnesses. A goal is a conjunction of terms: a value meets the goal
// if it meets all terms.
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

/// What a term demands of a value.
enum class Demand : uint8_t {
  Fits,        ///< the schema accepts it
  FitsNot,     ///< the schema rejects it
  IsNot,       ///< it differs from the given value
  Matches,     ///< it is a text in which the pattern matches
  MatchesNot,  ///< it is a text in which the pattern does not match
  IsText,      ///< it is a text; the index has no meaning
};

/// One condition on a value.
struct Term {
  /// The index of a schema in its store, or of a value or pattern in the TermTable.
  uint32_t index = 0;
  Demand demand = Demand::Fits;

  friend auto operator<=>(const Term&, const Term&) = default;
};

/// Terms that must all hold.
using Goal = std::vector<Term>;

/// The term that `schema` accepts the value.
[[nodiscard]] inline Term Fits(SchemaId schema) {
  return {schema.index(), Demand::Fits};
}
/// The term that `schema` rejects the value.
[[nodiscard]] inline Term FitsNot(SchemaId schema) {
  return {schema.index(), Demand::FitsNot};
}

/// The values and patterns that terms refer to, each stored once.
class TermTable {
 public:
  /// The term that a value differs from `value`.
  Term IsNot(const Value& value);
  /// The term for `pattern`. Precondition: `demand` is Matches or MatchesNot.
  Term OfPattern(const SchemaPattern& pattern, Demand demand);

  [[nodiscard]] const Value& value(Term term) const { return values_[term.index]; }
  /// Whether the pattern of `term` matches somewhere in `text`.
  [[nodiscard]] bool Matches(Term term, std::string_view text) const;
  /// The automaton of the pattern of `term`, which is built on the first call.
  [[nodiscard]] const RegexAutomaton& automaton(Term term);

 private:
  struct Pattern {
    std::string source;
    std::unique_ptr<RE2> re2;
    std::unique_ptr<RegexAutomaton> automaton;
  };
  std::deque<Value> values_;  // a deque, because facts hold pointers to its elements
  std::unordered_multimap<uint64_t, uint32_t> indices_of_values_;
  std::vector<Pattern> patterns_;
  std::unordered_map<std::string, uint32_t> indices_of_patterns_;
};

}  // namespace wfc::types
