// Finds a text that satisfies facts: its length, patterns that match or do not match, and texts
// that it differs from.
#include <algorithm>
#include <optional>
#include <string>

#include "ir/base/utf8.h"
#include "ir/types/containment/subschema_prover.h"
#include "ir/types/regex/simple_text.h"
#include "ir/types/vm/formats.h"

namespace wfc::types {
namespace {

constexpr uint32_t kMaxLength = 1 << 20;  // the longest text that is made
constexpr size_t kMaxExcluded = 50'000;

/// The facts of a branch, sorted by kind.
struct TextFacts {
  uint32_t least = 0;
  uint32_t most = 0xFFFFFFFF;
  std::vector<Term> matched;
  std::vector<Term> unmatched;
  std::vector<std::string_view> excluded;
  std::vector<Format> formats;
  std::vector<Format> other_formats;  ///< formats that the text must not have
};

void Add(Prover& prover, const Fact& fact, TextFacts& facts) {
  if (fact.kind == FactKind::CountAtLeast) facts.least = std::max(facts.least, fact.least);
  if (fact.kind == FactKind::CountAtMost) facts.most = std::min(facts.most, fact.most);
  if (fact.kind == FactKind::HasFormat) facts.formats.push_back(*fact.owner->format);
  if (fact.kind == FactKind::HasNotFormat) facts.other_formats.push_back(*fact.owner->format);
  if (fact.kind != FactKind::Meets) return;
  if (fact.term.demand == Demand::Matches) facts.matched.push_back(fact.term);
  if (fact.term.demand == Demand::MatchesNot) facts.unmatched.push_back(fact.term);
  if (fact.term.demand == Demand::IsNot) {
    facts.excluded.push_back(prover.terms().value(fact.term).AsString());
  }
}

TextFacts ReadFacts(const Branch& branch) {
  TextFacts facts;
  for (const Fact& fact : branch.facts) Add(branch.prover, fact, facts);
  return facts;
}

/// The letter that is used to vary a text for the `number`th time; small letters come first.
char32_t LetterAt(size_t number) {
  constexpr size_t kSmallLetters = 26;
  constexpr char32_t kOthers = 0xC0;
  return static_cast<char32_t>(number < kSmallLetters ? 'a' + number
                                                      : kOthers + number - kSmallLetters);
}

/// Finds a text when no pattern is involved. Among one more text than are excluded, one is free.
Outcome FindUnmatched(const Branch& branch, const TextFacts& facts) {
  if (facts.excluded.size() > kMaxExcluded) return Outcome::Unclear("enum");
  Outcome outcome;
  for (uint32_t length = facts.least; length <= facts.most && length <= facts.least + 1; ++length) {
    if (length > kMaxLength) return Outcome::Unclear("minLength");
    for (size_t i = 0; i <= facts.excluded.size(); ++i) {
      std::string text(length > 0 ? length - 1 : 0, 'a');
      if (length > 0) AppendUtf8(text, LetterAt(i));
      const bool is_free = std::ranges::find(facts.excluded, text) == facts.excluded.end();
      if (is_free && outcome.Join(branch.TryCandidate(Value::String(text)))) return outcome;
      if (length == 0 || is_free) break;
    }
  }
  return outcome;
}

Outcome FindMatched(const Branch& branch, const TextFacts& facts) {
  TextQuery query = {.least = facts.least,
                     .most = facts.most,
                     .matched = {},
                     .unmatched = {},
                     .excluded = facts.excluded};
  const auto add = [&](const std::vector<Term>& terms, auto& automata) {
    return std::ranges::all_of(terms, [&](Term term) {
      automata.push_back(&branch.prover.terms().automaton(term));
      return !automata.back()->is_too_large();
    });
  };
  if (!add(facts.matched, query.matched) || !add(facts.unmatched, query.unmatched)) {
    return Outcome::Unclear("pattern");
  }
  const TextAnswer answer = FindSimpleText(query);
  if (answer.text) return branch.TryCandidate(Value::String(*answer.text));
  return answer.is_decided ? Outcome() : Outcome::Unclear("pattern");
}

/// The first text of the form that is not excluded; empty if all are.
std::optional<std::string> FindFreeSample(const TextFacts& facts, std::string_view form) {
  for (uint32_t number = kLeastSampleNumber; number <= kMostSampleNumber; ++number) {
    std::string text = MakeSample(facts.formats.front(), form, number, facts.least);
    const bool is_free = std::ranges::find(facts.excluded, text) == facts.excluded.end();
    if (is_free) return text;
  }
  return std::nullopt;
}

/// Tries the sample texts of a format. There are other texts of the format, so that a failure
/// proves nothing.
Outcome FindFormatted(const Branch& branch, const TextFacts& facts) {
  if (facts.least > kMaxLength) return Outcome::Unclear("minLength");
  Outcome outcome = Outcome::Unclear("format");
  for (const std::string_view form : FindSamples(facts.formats.front())) {
    if (!branch.prover.ChargeBudget()) return Outcome::Unclear("steps");
    const std::optional<std::string> text = FindFreeSample(facts, form);
    if (text && outcome.Join(branch.TryCandidate(Value::String(*text)))) break;
  }
  return outcome;
}

}  // namespace

bool IsTextBranchClosed(const Branch& branch) {
  const TextFacts facts = ReadFacts(branch);
  if (facts.least > facts.most) return true;
  const auto share = [](const auto& left, const auto& right, auto projection) {
    return std::ranges::find_first_of(left, right, {}, projection, projection) != left.end();
  };
  return share(facts.matched, facts.unmatched, &Term::index) ||
         share(facts.formats, facts.other_formats, std::identity());
}

Outcome FindText(const Branch& branch) {
  const TextFacts facts = ReadFacts(branch);
  if (facts.least > facts.most) return {};
  Outcome outcome;
  if (!facts.formats.empty() && outcome.Join(FindFormatted(branch, facts))) return outcome;
  const bool is_free = facts.matched.empty() && facts.unmatched.empty();
  Outcome other = is_free ? FindUnmatched(branch, facts) : FindMatched(branch, facts);
  if (other.is_none()) return other;
  outcome.Join(other);
  return outcome;
}

}  // namespace wfc::types
