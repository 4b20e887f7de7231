// The expressions whose values conditions ask for: the values of one expression are divided by the
// constants that they are compared with, and expressions that always have the same value share a
// subject of passes/presence/graph.h. PresenceSubjects translates conditions with it.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include "ir/base/id_range.h"
#include "ir/project.h"
#include "ir/support/id_keys.h"
#include "passes/conditions/condition_builder.h"
#include "passes/conditions/type_values.h"
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

/// The observed values of a project. What is asked before MakeSubjects is called gets the constants
/// that it is compared with; after that, classes do not change any more.
class ObservedValues {
 public:
  ObservedValues(const ir::Project& project, const ExpressionTypes& types, presence::Graph& graph);

  /// The entry of an expression in a field of `stage`, made if there is none yet. Entries stay
  /// where they are.
  ObservedValue& Ask(ir::StageId stage, ir::ExprId id);
  /// The entry of a claim that need not be an expression of the manifest: `text`, about what `id`
  /// reads.
  ObservedValue& AskForClaim(ir::StageId stage, ir::ExprId id, std::string text);
  [[nodiscard]] bool IsAsked(ir::ExprId id) const { return by_expression_.contains(id); }
  /// The entry for `has` of the path; null if no condition asks for it.
  [[nodiscard]] ObservedValue* FindHas(ir::StageId id, ir::ExprId path);

  /// Makes the subjects of all that was asked.
  void MakeSubjects();
  /// Makes the subject of `asked`, unless it has one.
  void MakeSubject(ObservedValue& asked);

  /// The condition that the value is in one of the classes.
  [[nodiscard]] presence::ConditionId Among(ObservedValue& asked, Range classes);
  [[nodiscard]] presence::ConditionId AmongTrue(ObservedValue& asked);
  /// The condition that `vars` have the values that are written.
  [[nodiscard]] presence::ConditionId VarsAreAsWritten();
  /// `count` conditions of which exactly one is true, without any knowledge of which one.
  [[nodiscard]] std::vector<presence::ConditionId> OneOf(uint32_t count);

  /// "`input.kind` is \"bug\" or \"task\""; "" if the subject cannot be shown.
  [[nodiscard]] std::string Describe(presence::SubjectId subject,
                                     std::span<const uint32_t> classes) const;

  /// Whether the values of the path can be listed.
  [[nodiscard]] bool HasListedValues(ir::ExprId path);
  [[nodiscard]] bool IsBool(ir::ExprId id) const;
  /// Whether the expression is a boolean but not a name of one.
  [[nodiscard]] bool IsCondition(ir::ExprId id) const;
  /// Whether a number may be NaN, which JSON does not have.
  [[nodiscard]] bool MayBeNan(ir::ExprId id) const;

 private:
  using Asked = llvm::StringMapEntry<ObservedValue>;
  ObservedValue& AskByText(ir::StageId stage, ir::ExprId id);
  void LinkSize(std::string_view key, ObservedValue& size);
  [[nodiscard]] TypeValues ValuesOf(ir::ExprId id) const;

  const ir::Project& project_;
  const ExpressionTypes& types_;
  presence::Graph& graph_;
  ConditionBuilder build_;
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
  IdVector<presence::SubjectId, const ObservedValue*> by_subject_;
  /// Answers that were given before: by the type of a stage's output and its declared type, whether
  /// the schema lists its values.
  std::vector<std::pair<std::pair<expr::Type, expr::Type>, bool>> outputs_;
};

}  // namespace wfc::passes
