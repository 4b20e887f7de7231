// A path is read as a sequence of segments, each terminated by `/`; so `a/**` is `a/` and then any
// number of segments. Patterns become small nondeterministic automata. Inclusion explores pairs of
// a state of the inner automaton and the set of states that the outer ones can be in (the subset
// construction, on the fly). Only words of non-empty segments count, for which a pair has one more
// bit.
#include "passes/grants/pattern_inclusion.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "ir/base/utf8.h"

namespace wfc::passes {
namespace {

constexpr size_t kMaxPairs = 20'000;
constexpr char32_t kSlash = U'/';
/// Represents every character that no pattern names.
constexpr char32_t kOther = 0xFFFFFFFF;

/// What a state reads to advance to the next one. `AnyText` and `Segments` can also be left without
/// reading.
struct Step {
  enum class Kind : uint8_t { Character, AnyCharacter, AnyText, Segments, InSegment, Accept };
  Kind kind;
  char32_t character{};  ///< of a Character
};

/// State i is the state before step i. `Segments` takes two steps: itself, between segments, and
/// `InSegment`, inside one.
using Automaton = std::vector<Step>;

void AppendSegment(std::string_view segment, bool is_literal, Automaton& out) {
  if (segment == "**" && !is_literal) {
    out.push_back({Step::Kind::Segments});
    out.push_back({Step::Kind::InSegment});
    return;
  }
  for (size_t at = 0; at < segment.size();) {
    const DecodedCodePoint next = DecodeUtf8(segment, at);
    at += next.length;
    if (next.code_point == U'*' && !is_literal) {
      out.push_back({Step::Kind::AnyText});
    } else if (next.code_point == U'?' && !is_literal) {
      out.push_back({Step::Kind::AnyCharacter});
    } else {
      out.push_back({Step::Kind::Character, next.code_point});
    }
  }
  out.push_back({Step::Kind::Character, kSlash});
}

Automaton Build(PathSet set) {
  Automaton out;
  std::string_view rest = set.text;
  while (!rest.empty()) {
    const size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view segment = rest.substr(0, slash);
    if (!segment.empty() && segment != ".") AppendSegment(segment, set.is_literal, out);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
  }
  out.push_back({Step::Kind::Accept});
  return out;
}

/// Adds `state` and all states that are reachable from it without reading.
void AddClosure(const Automaton& automaton, uint32_t state, std::vector<uint32_t>& states) {
  while (true) {
    states.push_back(state);
    const Step::Kind kind = automaton[state].kind;
    if (kind == Step::Kind::AnyText) {
      state += 1;
    } else if (kind == Step::Kind::Segments) {
      state += 2;
    } else {
      return;
    }
  }
}

void AddNext(const Automaton& automaton, uint32_t state, char32_t read,
             std::vector<uint32_t>& next) {
  const Step& step = automaton[state];
  switch (step.kind) {
    case Step::Kind::Character:
      if (read == step.character) AddClosure(automaton, state + 1, next);
      return;
    case Step::Kind::AnyCharacter:
      if (read != kSlash) AddClosure(automaton, state + 1, next);
      return;
    case Step::Kind::AnyText:
      if (read != kSlash) AddClosure(automaton, state, next);
      return;
    case Step::Kind::Segments:
      if (read != kSlash) next.push_back(state + 1);
      return;
    case Step::Kind::InSegment:
      if (read == kSlash) {
        AddClosure(automaton, state - 1, next);
      } else {
        next.push_back(state);
      }
      return;
    case Step::Kind::Accept:
      return;
  }
}

/// A set of states, sorted and without duplicates.
using States = std::vector<uint32_t>;

void Normalise(States& states) {
  std::ranges::sort(states);
  states.erase(std::ranges::unique(states).begin(), states.end());
}

bool Accepts(const Automaton& automaton, const States& states) {
  return !states.empty() && automaton[states.back()].kind == Step::Kind::Accept;
}

void AddAlphabet(const Automaton& automaton, std::set<char32_t>& alphabet) {
  for (const Step& step : automaton) {
    if (step.kind == Step::Kind::Character) alphabet.insert(step.character);
  }
}

/// The union of the outer automata, run side by side.
struct Union {
  std::vector<Automaton> parts;

