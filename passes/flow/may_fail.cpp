#include "passes/flow/may_fail.h"

#include <algorithm>

#include "ir/expr/fixed.h"

namespace wfc::passes {

namespace {

using expr::Op;

/// Whether no value that fits its schema can make the operation fail.
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

/// Whether the result of arithmetic is within the bounds of its kind, whatever the operands are.
bool IsWithinBounds(const expr::Expr& node, const expr::Type& result, expr::TypeTable& table) {
  constexpr uint64_t kMaxSize = 1 << 16;
  if (node.op != Op::Add && node.op != Op::Subtract && node.op != Op::Multiply) return false;
  if (result.IsNever()) return false;
  if (result.IsOnly(expr::KindsOf(Kind::Int))) {
    const expr::IntegerBounds bounds = table.BoundsOf(result);
    return bounds.least && bounds.most;
  }
  const bool is_joined =
      result.IsOnly(expr::KindsOf(Kind::String)) || result.IsOnly(expr::KindsOf(Kind::List));
  return is_joined && table.CountIn(result).most.value_or(kMaxSize) < kMaxSize;
}

/// Whether a division of integers has a result, whatever they are: none is beyond 64 bits, and no
/// divisor is 0 or below.
bool DividesSafely(const expr::ExprStore& exprs, const expr::Expr& node, const KnownTypes& types) {
  if (node.op != Op::Divide && node.op != Op::Modulo) return false;
  const auto bounds_of = [&](expr::ExprId operand) {
    const expr::Type& type = types.of(operand);
    return type.IsNever() || !type.IsOnly(expr::kInt) ? expr::IntegerBounds()
                                                      : types.table.BoundsOf(type);
  };
  const expr::IntegerBounds dividend = bounds_of(exprs.children(node)[0]);
  const expr::IntegerBounds divisor = bounds_of(exprs.children(node)[1]);
  return dividend.least && dividend.most && divisor.least && divisor.most && *divisor.least > 0;
}

/// Recurses as deep as the expression's parser does.
bool MayFail(const expr::ExprStore& exprs, expr::ExprId id, const KnownTypes* types) {
  if (!id.has_value()) return false;
  const expr::Expr& node = exprs[id];
  const auto children = exprs.children(node);
  if (children.empty() && IsSafe(node.op)) return false;
  const auto is_known = [&](expr::ExprId child) { return !types->of(child).IsDyn(); };
  if (types != nullptr && expr::IsFixed(exprs, id) &&
      types->table.ConstantOf(types->of(id)) != nullptr) {
    return false;
  }
  const bool has_no_items = types != nullptr && expr::IsLoop(node.op) &&
                            types->table.CountIn(types->of(children[0])).most == 0;
  if (has_no_items) return MayFail(exprs, children[0], types);
  const bool is_total = types != nullptr && std::ranges::all_of(children, is_known) &&
                        (IsTotal(node) || IsWithinBounds(node, types->of(id), types->table) ||
                         DividesSafely(exprs, node, *types));
  if (!IsSafe(node.op) && !is_total) return true;
  return std::ranges::any_of(children,
                             [&](expr::ExprId child) { return MayFail(exprs, child, types); });
}

}  // namespace

bool IsTotal(const expr::Expr& node) {
  switch (node.op) {
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
    case Op::SelectOptional:
    case Op::All:
    case Op::Exists:
    case Op::ExistsOne:
    case Op::Filter:
    case Op::Transform:
    case Op::AllPairs:
    case Op::ExistsPair:
    case Op::ExistsOnePair:
    case Op::TransformList:
    case Op::Bind:
    case Op::OptMap:
    case Op::OptFlatMap:
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
    case Builtin::Reverse:
    case Builtin::Distinct:
    case Builtin::OptionalOf:
    case Builtin::OptionalNone:
    case Builtin::OptionalOfNonZero:
    case Builtin::HasValue:
    case Builtin::OptionalOr:
    case Builtin::OptionalOrValue:
      return true;
    default:
      return false;
  }
}

bool MayFail(const expr::ExprStore& exprs, expr::ExprId id, const KnownTypes& types) {
  return MayFail(exprs, id, &types);
}

bool MayFail(const expr::ExprStore& exprs, expr::ExprId id) {
  return MayFail(exprs, id, nullptr);
}

}  // namespace wfc::passes
