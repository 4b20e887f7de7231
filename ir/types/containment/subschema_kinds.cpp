// The search among values of one kind: expands the schemas of a goal into facts and choices,
// branches on the choices, and makes a value from the facts of a branch.
#include <algorithm>
#include <deque>
#include <initializer_list>
#include <utility>

#include "llvm/ADT/DenseSet.h"

#include "ir/types/containment/subschema_prover.h"

namespace wfc::types {
namespace {

/// A set of terms that is usually small: a vector at first, a hash set beyond kFew terms.
class TermSet {
 public:
  /// Returns false when the term was already in the set.
  bool Insert(Term term) {
    if (Contains(term)) return false;
    if (many_.empty() && few_.size() < kFew) {
      few_.push_back(term);
      return true;
    }
    if (many_.empty()) {
      for (const Term& each : few_) many_.insert(KeyOf(each));
    }
    return many_.insert(KeyOf(term)).second;
  }
  [[nodiscard]] bool Contains(Term term) const {
    return many_.empty() ? std::ranges::find(few_, term) != few_.end()
                         : many_.contains(KeyOf(term));
  }

 private:
  static constexpr size_t kFew = 32;
  static uint64_t KeyOf(Term term) {
    return uint64_t{term.index} << 8 | static_cast<uint64_t>(term.demand);
  }
  llvm::SmallVector<Term, 8> few_;
  llvm::DenseSet<uint64_t> many_;
};

/// The state of one branch.
struct Decided {
  llvm::SmallVector<Fact, 8> facts;
  TermSet terms;                           ///< terms that have been expanded
  llvm::SmallVector<uint32_t, 4> choices;  ///< open choices, as indices into KindSearch::choices_
  /// A schema with `enum` or `const` that the value must fit; null: none.
  const Schema* listed = nullptr;
};

/// A tableau search: facts are the literals of a branch, and choices are its open disjunctions.
class KindSearch {
 public:
  KindSearch(Prover& prover, const Goal& goal, TypeBit kind)
      : prover_(prover), goal_(goal), kind_(kind) {}

  Outcome Run() {
    Decided start;
    Facts terms;
    for (const Term& term : goal_) terms.push_back({.kind = FactKind::Meets, .term = term});
    return Add(start, terms) ? Decide(std::move(start)) : Outcome();
  }

 private:
  bool Add(Decided& decided, const Facts& facts);
  bool AddTerm(Decided& decided, Term term, Facts& more);
  bool AddAccepted(Decided& decided, SchemaId id, Facts& more);
  bool AddRejected(Decided& decided, SchemaId id, Facts& more);
  bool AddDifference(Decided& decided, Term term, Facts& more);
  bool AddChoice(Decided& decided, Choice choice, Facts& more);
  Outcome Decide(Decided decided);
  Outcome DecideOne(const Decided& decided, uint32_t choice);
  [[nodiscard]] size_t CountOpenWays(const Decided& decided, uint32_t choice, size_t enough);
  uint32_t PickChoice(const Decided& decided);
  Outcome FindListed(const Decided& decided);
  [[nodiscard]] Branch MakeBranch(const Decided& decided, const Goal* goal) const {
    return {prover_, kind_, decided.facts, goal};
  }
  [[nodiscard]] bool IsClosed(const Decided& decided) const;

