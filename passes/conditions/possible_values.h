// Which values an expression can have where it stands, by its type and by how stages can have ended
// there. For checks of conditions that are the same in every run.
//
// Answers err on the side of more values: one that is left out never occurs. `vars` may be anything
// of their kind, since a profile can set them, and so may what is computed from them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "llvm/ADT/DenseMap.h"

#include "ir/project.h"
#include "passes/conditions/presence_graph.h"
#include "passes/context/pass.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

/// In which runs a field is evaluated.
struct Moments {
  presence::Formula when = presence::kAlways;
  presence::World world = presence::World::Any;
};

class PossibleValues {
 public:
  explicit PossibleValues(PassContext& context);

  /// Where the expressions that are asked for stand, until the next call.
  void Enter(const Moments& moments) { moments_ = moments; }

  /// Names of a loop over what conditions have narrowed, while it is walked through.
  void Bind(const expr::Expr& loop, ir::ExprId range);
  void Release(const expr::Expr& loop);

  /// All values, where they are known and at most kMaxValues. One that is an error is left out:
  /// then there is no value at all.
  [[nodiscard]] std::optional<std::vector<Value>> Find(ir::ExprId id);
  /// Whether some value of the expression equals this one, as far as is known.
  [[nodiscard]] bool CanEqual(ir::ExprId id, const Value& value);
  /// Why it never does: the end of a message, ": …" or "; …", or "".
  [[nodiscard]] std::string ExplainMisfit(ir::ExprId id, const Value& value);
  /// Whether some item of the list, or some key of the map, equals the value.
  [[nodiscard]] bool CanHold(ir::ExprId container, const Value& value);
  [[nodiscard]] std::string ExplainHeld(ir::ExprId container, const Value& value);
  /// Whether `id op number` holds for every value of the expression.
  [[nodiscard]] bool AlwaysOrdered(ir::ExprId id, expr::Op op, const Value& number);
  /// Whether `vars` are read, here or in what a stage passes on: a profile can change the values.
  [[nodiscard]] bool ReadsVars(ir::ExprId id);

 private:
  static constexpr size_t kMaxValues = 64;
  // What questions cost, and may cost together: past that nothing is known.
  static constexpr uint32_t kCheapQuestion = 1;
  static constexpr uint32_t kDearQuestion = 20;
  static constexpr uint32_t kMaxWork = 1'000'000;
  using Values = std::optional<std::vector<Value>>;

  /// By what is declared: what conditions have made of it is how conditions are written. Dyn: not
  /// known, and for what a stage computes from constants.
  [[nodiscard]] expr::Type TypeOf(ir::ExprId id);
  [[nodiscard]] expr::Type DeclaredTypeOf(ir::ExprId id);
  [[nodiscard]] bool IsNarrowed(ir::ExprId id) const;
  [[nodiscard]] bool ChargeBudget(uint32_t work) {
    if (work > work_left_) return false;
    work_left_ -= work;
    return true;
  }
  [[nodiscard]] Values FindByType(const expr::Type& type);
  [[nodiscard]] Values FindStatuses(ir::StageId stage);
  [[nodiscard]] Values FindKinds(ir::ExprId operand);
  [[nodiscard]] Values Apply(ir::ExprId id);
  [[nodiscard]] bool Accepts(const expr::Type& type, const Value& value);
  [[nodiscard]] bool PassesOnVars(ir::StageId stage);

  const ir::Project& project_;
  const ExpressionTypes& types_;
  Presence& presence_;
  Moments moments_;
  uint32_t work_left_ = kMaxWork;
  llvm::DenseMap<uint32_t, bool> passes_on_vars_;  ///< by stage, of those that were asked about
  llvm::DenseMap<uint32_t, Values> by_schema_;
  llvm::DenseMap<uint32_t, expr::Type> bound_;  ///< by slot
};

}  // namespace wfc::passes
