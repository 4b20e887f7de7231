#include "ir/types/containment/subschema_prover.h"

#include <algorithm>
#include <utility>

namespace wfc::types {
namespace {

// The limits on one question. Each question that exceeds them halves the limits of the next, down
// to the least.
constexpr uint64_t kMaxSteps = 50'000;
constexpr uint64_t kLeastSteps = 500;
constexpr uint64_t kMaxTotalSteps = 5'000'000;
// The limits on validator steps, which are halved in the same way.
constexpr uint64_t kMaxChecks = 1'000'000;
constexpr uint64_t kLeastChecks = 10'000;
constexpr uint32_t kMostHalvings = 16;
constexpr size_t kFactsInAStep = 8;
constexpr uint32_t kMaxOpenGoals = 128;  // goals in progress at once

/// The kinds in the order in which their values are preferred as examples.
constexpr TypeBit kKinds[] = {TypeBit::Null,     TypeBit::Boolean, TypeBit::Integer,
                              TypeBit::Fraction, TypeBit::String,  TypeBit::Array,
                              TypeBit::Object};

/// Sorts the terms and removes those that always hold. Returns false when a term, or two together,
/// exclude every value.
bool Tidy(const SchemaStore& schemas, Goal& goal) {
  std::ranges::sort(goal);
  goal.erase(std::unique(goal.begin(), goal.end()), goal.end());
  bool is_possible = true;
  std::erase_if(goal, [&](Term term) {
    if (term.demand != Demand::Fits && term.demand != Demand::FitsNot) return false;
    const Schema& schema = schemas[SchemaId(term.index)];
    const bool is_wanted = term.demand == Demand::Fits;
    if (schema.is_false || SaysNothing(schema)) {
      is_possible &= schema.is_false != is_wanted;
      return true;
    }
    return false;
  });
  for (size_t i = 1; i < goal.size() && is_possible; ++i) {
    const bool is_pair =
        goal[i].index == goal[i - 1].index &&
        ((goal[i - 1].demand == Demand::Fits && goal[i].demand == Demand::FitsNot) ||
         (goal[i - 1].demand == Demand::Matches && goal[i].demand == Demand::MatchesNot));
    is_possible = !is_pair;
  }
  return is_possible;
}

}  // namespace

size_t Prover::GoalHash::operator()(const Goal& goal) const {
  uint64_t hash = goal.size();
  for (const Term& term : goal) {
    hash ^= (static_cast<uint64_t>(term.index) << 3 | static_cast<uint64_t>(term.demand)) +
            0x9E3779B97F4A7C15 + (hash << 6) + (hash >> 2);
  }
  return hash;
}

bool Prover::ChargeBudget(size_t facts) {
  const uint64_t steps = 1 + facts / kFactsInAStep;
  steps_ += steps;
  total_steps_ += steps;
  is_spent_ |= steps_ > max_steps_ || total_steps_ > kMaxTotalSteps;
  return !is_spent_;
}

/// Whether the schema's verdict on `value` is `accepts`. If a validator cannot tell within its
/// budget, the result is false and the question becomes undecided.
bool Prover::Decides(SchemaId schema, const Value& value, bool accepts) {
  if (is_spent_) return false;
  const uint64_t before = checks_left_;
  const std::optional<bool> judged = validators_.AcceptsWithin(schema, value, checks_left_);
  total_checks_left_ -= std::min(total_checks_left_, before - checks_left_);
  is_spent_ |= !judged;
  return judged == accepts;
}

bool Prover::Meets(Term term, const Value& value) {
  switch (term.demand) {
    case Demand::Fits:
      return Decides(SchemaId(term.index), value, true);
    case Demand::FitsNot:
      return Decides(SchemaId(term.index), value, false);
    case Demand::IsNot:
      return value != terms_.value(term);
    case Demand::Matches:
      return value.is_string() && terms_.Matches(term, value.AsString());
    case Demand::MatchesNot:
      return value.is_string() && !terms_.Matches(term, value.AsString());
    case Demand::IsText:
      return value.is_string();
  }
  return false;
}

bool Prover::Meets(const Goal& goal, const Value& value) {
  return std::ranges::all_of(goal, [&](Term term) { return Meets(term, value); });
}

Outcome Prover::Solve(Goal goal) {
  if (!Tidy(schemas_, goal)) return {};
  if (goal.empty()) return Outcome::Found(Value::Null());
  if (const auto known = known_.find(goal); known != known_.end()) return known->second;
  if (const auto given = unclear_.find(goal); given != unclear_.end()) return given->second;
  if (const auto open = open_.find(goal); open != open_.end()) {
    outermost_needed_ = std::min(outermost_needed_, open->second);
    return {};
  }
  const auto depth = static_cast<uint32_t>(open_.size());
  if (depth >= kMaxOpenGoals) return Outcome::Unclear("depth");
  if (!ChargeBudget()) return Outcome::Unclear("steps");
  open_.emplace(goal, depth);
  const uint32_t needed_outside = std::exchange(outermost_needed_, kNoGoal);
  Outcome outcome = SolveByKind(goal);
  open_.erase(goal);
  // A failure may rest on goals that are still in progress and were treated as unsatisfiable; it is
  // then not final.
  const bool is_final = outermost_needed_ >= depth || outcome.is_found();
  if (outermost_needed_ >= depth) outermost_needed_ = kNoGoal;
  outermost_needed_ = std::min(outermost_needed_, needed_outside);
  // A failure after the budget was exceeded proves nothing either.
  const bool is_known = outcome.is_found() || (outcome.is_none() && !is_spent_);
  const bool is_unclear = !outcome.is_found() && !outcome.is_none();
  if (is_final && is_known) {
    known_.emplace(std::move(goal), outcome);
  } else if (is_final && is_unclear) {
    unclear_.emplace(std::move(goal), outcome);
  }
  return outcome;
}

Outcome Prover::SolveByKind(const Goal& goal) {
  TypeMask types = kAllTypes;
  for (const Term& term : goal) {
    if (term.demand == Demand::Fits) types &= schemas_[SchemaId(term.index)].types;
    const bool is_of_text = term.demand == Demand::Matches || term.demand == Demand::MatchesNot ||
                            term.demand == Demand::IsText;
    if (is_of_text) types &= Bit(TypeBit::String);
  }
  Outcome outcome;
  for (const TypeBit kind : kKinds) {
    if ((types & Bit(kind)) != 0 && outcome.Join(FindOfKind(*this, goal, kind))) break;
  }
  return outcome;
}

ContainmentAnswer Prover::Prove(SchemaId a, SchemaId b) {
  steps_ = 0;
  is_spent_ = false;
  unclear_.clear();
  max_steps_ = std::max(kLeastSteps, kMaxSteps >> spent_count_);
  checks_left_ = std::min(std::max(kLeastChecks, kMaxChecks >> spent_count_), total_checks_left_);
  validators_.SetRoots({a, b});
  Outcome outcome = Solve({Fits(a), FitsNot(b)});
  if (is_spent_ && !outcome.is_found()) outcome = Outcome::Unclear("steps");
  if (is_spent_ && spent_count_ < kMostHalvings) ++spent_count_;
  switch (outcome.state) {
    case Outcome::State::None:
      return {.verdict = Containment::Yes, .witness = {}, .mismatches = {}, .keyword = ""};
    case Outcome::State::Found:
      return {.verdict = Containment::No,
              .witness = outcome.value,
              .mismatches = validators_.Validate(b, outcome.value),
              .keyword = ""};
    case Outcome::State::Unclear:
      break;
  }
  return {.verdict = Containment::Unknown,
          .witness = {},
          .mismatches = {},
          .keyword = std::string(outcome.keyword)};
}

ContainmentAnswer Prover::FindContainment(SchemaId a, SchemaId b) {
  if (a == b) return {.verdict = Containment::Yes, .witness = {}, .mismatches = {}, .keyword = ""};
  const uint64_t pair = static_cast<uint64_t>(a.index()) << 32 | b.index();
  const auto known = answers_.find(pair);
  if (known != answers_.end()) return known->second;
  return answers_.emplace(pair, Prove(a, b)).first->second;
}

Outcome Branch::TryCandidate(Value value) const {
  if (goal == nullptr || prover.Meets(*goal, value)) return Outcome::Found(std::move(value));
  for (const Fact& fact : facts) {
    if (fact.kind == FactKind::Unclear) return Outcome::Unclear(fact.name);
    const bool is_format = fact.kind == FactKind::HasFormat || fact.kind == FactKind::HasNotFormat;
    if (is_format) return Outcome::Unclear("format");
  }
  return Outcome::Unclear("witness");
}

}  // namespace wfc::types
