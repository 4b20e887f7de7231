// Runs all automata in parallel and determinises them on the fly: a breadth-first search over the
// sets of states that they can be in together. Code points that no automaton distinguishes are one
// letter.
#include "ir/types/regex/simple_text.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "ir/base/utf8.h"

namespace wfc::types {
namespace {

constexpr size_t kMaxNodes = 5'000;
constexpr uint64_t kMaxSearchWork = 2'000'000;
constexpr char32_t kLastCodePoint = 0x10FFFF;
constexpr CodePointRange kSurrogates = {0xD800, 0xDFFF};

/// The preference among code points, lowest first: those that people read most easily.
uint32_t Preference(char32_t c) {
  constexpr uint32_t kStep = 0x1000000;
  if (c >= 'a' && c <= 'z') return c;
  if (c >= '0' && c <= '9') return kStep + c;
  if (c >= 'A' && c <= 'Z') return 2 * kStep + c;
  if (c > ' ' && c <= '~') return 3 * kStep + c;
  if (c == ' ') return 4 * kStep;
  return 5 * kStep + Rank(c);
}

/// The preferred code point of the range, which has no surrogates.
char32_t PreferredIn(CodePointRange range) {
  char32_t best = range.first;
  for (const char32_t start : {U'a', U'0', U'A', U'!', U' ', U'\u00A0'}) {
    const char32_t c = std::max(range.first, start);
    if (c <= range.last && Preference(c) < Preference(best)) best = c;
  }
  return best;
}

bool Contains(const std::vector<CodePointRange>& ranges, char32_t c) {
  return std::ranges::any_of(
      ranges, [c](CodePointRange range) { return range.first <= c && c <= range.last; });
}

/// A class of code points that all automata and excluded texts treat alike, with one
/// representative.
struct Letter {
  char32_t code_point = 0;
  std::vector<bool> is_in;  ///< by alphabet, those of all automata concatenated
};

/// The sets of states that the automata can be in after a text.
struct Node {
  std::vector<std::vector<uint32_t>> states;  ///< by automaton; each sorted
  /// The excluded texts that begin with the text so far.
  std::vector<uint32_t> followed;
  Side before = Side::Edge;
  uint64_t length = 0;
  uint32_t parent = 0;
  char32_t code_point = 0;  ///< the last code point of the text
};

/// The breadth-first search for one query.
class TextSearch {
 public:
  explicit TextSearch(const TextQuery& query) : query_(query) {
    automata_ = query.matched;
    automata_.insert(automata_.end(), query.unmatched.begin(), query.unmatched.end());
    for (const std::string_view text : query.excluded) excluded_.push_back(ToCodePoints(text));
    for (const RegexAutomaton* automaton : automata_) {
      first_alphabets_.push_back(alphabet_count_);
      alphabet_count_ += automaton->alphabet_count();
      stamps_.emplace_back(automaton->size(), 0);
    }
    MakeLetters();
  }

  TextAnswer Run();

 private:
  using States = std::vector<uint32_t>;

  static std::u32string ToCodePoints(std::string_view text);
  [[nodiscard]] std::vector<bool> FindAlphabets(char32_t code_point);
  void MakeLetters();
  [[nodiscard]] std::vector<char32_t> FindCuts() const;
  States Follow(size_t automaton, const States& from, Side before, Side next);
  [[nodiscard]] bool HasAccept(size_t automaton, const States& followed) const;
  bool Accepts(const Node& node);
  void AddSuccessors(uint32_t index);
  bool Step(const Node& node, const std::vector<States>& followed, const Letter& letter,
            Node& next) const;
  bool IsNew(const Node& node);
  [[nodiscard]] std::string Spell(uint32_t index) const;

