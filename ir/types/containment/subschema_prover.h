// The search for a value that a goal describes: accepted by some schemas, rejected by others. It
// finds one, or proves that there is none, or gives up by a named budget. Containment is the
// question whether a value is accepted by one schema and rejected by the other.
//
// A goal is split by the kinds of values. In each, the schemas are taken apart into facts and
// choices (subschema_facts.h); choices are decided one after the other, those with the fewest ways
// first; what remains are facts about numbers, texts, lists or objects, from which a value is made.
// Lists and objects ask for their parts in turn. A goal that is asked for while it is being looked
// for counts as not to be met: a smallest value does not contain another that meets the same goal.
// The algorithm, its budgets and an example: docs/design/containment.md.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include "ir/types/containment/schema_validators.h"
#include "ir/types/containment/subschema.h"
#include "ir/types/containment/subschema_facts.h"
#include "ir/types/schema/schema_tables.h"

namespace wfc::types {

/// What became of a search.
struct Outcome {
  enum class State : uint8_t { None, Found, Unclear };
  State state = State::None;
  Value value;               ///< Found: validated, if a goal was given
  std::string_view keyword;  ///< Unclear: what made it so

  static Outcome Found(Value value) { return {State::Found, std::move(value), ""}; }
  static Outcome Unclear(std::string_view keyword) { return {State::Unclear, Value(), keyword}; }

  [[nodiscard]] bool is_none() const { return state == State::None; }
  [[nodiscard]] bool is_found() const { return state == State::Found; }
  /// Of several ways: a value that was found, else what was unclear, else none. True when it is
  /// settled: another way changes nothing.
  bool Join(Outcome other) {
    if (!is_found() && !other.is_none() && (is_none() || other.is_found()))
      *this = std::move(other);
    return is_found();
  }
};

class Prover {
 public:
  explicit Prover(const SchemaTables& tables)
      : schemas_(tables.schemas), validators_(tables), reader_(tables.schemas, terms_) {}

  ContainmentAnswer FindContainment(SchemaId a, SchemaId b);
  [[nodiscard]] SchemaValidators& validators() { return validators_; }

  // For the parts of the search.
  Outcome Solve(Goal goal);
  [[nodiscard]] bool Meets(const Goal& goal, const Value& value);
  [[nodiscard]] bool Meets(Term term, const Value& value);
  /// Counts a step over so many facts; false past the budget.
  [[nodiscard]] bool ChargeBudget(size_t facts = 0);
  [[nodiscard]] const SchemaStore& schemas() const { return schemas_; }
  [[nodiscard]] TermTable& terms() { return terms_; }
  [[nodiscard]] FactReader& reader() { return reader_; }

 private:
  struct GoalHash {
    size_t operator()(const Goal& goal) const;
  };

  Outcome SolveByKind(const Goal& goal);
  [[nodiscard]] bool Decides(SchemaId schema, const Value& value, bool accepts);
  ContainmentAnswer Prove(SchemaId a, SchemaId b);

  const SchemaStore& schemas_;
  TermTable terms_;
  SchemaValidators validators_;
  FactReader reader_;
  std::unordered_map<Goal, Outcome, GoalHash> known_;
  std::unordered_map<Goal, uint32_t, GoalHash> open_;  ///< being looked for: how deep
  /// The outermost open goal that what is being looked for has been given up for.
  uint32_t outermost_needed_ = kNoGoal;
  static constexpr uint32_t kNoGoal = 0xFFFFFFFF;
  static constexpr uint64_t kMaxTotalChecks = 10'000'000;
  uint64_t steps_ = 0;        ///< of this question
  uint64_t total_steps_ = 0;  ///< of all questions
  uint64_t max_steps_ = 0;    ///< that this question may take
  uint32_t spent_count_ = 0;  ///< questions that spent their budget
  uint64_t checks_left_ = 0;  ///< steps of validators, of this question
  uint64_t total_checks_left_ = kMaxTotalChecks;
  bool is_spent_ = false;  ///< that nothing was found, or some value meets a goal, proves nothing
  std::unordered_map<uint64_t, ContainmentAnswer> answers_;
};

/// The facts of one kind that a value must be made from.
struct Branch {
  Prover& prover;
  TypeBit kind;
  std::span<const Fact> facts;
  const Goal* goal = nullptr;  ///< what a value is held to; none: nothing

  /// `value`, if it meets the goal.
  [[nodiscard]] Outcome TryCandidate(Value value) const;
};

/// A value of `kind` that meets the goal.
[[nodiscard]] Outcome FindOfKind(Prover& prover, const Goal& goal, TypeBit kind);

// From facts alone; a number of kind Integer or Fraction.
[[nodiscard]] Outcome FindNumber(const Branch& branch);
[[nodiscard]] Outcome FindText(const Branch& branch);
[[nodiscard]] Outcome FindList(const Branch& branch);
[[nodiscard]] Outcome FindObject(const Branch& branch);

// Whether the facts surely exclude each other. Cheap, since it is asked for each way of a choice.
[[nodiscard]] bool IsTextBranchClosed(const Branch& branch);
[[nodiscard]] bool IsListBranchClosed(const Branch& branch);
[[nodiscard]] bool IsObjectBranchClosed(const Branch& branch);

}  // namespace wfc::types
