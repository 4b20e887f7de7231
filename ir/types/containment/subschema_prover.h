// The search for a value that meets a goal: some schemas accept it and others reject it. It finds
// such a value, proves that there is none, or gives up and names the budget that was exceeded.
// Containment of one schema in another is the goal of a value that the first accepts and the second
// rejects.
//
// The search is a tableau. A goal is split by the kinds of values. For each kind, the schemas are
// expanded into facts and choices (subschema_facts.h). Choices are branched on one after the other,
// those with the fewest open alternatives first. The facts of a finished branch are about numbers,
// texts, lists or objects, and a value is made from them; the parts of lists and objects are goals
// of their own.
//
// A goal that recurs inside its own search is treated as unsatisfiable there. This is sound because
// a smallest value that meets a goal contains no other value that meets the same goal.
//
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

/// The result of a search: no value exists (None), a value (Found), or undecided (Unclear).
struct Outcome {
  enum class State : uint8_t { None, Found, Unclear };
  State state = State::None;
  Value value;               ///< for Found; it is validated if a goal was given
  std::string_view keyword;  ///< for Unclear: the keyword or budget that prevented a decision

  static Outcome Found(Value value) { return {State::Found, std::move(value), ""}; }
  static Outcome Unclear(std::string_view keyword) { return {State::Unclear, Value(), keyword}; }

  [[nodiscard]] bool is_none() const { return state == State::None; }
  [[nodiscard]] bool is_found() const { return state == State::Found; }
  /// Combines the outcomes of alternatives: a found value wins over Unclear, and Unclear over None.
  /// Returns whether a value has been found, so that further alternatives change nothing.
  bool Join(Outcome other) {
    if (!is_found() && !other.is_none() && (is_none() || other.is_found()))
      *this = std::move(other);
    return is_found();
  }
};

/// Answers goals and containment questions about the schemas of a registry and caches the answers.
/// They become invalid when a schema changes; schemas may be added.
class Prover {
 public:
  explicit Prover(const SchemaTables& tables)
      : schemas_(tables.schemas), validators_(tables), reader_(tables.schemas, terms_) {}

  /// Whether every value that `a` accepts is accepted by `b`. The answer is cached.
  ContainmentAnswer FindContainment(SchemaId a, SchemaId b);
  [[nodiscard]] SchemaValidators& validators() { return validators_; }

  // The members up to `private` are for the other files of the search.
  /// Searches for a value that meets all terms of `goal`.
  Outcome Solve(Goal goal);
  /// Whether `value` meets all terms. When a validator exceeds its budget, the result is false and
  /// the question becomes undecided.
  [[nodiscard]] bool Meets(const Goal& goal, const Value& value);
  [[nodiscard]] bool Meets(Term term, const Value& value);
  /// Charges one step, and more for many facts. Returns false when a budget is exceeded.
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
  /// The goals that the current question has given up on, so that it does so once.
  std::unordered_map<Goal, Outcome, GoalHash> unclear_;
  /// The goals in progress, and the depth of each.
  std::unordered_map<Goal, uint32_t, GoalHash> open_;
  /// The depth of the outermost goal in progress that the current search has treated as
  /// unsatisfiable; kNoGoal when there is none. Until that goal is finished, a failure to find a
  /// value is not cached.
  uint32_t outermost_needed_ = kNoGoal;
  static constexpr uint32_t kNoGoal = 0xFFFFFFFF;
  static constexpr uint64_t kMaxTotalChecks = 10'000'000;
  uint64_t steps_ = 0;        ///< of the current question
  uint64_t total_steps_ = 0;  ///< of all questions
  uint64_t max_steps_ = 0;    ///< the limit for the current question
  uint32_t spent_count_ = 0;  ///< the number of questions that exceeded their budget
  uint64_t checks_left_ = 0;  ///< the validator steps left for the current question
  uint64_t total_checks_left_ = kMaxTotalChecks;
  /// Whether the current question has exceeded a budget. Then neither a failed search nor a
  /// rejected value proves anything.
  bool is_spent_ = false;
  std::unordered_map<uint64_t, ContainmentAnswer> answers_;
};

/// The facts of a finished branch for values of one kind, from which a value is made.
struct Branch {
  Prover& prover;
  TypeBit kind;
  std::span<const Fact> facts;
  const Goal* goal = nullptr;  ///< the goal that a value must meet; null: none

  /// Found with `value` if it meets the goal, otherwise Unclear.
  [[nodiscard]] Outcome TryCandidate(Value value) const;
};

/// Searches for a value of `kind` that meets the goal.
[[nodiscard]] Outcome FindOfKind(Prover& prover, const Goal& goal, TypeBit kind);

// Make a value from facts alone. FindNumber makes an Integer or a Fraction, as the branch says.
[[nodiscard]] Outcome FindNumber(const Branch& branch);
[[nodiscard]] Outcome FindText(const Branch& branch);
[[nodiscard]] Outcome FindList(const Branch& branch);
[[nodiscard]] Outcome FindObject(const Branch& branch);

// Whether the facts certainly contradict each other. These checks are cheap, because they are made
// for each alternative of a choice.
[[nodiscard]] bool IsTextBranchClosed(const Branch& branch);
[[nodiscard]] bool IsListBranchClosed(const Branch& branch);
[[nodiscard]] bool IsObjectBranchClosed(const Branch& branch);

}  // namespace wfc::types