  const TextQuery& query_;
  std::vector<const RegexAutomaton*> automata_;
  std::vector<std::u32string> excluded_;
  std::vector<size_t> first_alphabets_;
  size_t alphabet_count_ = 0;
  std::vector<Letter> letters_;
  std::vector<Node> nodes_;
  std::unordered_set<std::u32string> seen_;
  /// By automaton and state: the last Follow that visited it.
  std::vector<std::vector<uint32_t>> stamps_;
  uint32_t stamp_ = 0;
  uint64_t work_ = 0;
};

std::u32string TextSearch::ToCodePoints(std::string_view text) {
  std::u32string code_points;
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint decoded = DecodeUtf8(text, at);
    code_points += decoded.code_point;
    at += decoded.length;
  }
  return code_points;
}

/// The code points at which a new class may begin, sorted.
std::vector<char32_t> TextSearch::FindCuts() const {
  std::vector<char32_t> cuts = {0, kSurrogates.first, kSurrogates.last + 1};
  const auto cut_around = [&](CodePointRange range) {
    cuts.push_back(range.first);
    if (range.last < kLastCodePoint) cuts.push_back(range.last + 1);
  };
  for (const CodePointRange word : {CodePointRange{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}) {
    cut_around(word);
  }
  for (const RegexAutomaton* automaton : automata_) {
    for (uint32_t i = 0; i < automaton->alphabet_count(); ++i) {
      std::ranges::for_each(automaton->alphabet(i).ranges, cut_around);
    }
  }
  for (const std::u32string& text : excluded_) {
    for (const char32_t c : text) cut_around({c, c});
  }
  std::ranges::sort(cuts);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

/// For each part of the alphabet of each automaton, whether the code point is in it.
std::vector<bool> TextSearch::FindAlphabets(char32_t code_point) {
  std::vector<bool> is_in;
  for (const RegexAutomaton* automaton : automata_) {
    for (uint32_t i = 0; i < automaton->alphabet_count(); ++i) {
      is_in.push_back(Contains(automaton->alphabet(i).ranges, code_point));
      work_ += automaton->alphabet(i).ranges.size();
    }
  }
  return is_in;
}

void TextSearch::MakeLetters() {
  std::u32string in_excluded;
  for (const std::u32string& text : excluded_) in_excluded += text;
  std::ranges::sort(in_excluded);
  std::map<std::pair<std::vector<bool>, uint32_t>, char32_t> letters;
  const std::vector<char32_t> cuts = FindCuts();
  for (size_t i = 0; i < cuts.size(); ++i) {
    const char32_t first = cuts[i];
    if (first == kSurrogates.first) continue;
    const char32_t last = i + 1 < cuts.size() ? cuts[i + 1] - 1 : kLastCodePoint;
    std::vector<bool> is_in = FindAlphabets(first);
    if (work_ > kMaxSearchWork) return;
    // A code point of an excluded text is a class of its own.
    const bool is_own = std::ranges::binary_search(in_excluded, first);
    const uint32_t own = is_own ? first + 2 : static_cast<uint32_t>(IsWord(first));
    const char32_t best = PreferredIn({first, last});
    const auto [entry, is_new] = letters.try_emplace({std::move(is_in), own}, best);
    if (!is_new && Preference(best) < Preference(entry->second)) entry->second = best;
  }
  for (auto& [key, code_point] : letters) letters_.push_back({code_point, key.first});
  std::ranges::sort(letters_, {}, [](const Letter& each) { return Preference(each.code_point); });
}

/// The states of kind Set and Accept that `from` leads to without consuming a code point, at a
/// position between the sides `before` and `next`.
TextSearch::States TextSearch::Follow(size_t automaton, const States& from, Side before,
                                      Side next) {
  const RegexAutomaton& machine = *automata_[automaton];
  States found;
  States todo = from;
  ++stamp_;
  while (!todo.empty()) {
    const uint32_t at = todo.back();
    todo.pop_back();
    if (std::exchange(stamps_[automaton][at], stamp_) == stamp_) continue;
    ++work_;
    const AutomatonState& state = machine.state(at);
    if (state.kind == AutomatonState::Kind::Set || state.kind == AutomatonState::Kind::Accept) {
      found.push_back(at);
      continue;
    }
    const bool is_open = state.kind == AutomatonState::Kind::Fork ||
                         (AdmittedSides(state.assertion, before) & static_cast<uint8_t>(next)) != 0;
    if (is_open) todo.insert(todo.end(), state.next.begin(), state.next.end());
  }
  return found;
}

bool TextSearch::HasAccept(size_t automaton, const States& followed) const {
  return std::ranges::any_of(followed, [&](uint32_t state) {
    return automata_[automaton]->state(state).kind == AutomatonState::Kind::Accept;
  });
}

bool TextSearch::Accepts(const Node& node) {
  if (node.length < query_.least) return false;
  for (size_t i = 0; i < automata_.size(); ++i) {
    const bool matches = HasAccept(i, Follow(i, node.states[i], node.before, Side::Edge));
    if (matches != (i < query_.matched.size())) return false;
  }
  return std::ranges::none_of(node.followed,
                              [&](uint32_t text) { return excluded_[text].size() == node.length; });
}

/// Moves each automaton by `letter` into `next`. Returns false when an automaton that must match
/// cannot match any more.
bool TextSearch::Step(const Node& node, const std::vector<States>& followed, const Letter& letter,
                      Node& next) const {
  for (size_t i = 0; i < automata_.size(); ++i) {
    States states;
    for (const uint32_t at : followed[i]) {
      const AutomatonState& state = automata_[i]->state(at);
      const bool moves =
          state.kind == AutomatonState::Kind::Set && letter.is_in[first_alphabets_[i] + state.set];
      if (moves) states.push_back(state.next.front());
    }
    if (states.empty() && i < query_.matched.size()) return false;
    std::ranges::sort(states);
    states.erase(std::unique(states.begin(), states.end()), states.end());
    next.states.push_back(std::move(states));
  }
  for (const uint32_t text : node.followed) {
    const std::u32string& excluded = excluded_[text];
    const bool goes_on =
        excluded.size() > node.length && excluded[node.length] == letter.code_point;
    if (goes_on) next.followed.push_back(text);
  }
  return true;
}

void TextSearch::AddSuccessors(uint32_t index) {
  std::vector<States> followed_by[2];
  for (const Side side : {Side::Word, Side::Other}) {
    for (size_t i = 0; i < automata_.size(); ++i) {
      followed_by[side == Side::Word ? 0 : 1].push_back(
          Follow(i, nodes_[index].states[i], nodes_[index].before, side));
    }
  }
  for (const Letter& letter : letters_) {
    Node next;
    next.before = IsWord(letter.code_point) ? Side::Word : Side::Other;
    next.length = nodes_[index].length + 1;
    next.parent = index;
    next.code_point = letter.code_point;
    ++work_;
    const auto& followed = followed_by[next.before == Side::Word ? 0 : 1];
    if (Step(nodes_[index], followed, letter, next) && IsNew(next)) {
      nodes_.push_back(std::move(next));
    }
  }
}

/// Whether no earlier node has the same continuations. The length matters only up to the minimum,
/// or while excluded texts are being followed.
bool TextSearch::IsNew(const Node& node) {
  std::u32string key;
  const auto add = [&key](const std::vector<uint32_t>& numbers) {
    key += static_cast<char32_t>(numbers.size());
    key.append(numbers.begin(), numbers.end());
  };
  std::ranges::for_each(node.states, add);
  add(node.followed);
  key += static_cast<char32_t>(node.before);
  const uint64_t length = node.followed.empty() ? std::min(node.length, query_.least) : node.length;
  key += static_cast<char32_t>(length);
  work_ += key.size();
  return seen_.insert(std::move(key)).second;
}

std::string TextSearch::Spell(uint32_t index) const {
  std::u32string reversed;
  for (; index != 0; index = nodes_[index].parent) reversed += nodes_[index].code_point;
  std::string text;
  for (size_t i = reversed.size(); i-- > 0;) AppendUtf8(text, reversed[i]);
  return text;
}

TextAnswer TextSearch::Run() {
  Node start;
  for (const RegexAutomaton* automaton : automata_) start.states.push_back({automaton->start()});
  for (uint32_t i = 0; i < excluded_.size(); ++i) start.followed.push_back(i);
  nodes_.push_back(std::move(start));
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    if (work_ > kMaxSearchWork || nodes_.size() > kMaxNodes) return {{}, false};
    if (Accepts(nodes_[i])) return {Spell(i), true};
    if (nodes_[i].length < query_.most) AddSuccessors(i);
  }
  return {{}, std::ranges::all_of(automata_, &RegexAutomaton::is_exact)};
}

}  // namespace

TextAnswer FindSimpleText(const TextQuery& query) {
  if (query.least > query.most) return {};
  return TextSearch(query).Run();
}

}  // namespace wfc::types
