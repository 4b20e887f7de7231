#include "passes/case_coverage.h"

#include <algorithm>
#include <compare>
#include <optional>
#include <string>

#include "ir/expr/compiler.h"
#include "ir/expr/printer.h"

namespace wfc::passes {

namespace {

using expr::Op;
using Parts = std::vector<std::string>;

/// The operands of `op`, or the expression itself, each as text, sorted.
Parts Operands(const ir::Project& project, ir::ExprId id, Op op) {
  Parts parts;
  if (project.exprs[id].op == op) {
    for (ir::ExprId child : project.exprs.children(id)) {
      parts.push_back(expr::PrintExpr(project.exprs, child));
    }
  } else {
    parts.push_back(expr::PrintExpr(project.exprs, id));
  }
  std::ranges::sort(parts);
  return parts;
}

using Comparison = ConditionForm::Comparison;

std::optional<Comparison> FindComparison(const ir::Project& project, ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  bool compares = node.op == Op::Less || node.op == Op::LessEqual || node.op == Op::Greater ||
                  node.op == Op::GreaterEqual || node.op == Op::Equal;
  if (!compares) return std::nullopt;
  std::optional<Value> bound = expr::Fold(project.exprs, project.exprs.child(id, 1));
  if (!bound || bound->is_error()) return std::nullopt;
  return Comparison{.subject = expr::PrintExpr(project.exprs, project.exprs.child(id, 0)),
                    .op = node.op,
                    .bound = *bound};
}

bool IsBelow(Op op) {
  return op == Op::Less || op == Op::LessEqual;
}
bool IsAbove(Op op) {
  return op == Op::Greater || op == Op::GreaterEqual;
}

/// Whether `value < bound` (or as `op` says) holds.
bool Holds(const Value& value, Op op, const Value& bound) {
  std::optional<std::strong_ordering> order = Compare(value, bound);
  if (!order) return false;
  if (*order == 0) return op == Op::LessEqual || op == Op::GreaterEqual || op == Op::Equal;
  return *order < 0 ? IsBelow(op) : IsAbove(op);
}

bool CoversComparison(const Comparison& covering, const Comparison& covered) {
  if (covering.subject != covered.subject) return false;
  if (covered.op == Op::Equal) return Holds(covered.bound, covering.op, covering.bound);
  bool same_side = (IsBelow(covering.op) && IsBelow(covered.op)) ||
                   (IsAbove(covering.op) && IsAbove(covered.op));
  if (!same_side) return false;
  std::optional<std::strong_ordering> order = Compare(covered.bound, covering.bound);
  if (!order) return false;
  // `x < 5` covers `x < 5` and `x < 3`; at the same bound, `<` does not cover `<=`.
  if (*order == 0) {
    bool covering_is_open = covering.op == Op::Less || covering.op == Op::Greater;
    bool covered_is_open = covered.op == Op::Less || covered.op == Op::Greater;
    return !covering_is_open || covered_is_open;
  }
  return IsBelow(covering.op) ? *order < 0 : *order > 0;
}

}  // namespace

ConditionForm MakeConditionForm(const ir::Project& project, ir::ExprId id) {
  ConditionForm form;
  form.text = expr::PrintExpr(project.exprs, id);
  if (project.exprs[id].op == Op::Not) {
    form.negated = expr::PrintExpr(project.exprs, project.exprs.child(id, 0));
  }
  form.conjuncts = Operands(project, id, Op::And);
  form.disjuncts = Operands(project, id, Op::Or);
  form.comparison = FindComparison(project, id);
  return form;
}

bool Covers(const ConditionForm& covering, const ConditionForm& covered) {
  if (std::ranges::includes(covered.conjuncts, covering.conjuncts)) return true;
  if (std::ranges::includes(covering.disjuncts, covered.disjuncts)) return true;
  return covering.comparison && covered.comparison &&
         CoversComparison(*covering.comparison, *covered.comparison);
}

bool AreOpposite(const ConditionForm& left, const ConditionForm& right) {
  return left.negated == right.text || right.negated == left.text;
}

}  // namespace wfc::passes
