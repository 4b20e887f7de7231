// Translates conditions of the IR to subjects and conditions of passes/presence/graph.h: the values
// of one expression are divided by the constants that they are compared with, and expressions that
// always have the same value share a subject.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

#include "ir/project.h"
#include "ir/support/id_keys.h"
#include "passes/conditions/presence_forms.h"
#include "passes/conditions/value_classes.h"
#include "passes/presence/graph.h"

namespace wfc::passes {

class ExpressionTypes;

/// An expression whose values conditions ask for.
struct ObservedValue {
  std::string shown;  ///< the expression, as it would be written
  ValueClasses classes;
  std::optional<Value> now;  ///< its value as `vars` are written; profiles may change them
  presence::SubjectId subject;
  ObservedValue* size = nullptr;  ///< the `size` of it, if conditions ask for that too
  /// By range of classes (the first, and their count): the condition that the value is in one of
  /// them.
  std::map<std::pair<uint32_t, uint32_t>, presence::ConditionId> claims;
};

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
  [[nodiscard]] presence::ConditionId Constant(bool value);
  [[nodiscard]] presence::ConditionId Not(presence::ConditionId condition);
  [[nodiscard]] presence::ConditionId And(presence::ConditionId left, presence::ConditionId right);
  [[nodiscard]] presence::ConditionId Or(presence::ConditionId left, presence::ConditionId right);
  /// `count` conditions of which exactly one is true, without any knowledge of which one.
  [[nodiscard]] std::vector<presence::ConditionId> OneOf(uint32_t count);

  /// The condition that `vars` have the values that are written.
  [[nodiscard]] presence::ConditionId VarsAreAsWritten();

  /// "`input.kind` is \"bug\" or \"task\""; "" if the subject cannot be shown.
  [[nodiscard]] std::string Describe(presence::SubjectId subject,
                                     std::span<const uint32_t> classes) const;

 private:
  using Conditions = std::vector<presence::ConditionId>;
  /// The results of an expression for each value of the only path that it reads.
  struct Tried {
    ObservedValue* asked = nullptr;
    std::vector<Value> results;  ///< by value that is listed of it
  };
  [[nodiscard]] const Tried* Try(ir::StageId stage, ir::ExprId id);
  [[nodiscard]] std::unique_ptr<Tried> MakeTried(ir::StageId stage, ir::ExprId id);
  void CollectComparison(ir::StageId stage, const Comparison& comparison);
  ObservedValue& Ask(ir::StageId stage, ir::ExprId id);
  ObservedValue& AskByText(ir::StageId stage, ir::ExprId id);
  [[nodiscard]] ObservedValue* FindHas(ir::StageId id, ir::ExprId path);
  ObservedValue& AskForClaim(ir::StageId stage, ir::ExprId id, std::string text);
  [[nodiscard]] presence::ConditionId Claim(ir::StageId stage, ir::ExprId id, std::string text);
  [[nodiscard]] presence::ConditionId AmongTrue(ObservedValue& asked);
  [[nodiscard]] presence::ConditionId MakeHolds(ir::StageId id, ir::ExprId condition);
  [[nodiscard]] presence::ConditionId Atom(ir::StageId id, ir::ExprId condition);
  [[nodiscard]] presence::ConditionId Compared(ir::StageId id, ir::ExprId subject, expr::Op op,
                                               const Value& constant);
  [[nodiscard]] presence::ConditionId ComparedSides(ir::StageId id, ir::ExprId condition);
  [[nodiscard]] presence::ConditionId IsThere(ir::StageId id, ir::ExprId argument);
  [[nodiscard]] presence::ConditionId IsPresent(ir::StageId id, ir::ExprId condition);
  [[nodiscard]] presence::ConditionId ComparedExit(ir::StageId of, ObservedValue& asked,
                                                   expr::Op op, const Value& constant);
  [[nodiscard]] presence::ConditionId HasField(const Root& root);
  /// `condition ? one : other`.
  [[nodiscard]] presence::ConditionId Choose(presence::ConditionId condition,
                                             presence::ConditionId one,
                                             presence::ConditionId other);
  /// The condition that the value is in one of the classes.
  [[nodiscard]] presence::ConditionId Among(ObservedValue& asked, Range classes);
  [[nodiscard]] presence::ConditionId Among(const Tried& tried,
                                            llvm::function_ref<bool(const Value&)> passes);
  void MakeSubject(ObservedValue& asked);
  using Asked = llvm::StringMapEntry<ObservedValue>;
  void LinkSize(std::string_view key, ObservedValue& size);
  [[nodiscard]] presence::ConditionId EqualsSized(ObservedValue& asked, const expr::Type& type,
                                                  const Value& constant);

  [[nodiscard]] TypeValues ValuesOf(ir::ExprId id) const;
  [[nodiscard]] bool HasListedValues(ir::ExprId path);
  [[nodiscard]] bool IsBool(ir::ExprId id) const;
  [[nodiscard]] bool IsCondition(ir::ExprId id) const;
  [[nodiscard]] bool ComparesBooleans(ir::ExprId id) const;
  [[nodiscard]] bool MayBeNan(ir::ExprId id) const;

  const ir::Project& project_;
  const ExpressionTypes& types_;
  presence::Graph& graph_;
  llvm::StringMap<ObservedValue> asked_;  // by KeyOf: entries stay where they are
  std::vector<Asked*> of_vars_;           // the entries with a value in `now`
  llvm::DenseMap<ir::ExprId, ObservedValue*> by_expression_;
  /// An expression that was asked about and has the same value everywhere in its workflow.
  struct Shared {
    ir::ExprId expression;
    ir::WorkflowId workflow;
    ObservedValue* asked = nullptr;
  };
  llvm::DenseMap<uint64_t, Shared> shared_;  // by the hash of the expression and the workflow
  llvm::DenseSet<ir::ExprId> collected_;     // conditions
  llvm::DenseMap<ir::ExprId, presence::ConditionId> holds_;
  llvm::DenseMap<ir::ExprId, std::unique_ptr<Tried>> tried_;  // null: it cannot be tried
  std::vector<const ObservedValue*> by_subject_;
  /// Answers that were given before: by the type of a stage's output and its declared type, whether
  /// the schema lists its values.
  std::vector<std::pair<std::pair<expr::Type, expr::Type>, bool>> outputs_;
};

}  // namespace wfc::passes