  using Position = std::vector<States>;
  [[nodiscard]] Position Start() const {
    Position start(parts.size());
    for (size_t i = 0; i < parts.size(); ++i) {
      AddClosure(parts[i], 0, start[i]);
      Normalise(start[i]);
    }
    return start;
  }
  [[nodiscard]] Position Next(const Position& position, char32_t read) const {
    Position next(parts.size());
    for (size_t i = 0; i < parts.size(); ++i) {
      for (uint32_t state : position[i]) AddNext(parts[i], state, read, next[i]);
      Normalise(next[i]);
    }
    return next;
  }
  [[nodiscard]] bool Accepts(const Position& position) const {
    for (size_t i = 0; i < parts.size(); ++i) {
      if (passes::Accepts(parts[i], position[i])) return true;
    }
    return false;
  }
};

struct Pair {
  States inner;
  Union::Position outer;
  bool at_segment_start = true;
  auto operator<=>(const Pair&) const = default;
};

}  // namespace

Answer IsIncluded(PathSet inner, std::span<const PathSet> outers) {
  const Automaton automaton = Build(inner);
  Union outer;
  std::set<char32_t> alphabet = {kSlash, kOther};
  AddAlphabet(automaton, alphabet);
  // The inner automaton can replace a character that only the outer ones name by any other, and
  // another is the harder case for them; so only its own characters need to be tried.
  for (PathSet set : outers) outer.parts.push_back(Build(set));
  Pair start{.inner = {}, .outer = outer.Start()};
  AddClosure(automaton, 0, start.inner);
  Normalise(start.inner);
  std::set<Pair> seen = {start};
  std::vector<Pair> open = {start};
  while (!open.empty()) {
    const Pair pair = std::move(open.back());
    open.pop_back();
    if (pair.at_segment_start && Accepts(automaton, pair.inner) && !outer.Accepts(pair.outer))
      return Answer::No;
    for (char32_t read : alphabet) {
      if (read == kSlash && pair.at_segment_start) continue;
      Pair next{.inner = {}, .outer = {}, .at_segment_start = read == kSlash};
      for (uint32_t state : pair.inner) AddNext(automaton, state, read, next.inner);
      if (next.inner.empty()) continue;
      Normalise(next.inner);
      next.outer = outer.Next(pair.outer, read);
      if (!seen.insert(next).second) continue;
      if (seen.size() > kMaxPairs) return Answer::Unknown;
      open.push_back(std::move(next));
    }
  }
  return Answer::Yes;
}

bool Overlap(PathSet left, PathSet right) {
  const Automaton a = Build(left);
  const Automaton b = Build(right);
  std::set<char32_t> alphabet = {kSlash, kOther};
  AddAlphabet(a, alphabet);
  AddAlphabet(b, alphabet);
  // Single states suffice, since both automata only have to be able to accept the same word. There
  // are at most |a| * |b| * 2 places.
  struct Place {
    uint32_t a;
    uint32_t b;
    bool at_segment_start;
    auto operator<=>(const Place&) const = default;
  };
  std::set<Place> seen;
  std::vector<Place> open;
  const auto visit_one = [&](const Place& place) {
    if (seen.insert(place).second) open.push_back(place);
  };
  const auto visit = [&](const States& in_a, const States& in_b, bool at_start) {
    for (uint32_t x : in_a) {
      for (uint32_t y : in_b) visit_one({x, y, at_start});
    }
  };
  States start_a;
  States start_b;
  AddClosure(a, 0, start_a);
  AddClosure(b, 0, start_b);
  visit(start_a, start_b, true);
  while (!open.empty()) {
    const Place place = open.back();
    open.pop_back();
    if (place.at_segment_start && a[place.a].kind == Step::Kind::Accept &&
        b[place.b].kind == Step::Kind::Accept)
      return true;
    for (char32_t read : alphabet) {
      if (read == kSlash && place.at_segment_start) continue;
      States next_a;
      States next_b;
      AddNext(a, place.a, read, next_a);
      AddNext(b, place.b, read, next_b);
      visit(next_a, next_b, read == kSlash);
    }
  }
  return false;
}

}  // namespace wfc::passes
