#include "passes/constants.h"

#include "llvm/ADT/SmallVector.h"

#include "ir/expr/compiler.h"

namespace wfc::passes {

namespace {

using expr::Op;

/// Whether the value can be known although a part of it is not: an arm is not taken, a loop does
/// not run, an operand decides alone.
bool CanAbsorb(Op op) {
  if (IsLoop(op)) return true;
  switch (op) {
    case Op::And:
    case Op::Or:
    case Op::Conditional:
    case Op::Coalesce:
    case Op::OptMap:
    case Op::OptFlatMap:
    case Op::Bind:
      return true;
    default:
      return false;
  }
}

/// Cheap, and true of nearly every condition: it reads something, and nothing absorbs that.
bool ClearlyDepends(const expr::ExprStore& exprs, ir::ExprId id) {
  llvm::SmallVector<ir::ExprId, 16> pending = {id};
  bool has_load = false;
  while (!pending.empty()) {
    const expr::Expr& node = exprs[pending.pop_back_val()];
    if (CanAbsorb(node.op)) return false;
    if (node.op == Op::Load) has_load = true;
    for (ir::ExprId child : exprs.children(node)) pending.push_back(child);
  }
  return has_load;
}

}  // namespace

std::optional<Value> FindConstant(const ir::Project& project, ir::ExprId id) {
  if (ClearlyDepends(project.exprs, id)) return std::nullopt;
  return expr::EvaluatePartial(project.exprs, id,
                               [](const Root&) -> std::optional<Value> { return std::nullopt; });
}

}  // namespace wfc::passes
