#include "passes/may_fail.h"

#include <algorithm>

namespace wfc::passes {

namespace {

using expr::Op;

/// Whether a value that fits its schema cannot make it fail.
bool IsSafe(Op op) {
  switch (op) {
    case Op::Const:
    case Op::Load:
    case Op::Binding:
    case Op::Select:
    case Op::Has:
    case Op::Present:
    case Op::Not:
    case Op::Equal:
    case Op::NotEqual:
    case Op::In:
    case Op::And:
    case Op::Or:
    case Op::Conditional:
    case Op::List:
    case Op::Map:
    case Op::Concat:
    case Op::Render:
    case Op::Coalesce:
      return true;
    default:
      return false;
  }
}

/// Whether every value of the kinds that it is defined for has a result.
bool IsTotal(const expr::Expr& node) {
  switch (node.op) {
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
    case Op::SelectOptional:
    case Op::All:
    case Op::Exists:
    case Op::Filter:
    case Op::Transform:
      return true;
    case Op::Call:
      break;
    default:
      return false;
  }
  switch (static_cast<Builtin>(node.payload)) {
    case Builtin::Size:
    case Builtin::Contains:
    case Builtin::StartsWith:
    case Builtin::EndsWith:
    case Builtin::TypeOf:
    case Builtin::Text:
    case Builtin::LowerAscii:
    case Builtin::UpperAscii:
    case Builtin::Trim:
      return true;
    default:
      return false;
  }
}

}  // namespace

/// Recurses as deep as the expression's parser does.
bool MayFail(const expr::ExprStore& exprs, expr::ExprId id,
             llvm::function_ref<bool(expr::ExprId)> is_known) {
  if (!id.has_value()) return false;
  const expr::Expr& node = exprs[id];
  const auto children = exprs.children(node);
  if (!IsSafe(node.op) && !(IsTotal(node) && std::ranges::all_of(children, is_known))) return true;
  return std::ranges::any_of(children,
                             [&](expr::ExprId child) { return MayFail(exprs, child, is_known); });
}

}  // namespace wfc::passes
