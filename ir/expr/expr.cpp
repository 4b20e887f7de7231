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
  Expr expr = {.op = op, .payload = payload, .span = span};
  expr.children = {.first = static_cast<uint32_t>(children_.size()),
                   .count = static_cast<uint32_t>(children.size())};
  const bool is_dyn = op == Op::Call && payload == static_cast<uint32_t>(Builtin::Dyn);
  expr.is_constant = op != Op::Binding && !is_dyn;
  expr.has_choice = Chooses(op);
  expr.has_loop = IsLoop(op);
  for (const ExprId child : children) {
    const Expr& below = exprs_[child];
    expr.is_constant &= below.is_constant;
    expr.has_poison |= below.has_poison;
    expr.has_choice |= below.has_choice;
    expr.has_loop |= below.has_loop;
    const int depth = std::min<int>(below.depth + 1, std::numeric_limits<uint16_t>::max());
    expr.depth = std::max(expr.depth, static_cast<uint16_t>(depth));
    children_.push_back(child);
  }
  return exprs_.Add(expr);
}

ExprId ExprStore::AddMap(std::span<const ExprId> keys_and_values, Span span) {
  return Add(Op::Map, keys_and_values, span);
}

ExprId ExprStore::AddList(std::span<const ExprId> items, Span span) {
  return Add(Op::List, items, span);
}

bool IsConstText(const ExprStore& store, ExprId id) {
  return store[id].op == Op::Const && store.constant(id).is_string();
}

}  // namespace wfc::expr
