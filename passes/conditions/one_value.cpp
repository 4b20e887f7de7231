#include "passes/conditions/one_value.h"

#include <algorithm>

#include "ir/expr/compiler.h"
#include "ir/expr/same_expression.h"

namespace wfc::passes {

namespace {

using expr::Op;

/// Whether the expression is a root, perhaps with named fields.
bool IsPath(const expr::ExprStore& exprs, ir::ExprId id) {
  while (exprs[id].op == Op::Select) id = exprs.child(id, 0);
  return exprs[id].op == Op::Load;
}

/// Whether the expression reads nothing but one path, which is stored in `path`.
bool ReadsOnly(const expr::ExprStore& exprs, ir::ExprId id, ir::ExprId& path) {
  const expr::Expr& node = exprs[id];
  if (node.op == Op::Poison || node.op == Op::Has || node.op == Op::Present) return false;
  if (IsPath(exprs, id)) {
    if (!path.has_value()) path = id;
    return expr::AreAlike(exprs, path, id);
  }
  for (const ir::ExprId child : exprs.children(node)) {
    if (!ReadsOnly(exprs, child, path)) return false;
  }
  return true;
}

}  // namespace

ir::ExprId FindOnlyPath(const ir::Project& project, ir::ExprId id) {
  ir::ExprId path;
  if (IsPath(project.exprs, id) || !ReadsOnly(project.exprs, id, path)) return {};
  return path;
}

/// Recurses as deep as the expression's parser does.
bool ToleratesAbsence(const ir::Project& project, ir::ExprId id) {
  switch (project.exprs[id].op) {
    case Op::Has:
    case Op::Present:
    case Op::Coalesce:
    case Op::SelectOptional:
    case Op::IndexOptional:
    case Op::And:
    case Op::Or:
    case Op::All:
    case Op::Exists:
    case Op::AllPairs:
    case Op::ExistsPair:
      return true;
    default:
      break;
  }
  return std::ranges::any_of(project.exprs.children(id),
                             [&](ir::ExprId child) { return ToleratesAbsence(project, child); });
}

std::optional<Value> EvaluateWith(const ir::Project& project, ir::ExprId id, ir::ExprId path,
                                  const Value& value) {
  Value whole = value;
  while (project.exprs[path].op == Op::Select) {
    whole = Value::Record({{project.exprs.name(project.exprs[path]), whole}});
    path = project.exprs.child(path, 0);
  }
  const Root root = project.exprs.root(path);
  return expr::EvaluatePartial(project.exprs, id, [&](const Root& other) -> std::optional<Value> {
    return other == root ? std::optional(whole) : std::nullopt;
  });
}

}  // namespace wfc::passes
