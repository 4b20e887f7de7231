// Regular expressions of schemas as automata over code points. Used where a text is looked for that
// expressions match, or do not.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ir/types/regex/regex.h"

namespace wfc::types {

/// What `\b` and `$` ask of the neighbours of a place between two code points.
enum class Side : uint8_t { Word = 1, Other = 2, Edge = 4 };
inline constexpr uint8_t kAnySide = 7;

[[nodiscard]] bool IsWord(char32_t c);

/// Control characters after all others, else by code point.
[[nodiscard]] uint32_t Rank(char32_t c);

/// Which sides may follow for an assertion (Begin to NotWordBoundary) to hold after `before`.
[[nodiscard]] uint8_t AdmittedSides(RegexKind assertion, Side before);

/// The code points of a set, and the least of them on each side.
struct Alphabet {
  std::vector<CodePointRange> ranges;
  std::optional<char32_t> least_word;
  std::optional<char32_t> least_other;
};

struct AutomatonState {
  enum class Kind : uint8_t { Fork, Set, Assertion, Accept };
  Kind kind = Kind::Fork;
  RegexKind assertion = RegexKind::Begin;
  uint32_t set = 0;  ///< of Set: the alphabet that one code point is of
  std::vector<uint32_t> next;
};

/// Thompson's construction, with the expression free to match anywhere in the text: a whole text
/// leads to Accept where the expression matches in it.
class RegexAutomaton {
 public:
  explicit RegexAutomaton(const Regex& regex);

  /// Past a budget; the automaton is then not whole.
  [[nodiscard]] bool is_too_large() const;
  /// Not where a set has Unicode properties: of far code points they are not known.
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
