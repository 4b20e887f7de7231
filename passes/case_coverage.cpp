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

/// `value OP constant`.
struct Comparison {
  std::string subject;
  Op op = Op::Equal;
  Value bound;
};

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

bool Covers(const ir::Project& project, ir::ExprId covering, ir::ExprId covered) {
  if (std::ranges::includes(Operands(project, covered, Op::And),
                            Operands(project, covering, Op::And))) {
    return true;
  }
  if (std::ranges::includes(Operands(project, covering, Op::Or),
                            Operands(project, covered, Op::Or))) {
    return true;
  }
  std::optional<Comparison> outer = FindComparison(project, covering);
  std::optional<Comparison> inner = FindComparison(project, covered);
  return outer && inner && CoversComparison(*outer, *inner);
}

bool AreOpposite(const ir::Project& project, ir::ExprId left, ir::ExprId right) {
  auto is_negation = [&](ir::ExprId negated, ir::ExprId plain) {
    return project.exprs[negated].op == Op::Not &&
           expr::PrintExpr(project.exprs, project.exprs.child(negated, 0)) ==
               expr::PrintExpr(project.exprs, plain);
  };
  return is_negation(left, right) || is_negation(right, left);
}

}  // namespace wfc::passes
