#include "ir/expr/expr.h"

#include <algorithm>
#include <array>
#include <limits>

namespace wfc::expr {
namespace {

constexpr std::array<std::string_view, kOpCount> kOpNames = {
#define WFC_OP(id, name) name,
#include "ir/expr/ops.def"
};

bool IsClaim(Op op) {
  return op == Op::Not || op == Op::In || (op >= Op::Less && op <= Op::NotEqual);
}

/// Whether the operation may fail or transform its operands. A map written in an expression
/// computes, because two of its keys may be equal, which is an error.
bool Computes(Op op) {
  switch (op) {
    case Op::Const:
    case Op::Load:
    case Op::Binding:
    case Op::Select:
    case Op::List:
    case Op::Concat:
    case Op::Render:
    case Op::Coalesce:
      return false;
    default:
      return true;
  }
}

}  // namespace

std::string_view GetName(Op op) {
  return kOpNames[static_cast<size_t>(op)];
}

ExprId ExprStore::AddPoison(Span span) {
  return exprs_.Add({.has_poison = true, .span = span});
}

ExprId ExprStore::AddConst(Value value, Span span) {
  constants_.push_back(std::move(value));
  return exprs_.Add({.op = Op::Const,
                     .is_constant = true,
                     .payload = static_cast<uint32_t>(constants_.size() - 1),
                     .span = span});
}

ExprId ExprStore::AddLoad(const Root& root, Span span) {
  roots_.push_back(root);
  return exprs_.Add(
      {.op = Op::Load, .payload = static_cast<uint32_t>(roots_.size() - 1), .span = span});
}

ExprId ExprStore::AddSelect(Op op, ExprId operand, std::string_view name, Span span) {
  const uint32_t name_index = names_.Intern(name).index();
  return Add(op, std::span(&operand, 1), span, name_index);
}

ExprId ExprStore::Add(Op op, std::span<const ExprId> children, Span span, uint32_t payload) {
  return Add(op, children, span, payload, Computes(op));
}

ExprId ExprStore::Add(Op op, std::span<const ExprId> children, Span span, uint32_t payload,
                      bool computes) {
  const bool is_dyn = op == Op::Call && payload == static_cast<uint32_t>(Builtin::Dyn);
  bool is_constant = op != Op::Binding && !is_dyn;
  bool has_poison = false;
  bool has_choice = Chooses(op);
  bool has_loop = IsLoop(op);
  bool has_claim = IsClaim(op);
  uint32_t depth = 0;
  const auto first = static_cast<uint32_t>(children_.size());
  for (const ExprId child : children) {
    children_.push_back(child);
    const Expr& below = exprs_[child];
    is_constant &= below.is_constant;
    has_poison |= below.has_poison;
    has_choice |= below.has_choice;
    has_loop |= below.has_loop;
    has_claim |= below.has_claim;
    computes |= below.computes;
    depth = std::max<uint32_t>(depth, below.depth);
  }
  constexpr uint32_t kDeepest = std::numeric_limits<uint16_t>::max();
  return exprs_.Add({.op = op,
                     .has_poison = has_poison,
                     .is_constant = is_constant,
                     .has_choice = has_choice,
                     .has_loop = has_loop,
                     .has_claim = has_claim,
                     .computes = computes,
                     .depth = static_cast<uint16_t>(std::min(depth + 1, kDeepest)),
                     .payload = payload,
                     .children = {.first = first, .count = static_cast<uint32_t>(children.size())},
                     .span = span});
}

ExprId ExprStore::AddMap(std::span<const ExprId> keys_and_values, Span span) {
  return Add(Op::Map, keys_and_values, span, 0, /*computes=*/false);
}

ExprId ExprStore::AddList(std::span<const ExprId> items, Span span) {
  return Add(Op::List, items, span);
}

bool IsConstText(const ExprStore& store, ExprId id) {
  return store[id].op == Op::Const && store.constant(id).is_string();
}

}  // namespace wfc::expr
