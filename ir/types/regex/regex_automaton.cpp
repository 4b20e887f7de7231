#include "ir/types/regex/regex_automaton.h"

#include <algorithm>
#include <string>
#include <utility>

#include <re2/re2.h>

#include "ir/base/utf8.h"
#include "ir/types/regex/regex_classes.h"

namespace wfc::types {
namespace {

constexpr size_t kMaxStates = 20'000;
// Unicode properties are evaluated only up to here, the end of the first two planes.
constexpr char32_t kPropertyLimit = 0x1FFFF;

/// The first code point of [first, last] by Rank that is not a surrogate.
std::optional<char32_t> LeastIn(char32_t first, char32_t last) {
  std::optional<char32_t> least;
  for (const char32_t begin : {0x20, 0xA0, 0xE000, 0}) {
    const char32_t c = std::max(first, begin);
    if (c > last || (c >= 0xD800 && c < 0xE000)) continue;
    if (!least || Rank(c) < Rank(*least)) least = c;
  }
  return least;
}

std::optional<char32_t> LeastOn(Side side, const std::vector<CodePointRange>& ranges) {
  static const std::vector<CodePointRange> words = FindClassEscape('w')->ranges;
  static const std::vector<CodePointRange> others = Complement(words);
  std::optional<char32_t> least;
  for (const CodePointRange& range : ranges) {
    for (const CodePointRange& admitted : side == Side::Word ? words : others) {
      const char32_t first = std::max(range.first, admitted.first);
      const char32_t last = std::min(range.last, admitted.last);
      if (first > last) continue;
      const std::optional<char32_t> c = LeastIn(first, last);
      if (c && (!least || Rank(*c) < Rank(*least))) least = c;
    }
  }
  return least;
}

void AddProperty(const CodePointSet::Property& property, std::vector<CodePointRange>& ranges) {
  const RE2 pattern((property.is_negated ? "\\P{" : "\\p{") + property.name + "}");
  for (char32_t c = 0x20; pattern.ok() && c <= kPropertyLimit; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    AppendUtf8(text, c);
    if (!RE2::FullMatch(text, pattern)) continue;
    if (!ranges.empty() && ranges.back().last + 1 == c) {
      ranges.back().last = c;
    } else {
      ranges.push_back({c, c});
    }
  }
}

Alphabet MakeAlphabet(const CodePointSet& set) {
  Alphabet alphabet{.ranges = set.ranges, .least_word = {}, .least_other = {}};
  for (const CodePointSet::Property& property : set.properties) {
    AddProperty(property, alphabet.ranges);
  }
  if (set.is_negated) alphabet.ranges = Complement(std::move(alphabet.ranges));
  alphabet.least_word = LeastOn(Side::Word, alphabet.ranges);
  alphabet.least_other = LeastOn(Side::Other, alphabet.ranges);
  return alphabet;
}

}  // namespace

bool IsWord(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

uint32_t Rank(char32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  return is_control ? c + 0x200000 : c;
}

uint8_t AdmittedSides(RegexKind assertion, Side before) {
  constexpr auto kWord = static_cast<uint8_t>(Side::Word);
  switch (assertion) {
    case RegexKind::Begin:
      return before == Side::Edge ? kAnySide : 0;
    case RegexKind::End:
      return static_cast<uint8_t>(Side::Edge);
    case RegexKind::WordBoundary:
      return before == Side::Word ? kAnySide & ~kWord : kWord;
    case RegexKind::NotWordBoundary:
      return before == Side::Word ? kWord : kAnySide & ~kWord;
    case RegexKind::Set:
    case RegexKind::Concatenation:
    case RegexKind::Alternation:
    case RegexKind::Repetition:
      break;
  }
  return 0;
}

class RegexAutomaton::Builder {
 public:
  Builder(const Regex& regex, RegexAutomaton& automaton)
      : regex_(regex), automaton_(automaton), alphabet_of_(regex.nodes.size(), kNoAlphabet) {
    any_ = AddAlphabet({.ranges = {}, .properties = {}, .is_negated = true});
    const uint32_t accept = AddState({.kind = AutomatonState::Kind::Accept, .next = {}});
    const uint32_t tail = AddLoop(accept);
    automaton_.start_ = AddLoop(Build(regex.root, tail));
  }

 private:
  [[nodiscard]] bool is_too_large() const { return automaton_.is_too_large(); }
  uint32_t AddState(AutomatonState state) {
    automaton_.states_.push_back(std::move(state));
    return static_cast<uint32_t>(automaton_.states_.size() - 1);
  }
  uint32_t AddAlphabet(const CodePointSet& set) {
    automaton_.alphabets_.push_back(MakeAlphabet(set));
    if (!set.properties.empty()) automaton_.is_exact_ = false;
    return static_cast<uint32_t>(automaton_.alphabets_.size() - 1);
  }
  uint32_t AddSet(uint32_t alphabet, uint32_t next) {
    return AddState({.kind = AutomatonState::Kind::Set, .set = alphabet, .next = {next}});
  }
  /// The alphabet of a node, which is made once however often the node is repeated.
  uint32_t AlphabetOf(uint32_t node) {
    uint32_t& alphabet = alphabet_of_[node];
    if (alphabet == kNoAlphabet) alphabet = AddAlphabet(regex_.nodes[node].set);
    return alphabet;
  }
  /// A state that consumes any number of code points and continues at `next`.
  uint32_t AddLoop(uint32_t next) {
    const uint32_t fork = AddState({.kind = AutomatonState::Kind::Fork, .next = {next}});
    const uint32_t any = AddSet(any_, fork);
    automaton_.states_[fork].next.push_back(any);
    return fork;
  }
  /// The start of a sub-automaton that matches `node` and continues at `next`.
  uint32_t Build(uint32_t node, uint32_t next);
  uint32_t BuildRepetition(const RegexNode& node, uint32_t next);

  static constexpr uint32_t kNoAlphabet = 0xFFFFFFFF;

  const Regex& regex_;
  RegexAutomaton& automaton_;
  std::vector<uint32_t> alphabet_of_;  // by node of the expression
  uint32_t any_ = 0;
};

uint32_t RegexAutomaton::Builder::Build(uint32_t index, uint32_t next) {
  if (is_too_large()) return next;
  const RegexNode& node = regex_.nodes[index];
  switch (node.kind) {
    case RegexKind::Set:
      return AddSet(AlphabetOf(index), next);
    case RegexKind::Concatenation:
      for (size_t i = node.children.size(); i-- > 0;) next = Build(node.children[i], next);
      return next;
    case RegexKind::Alternation: {
      AutomatonState fork;
      for (const uint32_t child : node.children) fork.next.push_back(Build(child, next));
      return AddState(std::move(fork));
    }
    case RegexKind::Repetition:
      return BuildRepetition(node, next);
    case RegexKind::Begin:
    case RegexKind::End:
    case RegexKind::WordBoundary:
    case RegexKind::NotWordBoundary:
      return AddState(
          {.kind = AutomatonState::Kind::Assertion, .assertion = node.kind, .next = {next}});
  }
  return next;
}

uint32_t RegexAutomaton::Builder::BuildRepetition(const RegexNode& node, uint32_t next) {
  const uint32_t child = node.children.front();
  if (node.most == kUnboundedRepetition) {
    const uint32_t fork = AddState({.kind = AutomatonState::Kind::Fork, .next = {next}});
    const uint32_t again = Build(child, fork);
    automaton_.states_[fork].next.push_back(again);
    next = fork;
  } else {
    for (uint32_t i = node.least; i < node.most && !is_too_large(); ++i) {
      const uint32_t once = Build(child, next);
      next = AddState({.kind = AutomatonState::Kind::Fork, .next = {next, once}});
    }
  }
  for (uint32_t i = 0; i < node.least && !is_too_large(); ++i) next = Build(child, next);
  return next;
}

RegexAutomaton::RegexAutomaton(const Regex& regex) {
  const Builder builder(regex, *this);
}

bool RegexAutomaton::is_too_large() const {
  return states_.size() > kMaxStates;
}

}  // namespace wfc::types
