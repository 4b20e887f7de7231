// An automaton over code points, and for each length the states from which the end can be reached
// in exactly that many steps. The least text of the shortest length then follows step by step.
#include "ir/types/shortest_match.h"

#include <algorithm>
#include <array>
#include <utility>

#include <re2/re2.h>

#include "ir/base/utf8.h"
#include "ir/types/regex_classes.h"

namespace wfc::types {
namespace {

constexpr size_t kMaxStates = 20'000;
constexpr size_t kMaxTransitions = 400'000;
constexpr uint64_t kMaxWork = 10'000'000;
constexpr char32_t kPropertyLimit = 0x1FFFF;  // letters beyond the first two planes do not matter

/// What `\b` and `$` ask of the neighbours of a place.
enum class Side : uint8_t { Word = 1, Other = 2, Edge = 4 };
constexpr uint8_t kAnySide = 7;

struct State {
  enum class Kind : uint8_t { Fork, Set, Assertion, Accept };
  Kind kind = Kind::Fork;
  RegexKind assertion = RegexKind::Begin;
  uint32_t set = 0;
  std::vector<uint32_t> next;
};

/// The code points of a set, and the least of them on each side.
struct Alphabet {
  std::vector<CodePointRange> ranges;
  std::optional<char32_t> least_word;
  std::optional<char32_t> least_other;
};

bool IsWord(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

uint32_t Rank(char32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  return is_control ? c + 0x200000 : c;
}

/// The least code point of [first, last] by rank that is no surrogate.
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

/// Thompson's construction, with the expression free to match anywhere in the text.
class Automaton {
 public:
  explicit Automaton(const Regex& regex)
      : regex_(regex), alphabet_of_(regex.nodes.size(), kNoAlphabet) {
    any_ = AddAlphabet({.ranges = {}, .properties = {}, .is_negated = true});
    const uint32_t accept = AddState({.kind = State::Kind::Accept, .next = {}});
    const uint32_t tail = AddLoop(accept);
    start_ = AddLoop(Build(regex.root, tail));
  }

  [[nodiscard]] bool is_too_large() const { return states_.size() > kMaxStates; }
  [[nodiscard]] const State& state(uint32_t index) const { return states_[index]; }
  [[nodiscard]] const Alphabet& alphabet(uint32_t index) const { return alphabets_[index]; }
  [[nodiscard]] uint32_t start() const { return start_; }
  [[nodiscard]] size_t size() const { return states_.size(); }

 private:
  uint32_t AddState(State state) {
    states_.push_back(std::move(state));
    return static_cast<uint32_t>(states_.size() - 1);
  }
  uint32_t AddAlphabet(const CodePointSet& set) {
    alphabets_.push_back(MakeAlphabet(set));
    return static_cast<uint32_t>(alphabets_.size() - 1);
  }
  uint32_t AddSet(uint32_t alphabet, uint32_t next) {
    return AddState({.kind = State::Kind::Set, .set = alphabet, .next = {next}});
  }
  /// The alphabet of a node, made once however often the node is repeated.
  uint32_t AlphabetOf(uint32_t node) {
    uint32_t& alphabet = alphabet_of_[node];
    if (alphabet == kNoAlphabet) alphabet = AddAlphabet(regex_.nodes[node].set);
    return alphabet;
  }
  /// Any number of any code points before `next`.
  uint32_t AddLoop(uint32_t next) {
    const uint32_t fork = AddState({.kind = State::Kind::Fork, .next = {next}});
    const uint32_t any = AddSet(any_, fork);
    states_[fork].next.push_back(any);
    return fork;
  }
  /// The state that begins a match of `node` and then goes on to `next`.
  uint32_t Build(uint32_t node, uint32_t next);
  uint32_t BuildRepetition(const RegexNode& node, uint32_t next);

  static constexpr uint32_t kNoAlphabet = 0xFFFFFFFF;

  const Regex& regex_;
  std::vector<uint32_t> alphabet_of_;  // by node of the expression
  uint32_t any_ = 0;
  std::vector<State> states_;
  std::vector<Alphabet> alphabets_;
  uint32_t start_ = 0;
};

uint32_t Automaton::Build(uint32_t index, uint32_t next) {
  if (is_too_large()) return next;
  const RegexNode& node = regex_.nodes[index];
  switch (node.kind) {
    case RegexKind::Set:
      return AddSet(AlphabetOf(index), next);
    case RegexKind::Concatenation:
      for (size_t i = node.children.size(); i-- > 0;) next = Build(node.children[i], next);
      return next;
    case RegexKind::Alternation: {
      State fork;
      for (const uint32_t child : node.children) fork.next.push_back(Build(child, next));
      return AddState(std::move(fork));
    }
    case RegexKind::Repetition:
      return BuildRepetition(node, next);
    case RegexKind::Begin:
    case RegexKind::End:
    case RegexKind::WordBoundary:
    case RegexKind::NotWordBoundary:
      return AddState({.kind = State::Kind::Assertion, .assertion = node.kind, .next = {next}});
  }
  return next;
}

uint32_t Automaton::BuildRepetition(const RegexNode& node, uint32_t next) {
  const uint32_t child = node.children.front();
  if (node.most == kUnboundedRepetition) {
    const uint32_t fork = AddState({.kind = State::Kind::Fork, .next = {next}});
    const uint32_t again = Build(child, fork);
    states_[fork].next.push_back(again);
    next = fork;
  } else {
    for (uint32_t i = node.least; i < node.most && !is_too_large(); ++i) {
      const uint32_t once = Build(child, next);
      next = AddState({.kind = State::Kind::Fork, .next = {next, once}});
    }
  }
  for (uint32_t i = 0; i < node.least && !is_too_large(); ++i) next = Build(child, next);
  return next;
}

/// A step by a code point of an alphabet on one side, to another place.
struct Transition {
  uint32_t alphabet = 0;
  Side side = Side::Word;
  uint32_t place = 0;
};

/// A place between two code points: a state and what stands before. Place 0 is the beginning.
struct Place {
  uint32_t state = 0;
  Side before = Side::Edge;
  bool accepts = false;
  std::vector<Transition> transitions;
};

class Search {
 public:
  explicit Search(const Automaton& automaton) : automaton_(automaton) {
    place_of_.assign(automaton.size() * 2, kNone);
    stamps_.assign(automaton.size() * 8, 0);
    places_.push_back({.state = automaton.start(), .before = Side::Edge, .transitions = {}});
    for (size_t i = 0; i < places_.size() && !is_too_large_; ++i) Explore(i);
  }

  std::optional<std::string> Find(uint64_t least, uint64_t most) {
    const uint64_t longest = std::min(most, least + 2 * places_.size() + 16);
    for (uint64_t length = 0; length <= longest && !is_too_large_; ++length) {
      AddLength();
      if (length >= least && reaches_.back()[0]) return Spell(length);
      if (length >= least && work_ > kMaxWork) break;
    }
    return std::nullopt;
  }

 private:
  static constexpr uint32_t kNone = 0xFFFFFFFF;

  uint32_t PlaceOf(uint32_t state, Side before) {
    uint32_t& index = place_of_[state * 2 + (before == Side::Word ? 0 : 1)];
    if (index == kNone) {
      index = static_cast<uint32_t>(places_.size());
      places_.push_back({.state = state, .before = before, .transitions = {}});
    }
    return index;
  }

  /// Which sides may follow for an assertion to hold after `before`.
  static uint8_t Admitted(RegexKind assertion, Side before) {
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

  void Explore(size_t index);
  void AddTransitions(size_t index, const State& state, uint8_t sides);
  void AddLength();
  std::string Spell(uint64_t length) const;

  const Automaton& automaton_;
  std::vector<Place> places_;
  std::vector<uint32_t> place_of_;
  std::vector<uint32_t> stamps_;  // by state and sides: the last place that saw them, plus one
  /// By length: the places from which exactly that many code points lead to the end.
  std::vector<std::vector<bool>> reaches_;
  size_t transition_count_ = 0;
  uint64_t work_ = 0;
  bool is_too_large_ = false;
};

void Search::AddTransitions(size_t index, const State& state, uint8_t sides) {
  const Alphabet& alphabet = automaton_.alphabet(state.set);
  for (const Side side : {Side::Word, Side::Other}) {
    const auto& least = side == Side::Word ? alphabet.least_word : alphabet.least_other;
    if (!least || (sides & static_cast<uint8_t>(side)) == 0) continue;
    const uint32_t place = PlaceOf(state.next.front(), side);
    places_[index].transitions.push_back({state.set, side, place});
    if (++transition_count_ > kMaxTransitions) is_too_large_ = true;
  }
}

/// Follows what consumes nothing from place `index`, with the sides that may come next.
void Search::Explore(size_t index) {
  const Side before = places_[index].before;
  std::vector<std::pair<uint32_t, uint8_t>> todo = {{places_[index].state, kAnySide}};
  const auto stamp = static_cast<uint32_t>(index + 1);
  while (!todo.empty() && !is_too_large_) {
    const auto [at, sides] = todo.back();
    todo.pop_back();
    if (sides == 0 || std::exchange(stamps_[at * 8 + sides], stamp) == stamp) continue;
    if (++work_ > kMaxWork) is_too_large_ = true;
    const State& state = automaton_.state(at);
    if (state.kind == State::Kind::Accept) {
      if ((sides & static_cast<uint8_t>(Side::Edge)) != 0) places_[index].accepts = true;
    } else if (state.kind == State::Kind::Set) {
      AddTransitions(index, state, sides);
    } else {
      const bool is_assertion = state.kind == State::Kind::Assertion;
      const uint8_t admitted = is_assertion ? Admitted(state.assertion, before) : kAnySide;
      for (const uint32_t next : state.next) {
        todo.emplace_back(next, static_cast<uint8_t>(sides & admitted));
      }
    }
  }
}

void Search::AddLength() {
  std::vector<bool> reaches(places_.size());
  for (size_t i = 0; i < places_.size(); ++i) {
    if (reaches_.empty()) {
      reaches[i] = places_[i].accepts;
      continue;
    }
    reaches[i] = std::ranges::any_of(places_[i].transitions, [&](const Transition& transition) {
      ++work_;
      return reaches_.back()[transition.place];
    });
  }
  reaches_.push_back(std::move(reaches));
  if (work_ > kMaxWork || reaches_.size() * places_.size() > kMaxWork) is_too_large_ = true;
}

std::string Search::Spell(uint64_t length) const {
  std::string text;
  std::vector<uint32_t> current = {0};
  for (uint64_t left = length; left > 0; --left) {
    std::optional<char32_t> least;
    std::vector<Transition> usable;
    for (const uint32_t place : current) {
      for (const Transition& transition : places_[place].transitions) {
        if (!reaches_[left - 1][transition.place]) continue;
        const Alphabet& alphabet = automaton_.alphabet(transition.alphabet);
        const char32_t c =
            transition.side == Side::Word ? *alphabet.least_word : *alphabet.least_other;
        if (!least || Rank(c) < Rank(*least)) least = c;
        usable.push_back(transition);
      }
    }
    current.clear();
    const Side side = IsWord(*least) ? Side::Word : Side::Other;
    for (const Transition& transition : usable) {
      const Alphabet& alphabet = automaton_.alphabet(transition.alphabet);
      const bool admits = std::ranges::any_of(alphabet.ranges, [&](const CodePointRange& range) {
        return range.first <= *least && *least <= range.last;
      });
      if (admits && transition.side == side) current.push_back(transition.place);
    }
    std::ranges::sort(current);
    current.erase(std::unique(current.begin(), current.end()), current.end());
    AppendUtf8(text, *least);
  }
  return text;
}

}  // namespace

std::optional<std::string> FindShortestMatch(const Regex& regex, uint64_t least, uint64_t most) {
  const Automaton automaton(regex);
  if (automaton.is_too_large() || least > most) return std::nullopt;
  return Search(automaton).Find(least, most);
}

}  // namespace wfc::types
