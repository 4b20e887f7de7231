// Finds the values that an expression can have where it stands, by its type and by how stages can
// have ended by then. The checks of conditions that are the same in every run ask it.
//
// Answers err on the side of more values: a value that is left out never occurs. `vars`, and what
// is computed from them, may have any value of their type, since a profile can set them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "llvm/ADT/DenseMap.h"

#include "ir/project.h"
#include "ir/support/id_keys.h"
#include "passes/conditions/presence_graph.h"
#include "passes/conditions/type_values.h"
#include "passes/context/pass.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

/// The runs in which a field is evaluated.
struct EvaluationRuns {
  presence::Formula when = presence::kAlways;
  presence::World world = presence::World::Any;
};

/// A bound of numbers: all are `op value`.
struct Bound {
  expr::Op op;
  Value value;
};

/// Answers questions about the possible values of expressions. All questions of one instance share
/// a budget (kMaxWork), beyond which nothing is known.
class PossibleValues {
 public:
  explicit PossibleValues(PassContext& context);

  /// Sets the runs in which the expressions of the following questions are evaluated.
  void Enter(const EvaluationRuns& runs) { runs_ = runs; }

  /// Gives the names of a loop the declared types of what `range` holds, where conditions have
  /// narrowed `range`, while the loop's parts are visited. Release takes them back.
  void Bind(const expr::Expr& loop, ir::ExprId range);
  void Release(const expr::Expr& loop);

  /// All values, if they are known and at most kMaxValues. Errors are left out, since an evaluation
  /// that fails has no value.
  [[nodiscard]] std::optional<std::vector<Value>> Find(ir::ExprId id) {
    return Find(id, TypeOf(id));
  }
  /// Whether some value of the expression may equal `value`; true if that is not known.
  [[nodiscard]] bool CanEqual(ir::ExprId id, const Value& value);
  /// Why the expression never equals `value`, as the end of a message: ": …" or "; …", or "".
  [[nodiscard]] std::string ExplainNeverEqual(ir::ExprId id, const Value& value);
  /// Whether some item of the list, or some key of the map, may equal `value`.
  [[nodiscard]] bool CanHold(ir::ExprId container, const Value& value);
  [[nodiscard]] std::string ExplainHeld(ir::ExprId container, const Value& value);
  /// Whether `id op number` holds for every value of the expression (true) or for none (false);
  /// empty if it holds for some values, or if that is not known.
  [[nodiscard]] std::optional<bool> FindOrder(ir::ExprId id, expr::Op op, const Value& number);
  /// The bound of the expression's type from which `id op number` follows for some numbers, unless
  /// the values are known one by one.
  [[nodiscard]] std::optional<Bound> FindBound(ir::ExprId id, expr::Op op);
  /// Whether the expression reads `vars`, itself or through what a stage passes on: a profile can
  /// then change its values.
  [[nodiscard]] bool ReadsVars(ir::ExprId id);

 private:
  static constexpr size_t kMaxValues = 64;
  // The costs of questions, and the budget for all of them.
  static constexpr uint32_t kCheapQuestion = 1;
  static constexpr uint32_t kExpensiveQuestion = 20;
  static constexpr uint32_t kMaxWork = 1'000'000;
  using Values = std::optional<std::vector<Value>>;

  /// The declared type. A type that conditions narrow comes from the conditions themselves, so it
  /// cannot serve to find them constant. Dyn if nothing is known, or if a stage computes the value
  /// from constants.
  [[nodiscard]] expr::Type TypeOf(ir::ExprId id);
  [[nodiscard]] expr::Type DeclaredTypeOf(ir::ExprId id);
  [[nodiscard]] bool IsNarrowed(ir::ExprId id) const;
  [[nodiscard]] bool ChargeBudget(uint32_t work) {
    if (work > work_left_) return false;
    work_left_ -= work;
    return true;
  }
  /// The values of an expression of type `type`, which is its TypeOf.
  [[nodiscard]] Values Find(ir::ExprId id, const expr::Type& type);
  [[nodiscard]] Values FindByType(const expr::Type& type);
  /// FindBounds. Many conditions ask for the bounds of the same few types.
  [[nodiscard]] TypeValues BoundsOf(const expr::Type& type);
  [[nodiscard]] Values FindStatuses(ir::StageId stage);
  [[nodiscard]] Values Apply(ir::ExprId id);
  [[nodiscard]] bool Accepts(const expr::Type& type, const Value& value);
  [[nodiscard]] bool PassesOnVars(ir::StageId stage);

  const ir::Project& project_;
  const ExpressionTypes& types_;
  Presence& presence_;
  EvaluationRuns runs_;
  uint32_t work_left_ = kMaxWork;
  llvm::DenseMap<ir::StageId, bool> passes_on_vars_;  ///< of those that were asked about
  llvm::DenseMap<ir::SchemaId, Values> by_schema_;
  llvm::DenseMap<std::pair<ir::SchemaId, expr::KindSet>, TypeValues> bounds_;
  llvm::DenseMap<uint32_t, expr::Type> bound_;  ///< by slot
};

}  // namespace wfc::passes
