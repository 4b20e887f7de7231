// Translates conditions of the IR to conditions of passes/presence/graph.h about the values of
// expressions (observed_values.h).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/project.h"
#include "ir/support/id_keys.h"
#include "passes/conditions/condition_builder.h"
#include "passes/conditions/observed_values.h"
#include "passes/conditions/presence_forms.h"
#include "passes/presence/graph.h"

namespace wfc::passes {

class ExpressionTypes;

/// Makes the subjects and conditions of `graph`, in three steps: Collect and CollectCondition are
/// called for everything that will be asked, then MakeSubjects once, then the questions.
class PresenceSubjects {
 public:
  PresenceSubjects(const ir::Project& project, const ExpressionTypes& types,
                   presence::Graph& graph);

  /// Collects what the stage's conditions compare.
  void Collect(ir::StageId id);
  /// Collects the comparisons in a guard, that is, in an expression that decides which parts of a
  /// field are evaluated (see ForEachGuard).
  void CollectCondition(ir::StageId stage, ir::ExprId id);
  void MakeSubjects();

  /// Whether comparisons with the values of `subject` are told apart (see ValueClasses::is_full).
  [[nodiscard]] bool HasClasses(ir::StageId id, ir::ExprId subject);
  /// The condition that `condition`, an expression in a field of stage `id`, is true.
  [[nodiscard]] presence::ConditionId Holds(ir::StageId id, ir::ExprId condition);
  [[nodiscard]] presence::ConditionId Equals(ir::StageId id, ir::ExprId subject, const Value& key);
  /// The condition that a path of fields is present. No value if no condition asks `has` of it.
  [[nodiscard]] std::optional<presence::ConditionId> FindPresent(ir::StageId id, ir::ExprId path);
  /// `count` conditions of which exactly one is true, without any knowledge of which one.
  [[nodiscard]] std::vector<presence::ConditionId> OneOf(uint32_t count) {
    return values_.OneOf(count);
  }

  /// The condition that `vars` have the values that are written.
  [[nodiscard]] presence::ConditionId VarsAreAsWritten() { return values_.VarsAreAsWritten(); }

  /// "`input.kind` is \"bug\" or \"task\""; "" if the subject cannot be shown.
  [[nodiscard]] std::string Describe(presence::SubjectId subject,
                                     std::span<const uint32_t> classes) const {
    return values_.Describe(subject, classes);
  }

 private:
  /// The results of an expression for each value of the only path that it reads.
  struct Tried {
    ObservedValue* asked = nullptr;
    std::vector<Value> results;  ///< by value that is listed of it
  };
  [[nodiscard]] const Tried* Try(ir::StageId stage, ir::ExprId id);
  [[nodiscard]] std::unique_ptr<Tried> MakeTried(ir::StageId stage, ir::ExprId id);
  void CollectComparison(ir::StageId stage, const Comparison& comparison);
  [[nodiscard]] presence::ConditionId Claim(ir::StageId stage, ir::ExprId id, std::string text);
  [[nodiscard]] presence::ConditionId MakeHolds(ir::StageId id, ir::ExprId condition);
  [[nodiscard]] presence::ConditionId Atom(ir::StageId id, ir::ExprId condition);
  [[nodiscard]] presence::ConditionId Compared(ir::StageId id, ir::ExprId subject, expr::Op op,
                                               const Value& constant);
  [[nodiscard]] presence::ConditionId ComparedSides(ir::StageId id, ir::ExprId condition);
  [[nodiscard]] presence::ConditionId IsThere(ir::StageId id, ir::ExprId argument);
  [[nodiscard]] presence::ConditionId IsPresent(ir::StageId id, ir::ExprId condition);
  [[nodiscard]] presence::ConditionId ComparedExit(ir::StageId of, ObservedValue& asked,
                                                   expr::Op op, const Value& constant);
  [[nodiscard]] presence::ConditionId Among(const Tried& tried,
                                            llvm::function_ref<bool(const Value&)> passes);
  [[nodiscard]] presence::ConditionId EqualsSized(ObservedValue& asked, const expr::Type& type,
                                                  const Value& constant);

  [[nodiscard]] bool ComparesBooleans(ir::ExprId id) const;

  const ir::Project& project_;
  const ExpressionTypes& types_;
  ConditionBuilder build_;
  ObservedValues values_;
  llvm::DenseSet<ir::ExprId> collected_;  // conditions
  llvm::DenseMap<ir::ExprId, presence::ConditionId> holds_;
  llvm::DenseMap<ir::ExprId, std::unique_ptr<Tried>> tried_;  // null: it cannot be tried
};

}  // namespace wfc::passes