  Prover& prover_;
  const Goal& goal_;
  TypeBit kind_;
  std::deque<Choice> choices_;
};

/// Adds facts and everything that follows from them directly; false when they contradict each
/// other.
bool KindSearch::Add(Decided& decided, const Facts& facts) {
  Facts todo = facts;
  for (size_t i = 0; i < todo.size(); ++i) {
    const Fact fact = todo[i];
    if (fact.kind != FactKind::Meets) {
      decided.facts.push_back(fact);
    } else if (!AddTerm(decided, fact.term, todo)) {
      return false;
    }
  }
  return true;
}

bool KindSearch::AddTerm(Decided& decided, Term term, Facts& more) {
  // Listed values are tried against the whole goal one by one, so differences need no expansion.
  if (decided.listed != nullptr && term.demand == Demand::IsNot) return true;
  if (!decided.terms.Insert(term)) return true;
  const auto has = [&](Demand demand) { return decided.terms.Contains({term.index, demand}); };
  switch (term.demand) {
    case Demand::Fits:
      return !has(Demand::FitsNot) && AddAccepted(decided, SchemaId(term.index), more);
    case Demand::FitsNot:
      return !has(Demand::Fits) && AddRejected(decided, SchemaId(term.index), more);
    case Demand::IsNot:
      return AddDifference(decided, term, more);
    case Demand::Matches:
    case Demand::MatchesNot:
      decided.facts.push_back({.kind = FactKind::Meets, .term = term});
      return kind_ == TypeBit::String;
    case Demand::IsText:
      return kind_ == TypeBit::String;
  }
  return true;
}

bool KindSearch::AddAccepted(Decided& decided, SchemaId id, Facts& more) {
  const Schema& schema = prover_.schemas()[id];
  if (schema.is_false || (schema.types & Bit(kind_)) == 0) return false;
  if (schema.constant || schema.enumeration) {
    const bool is_fewer = decided.listed == nullptr || schema.constant;
    if (is_fewer) decided.listed = &schema;
  }
  Acceptance acceptance = prover_.reader().ReadAcceptance(id, kind_);
  more.append(acceptance.facts.begin(), acceptance.facts.end());
  for (Choice& choice : acceptance.choices) {
    if (!AddChoice(decided, std::move(choice), more)) return false;
  }
  return true;
}

bool KindSearch::AddRejected(Decided& decided, SchemaId id, Facts& more) {
  const Schema& schema = prover_.schemas()[id];
  if (schema.is_false || (schema.types & Bit(kind_)) == 0) return true;
  return AddChoice(decided, prover_.reader().ReadRejection(id, kind_), more);
}

bool KindSearch::AddDifference(Decided& decided, Term term, Facts& more) {
  const Value& value = prover_.terms().value(term);
  if (TypeOf(value) != Bit(kind_)) return true;
  if (kind_ == TypeBit::Array || kind_ == TypeBit::Object) {
    return AddChoice(decided, prover_.reader().ReadDifference(value), more);
  }
  decided.facts.push_back({.kind = FactKind::Meets, .term = term});
  return true;
}

bool KindSearch::AddChoice(Decided& decided, Choice choice, Facts& more) {
  if (choice.empty()) return false;
  if (choice.size() == 1) {
    more.append(choice.front().begin(), choice.front().end());
    return true;
  }
  decided.choices.push_back(static_cast<uint32_t>(choices_.size()));
  choices_.push_back(std::move(choice));
  return true;
}

Outcome FindAmong(const Branch& branch, std::initializer_list<Value> values) {
  Outcome outcome;
  for (const Value& value : values) {
    const bool is_excluded = std::ranges::any_of(branch.facts, [&](const Fact& fact) {
      return fact.kind == FactKind::Meets && !branch.prover.Meets(fact.term, value);
    });
    if (!is_excluded && outcome.Join(branch.TryCandidate(value))) break;
  }
  return outcome;
}

Outcome FindFromFacts(const Branch& branch) {
  switch (branch.kind) {
    case TypeBit::Null:
      return FindAmong(branch, {Value::Null()});
    case TypeBit::Boolean:
      return FindAmong(branch, {Value::Bool(false), Value::Bool(true)});
    case TypeBit::Integer:
    case TypeBit::Fraction:
      return FindNumber(branch);
    case TypeBit::String:
      return FindText(branch);
    case TypeBit::Array:
      return FindList(branch);
    case TypeBit::Object:
      return FindObject(branch);
  }
  return {};
}

/// Whether the branch certainly has no value. Open choices are not considered.
bool KindSearch::IsClosed(const Decided& decided) const {
  const Branch branch = MakeBranch(decided, nullptr);
  if (kind_ == TypeBit::String) return IsTextBranchClosed(branch);
  if (kind_ == TypeBit::Array) return IsListBranchClosed(branch);
  if (kind_ == TypeBit::Object) return IsObjectBranchClosed(branch);
  return FindFromFacts(branch).is_none();
}

/// Tries the listed values one by one.
Outcome KindSearch::FindListed(const Decided& decided) {
  std::span<const Value> values;
  if (decided.listed->constant) {
    values = {&*decided.listed->constant, 1};
  } else {
    values = *decided.listed->enumeration;
  }
  Outcome outcome;
  for (const Value& value : values) {
    if (TypeOf(value) != Bit(kind_)) continue;
    if (!prover_.ChargeBudget()) return Outcome::Unclear("steps");
    if (prover_.Meets(goal_, value)) return Outcome::Found(value);
  }
  return outcome;
}

Outcome KindSearch::Decide(Decided decided) {
  if (decided.listed != nullptr) return FindListed(decided);
  if (!prover_.ChargeBudget(decided.facts.size())) return Outcome::Unclear("steps");
  if (IsClosed(decided)) return {};
  if (decided.choices.empty()) return FindFromFacts(MakeBranch(decided, &goal_));
  const uint32_t picked = PickChoice(decided);
  const uint32_t choice = decided.choices[picked];
  decided.choices.erase(decided.choices.begin() + picked);
  return DecideOne(decided, choice);
}

Outcome KindSearch::DecideOne(const Decided& decided, uint32_t choice) {
  const Choice& ways = choices_[choice];
  const size_t choice_count = choices_.size();
  Outcome outcome;
  for (const Facts& way : ways) {
    Decided next = decided;
    const bool is_settled = Add(next, way) && outcome.Join(Decide(std::move(next)));
    choices_.resize(choice_count);
    if (is_settled) break;
  }
  return outcome;
}

/// The number of alternatives of a choice that are not closed immediately, counted up to `enough`.
size_t KindSearch::CountOpenWays(const Decided& decided, uint32_t choice, size_t enough) {
  const Choice& ways = choices_[choice];
  const size_t choice_count = choices_.size();
  size_t count = 0;
  for (const Facts& way : ways) {
    Decided next = decided;
    if (Add(next, way) && !IsClosed(next)) ++count;
    choices_.resize(choice_count);
    if (count >= enough || !prover_.ChargeBudget(decided.facts.size())) break;
  }
  return count;
}

/// The index of the choice with the fewest open alternatives, because it prunes most.
uint32_t KindSearch::PickChoice(const Decided& decided) {
  if (decided.choices.size() == 1) return 0;
  uint32_t best = 0;
  size_t fewest = static_cast<size_t>(-1);
  for (uint32_t i = 0; i < decided.choices.size() && fewest > 0; ++i) {
    const size_t count = CountOpenWays(decided, decided.choices[i], fewest);
    if (count >= fewest) continue;
    fewest = count;
    best = i;
  }
  return best;
}

}  // namespace

Outcome FindOfKind(Prover& prover, const Goal& goal, TypeBit kind) {
  return KindSearch(prover, goal, kind).Run();
}

}  // namespace wfc::types
