#include "passes/flow/constants.h"

#include <algorithm>

#include "ir/expr/compiler.h"

namespace wfc::passes {

namespace {

using expr::Op;

/// A cheap test that is true for nearly every condition: whether the expression reads something
/// that its value always depends on. Recurses as deep as the expression's parser does.
bool ClearlyDepends(const expr::ExprStore& exprs, ir::ExprId id) {
  const expr::Expr& node = exprs[id];
  const auto children = exprs.children(node);
  const auto depends = [&](ir::ExprId child) { return ClearlyDepends(exprs, child); };
  switch (node.op) {
    case Op::Load:
      return true;
    case Op::And:
    case Op::Or:
    case Op::Coalesce:
      return std::ranges::all_of(children, depends);
    case Op::Bind:
      return false;
    default:
      // The other children are evaluated in some runs only, or not for all items.
      if (node.op == Op::Conditional || expr::BindsNames(node.op)) return depends(children[0]);
      return std::ranges::any_of(children, depends);
  }
}

}  // namespace

std::optional<Value> FindConstant(const ir::Project& project, ir::ExprId id) {
  if (ClearlyDepends(project.exprs, id)) return std::nullopt;
  return expr::EvaluatePartial(project.exprs, id,
                               [](const Root&) -> std::optional<Value> { return std::nullopt; });
}

Value EvaluateWith(const expr::Expr& node, std::span<const Value> operands) {
  expr::ExprStore store;
  std::vector<ir::ExprId> children;
  for (const Value& operand : operands) children.push_back(store.AddConst(operand, {}));
  const ir::ExprId whole = store.Add(node.op, children, {}, node.payload);
  return expr::Fold(store, whole).value_or(Value::Error(EvalError::Unknown, "not known here"));
}

}  // namespace wfc::passes
