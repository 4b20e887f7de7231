// For each length, computes the states from which the end can be reached in exactly that many
// steps. The first text of the shortest length is then built step by step.
#include "ir/types/regex/shortest_match.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ir/base/utf8.h"
#include "ir/types/regex/regex_automaton.h"

namespace wfc::types {
namespace {

constexpr size_t kMaxTransitions = 400'000;
constexpr uint64_t kMaxWork = 10'000'000;

/// A step that consumes a code point of `alphabet` that is on `side`, to another place.
struct Transition {
  uint32_t alphabet = 0;
  Side side = Side::Word;
  uint32_t place = 0;
};

/// A position between two code points: a state and the side before it. Place 0 is the start of the
/// text.
struct Place {
  uint32_t state = 0;
  Side before = Side::Edge;
  bool accepts = false;
  std::vector<Transition> transitions;
};

/// The product of the automaton with the side of the previous code point.
class Search {
 public:
  explicit Search(const RegexAutomaton& automaton) : automaton_(automaton) {
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

  void Explore(size_t index);
  void AddTransitions(size_t index, const AutomatonState& state, uint8_t sides);
  void AddLength();
  std::string Spell(uint64_t length) const;
  std::vector<Transition> FindUsable(const std::vector<uint32_t>& places, uint64_t left) const;
  char32_t LeastOf(const Transition& transition) const;
  bool Admits(const Transition& transition, char32_t c) const;

  const RegexAutomaton& automaton_;
  std::vector<Place> places_;
  std::vector<uint32_t> place_of_;
  // By state and set of sides: the last place that visited them, plus 1.
  std::vector<uint32_t> stamps_;
  /// By length: the places from which exactly that many code points lead to the end.
  std::vector<std::vector<bool>> reaches_;
  size_t transition_count_ = 0;
  uint64_t work_ = 0;
  bool is_too_large_ = false;
};

void Search::AddTransitions(size_t index, const AutomatonState& state, uint8_t sides) {
  const Alphabet& alphabet = automaton_.alphabet(state.set);
  for (const Side side : {Side::Word, Side::Other}) {
    const auto& least = side == Side::Word ? alphabet.least_word : alphabet.least_other;
    if (!least || (sides & static_cast<uint8_t>(side)) == 0) continue;
    const uint32_t place = PlaceOf(state.next.front(), side);
    places_[index].transitions.push_back({state.set, side, place});
    if (++transition_count_ > kMaxTransitions) is_too_large_ = true;
  }
}

/// Follows the transitions of place `index` that consume nothing, and tracks which sides may come
/// next.
void Search::Explore(size_t index) {
  std::vector<std::pair<uint32_t, uint8_t>> todo = {{places_[index].state, kAnySide}};
  const auto stamp = static_cast<uint32_t>(index + 1);
  while (!todo.empty() && !is_too_large_) {
    const auto [at, sides] = todo.back();
    todo.pop_back();
    if (sides == 0 || std::exchange(stamps_[at * 8 + sides], stamp) == stamp) continue;
    if (++work_ > kMaxWork) is_too_large_ = true;
    const AutomatonState& state = automaton_.state(at);
    if (state.kind == AutomatonState::Kind::Accept) {
      if ((sides & static_cast<uint8_t>(Side::Edge)) != 0) places_[index].accepts = true;
      continue;
    }
    if (state.kind == AutomatonState::Kind::Set) {
      AddTransitions(index, state, sides);
      continue;
    }
    const bool is_assertion = state.kind == AutomatonState::Kind::Assertion;
    const uint8_t admitted =
        is_assertion ? AdmittedSides(state.assertion, places_[index].before) : kAnySide;
    for (const uint32_t next : state.next) {
      todo.emplace_back(next, static_cast<uint8_t>(sides & admitted));
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

/// The transitions from `places` after which exactly `left` code points lead to the end.
std::vector<Transition> Search::FindUsable(const std::vector<uint32_t>& places,
                                           uint64_t left) const {
  std::vector<Transition> usable;
  for (const uint32_t place : places) {
    std::ranges::copy_if(
        places_[place].transitions, std::back_inserter(usable),
        [&](const Transition& transition) { return reaches_[left][transition.place]; });
  }
  return usable;
}

char32_t Search::LeastOf(const Transition& transition) const {
  const Alphabet& alphabet = automaton_.alphabet(transition.alphabet);
  return transition.side == Side::Word ? *alphabet.least_word : *alphabet.least_other;
}

bool Search::Admits(const Transition& transition, char32_t c) const {
  if (transition.side != (IsWord(c) ? Side::Word : Side::Other)) return false;
  return std::ranges::any_of(
      automaton_.alphabet(transition.alphabet).ranges,
      [&](const CodePointRange& range) { return range.first <= c && c <= range.last; });
}

std::string Search::Spell(uint64_t length) const {
  std::string text;
  std::vector<uint32_t> current = {0};
  for (uint64_t left = length; left > 0; --left) {
    const std::vector<Transition> usable = FindUsable(current, left - 1);
    char32_t least = LeastOf(usable.front());
    for (const Transition& transition : usable) {
      const char32_t c = LeastOf(transition);
      if (Rank(c) < Rank(least)) least = c;
    }
    current.clear();
    for (const Transition& transition : usable) {
      if (Admits(transition, least)) current.push_back(transition.place);
    }
    std::ranges::sort(current);
    current.erase(std::unique(current.begin(), current.end()), current.end());
    AppendUtf8(text, least);
  }
  return text;
}

}  // namespace

std::optional<std::string> FindShortestMatch(const Regex& regex, uint64_t least, uint64_t most) {
  const RegexAutomaton automaton(regex);
  if (automaton.is_too_large() || least > most) return std::nullopt;
  return Search(automaton).Find(least, most);
}

}  // namespace wfc::types
