// Automata over code points for the regular expressions of schemas. The searches for texts that
// expressions match, or do not match, run on them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ir/types/regex/regex.h"

namespace wfc::types {

/// The class of a neighbour of a position between two code points, as assertions see it: a word
/// character, another character, or the edge of the text.
enum class Side : uint8_t { Word = 1, Other = 2, Edge = 4 };
/// The set of all sides.
inline constexpr uint8_t kAnySide = 7;

/// Whether `c` is a word character as `\w` and `\b` define it: an ASCII letter, a digit or `_`.
[[nodiscard]] bool IsWord(char32_t c);

/// The order in which code points are preferred: control characters after all others, otherwise by
/// value.
[[nodiscard]] uint32_t Rank(char32_t c);

/// The set of sides that may follow a position for `assertion` to hold there, given the side before
/// it. Precondition: `assertion` is one of Begin to NotWordBoundary.
[[nodiscard]] uint8_t AdmittedSides(RegexKind assertion, Side before);

/// The code points of a set, and the first by Rank among its word characters and among its others.
struct Alphabet {
  std::vector<CodePointRange> ranges;
  std::optional<char32_t> least_word;
  std::optional<char32_t> least_other;
};

/// A state of the automaton. A Set consumes one code point; the other kinds consume nothing.
struct AutomatonState {
  enum class Kind : uint8_t { Fork, Set, Assertion, Accept };
  Kind kind = Kind::Fork;
  RegexKind assertion = RegexKind::Begin;
  uint32_t set = 0;  ///< for Set: the alphabet that contains the code point
  std::vector<uint32_t> next;
};

/// A nondeterministic automaton by Thompson's construction (1968). The expression may match
/// anywhere in the text: a text leads from the start to Accept if the expression matches somewhere
/// in it.
class RegexAutomaton {
 public:
  explicit RegexAutomaton(const Regex& regex);

  /// Whether the limit on states was exceeded; the automaton is then incomplete.
  [[nodiscard]] bool is_too_large() const;
  /// Whether the alphabets are exact. They are not if a set has Unicode properties, which are
  /// evaluated for the first two planes only.
  [[nodiscard]] bool is_exact() const { return is_exact_; }
  [[nodiscard]] const AutomatonState& state(uint32_t index) const { return states_[index]; }
  [[nodiscard]] const Alphabet& alphabet(uint32_t index) const { return alphabets_[index]; }
  [[nodiscard]] uint32_t start() const { return start_; }
  [[nodiscard]] size_t size() const { return states_.size(); }
  [[nodiscard]] size_t alphabet_count() const { return alphabets_.size(); }

 private:
  class Builder;

  std::vector<AutomatonState> states_;
  std::vector<Alphabet> alphabets_;
  uint32_t start_ = 0;
  bool is_exact_ = true;
};

}  // namespace wfc::types
