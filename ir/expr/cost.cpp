#include "ir/expr/cost.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "ir/expr/number_kinds.h"

namespace wfc::expr {
namespace {

constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();

uint64_t Add(uint64_t left, uint64_t right) {
  return left > kMost - right ? kMost : left + right;
}

uint64_t Multiply(uint64_t left, uint64_t right) {
  return left != 0 && right > kMost / left ? kMost : left * right;
}

/// The instructions that the compiler emits for a node besides those of its children; those of a
/// loop that run once. The optional elements of a list and entries of a map cost two more each.
uint64_t CountOwnSteps(const ExprStore& store, ExprId id) {
  const Expr& expr = store[id];
  const uint64_t count = expr.children.count;
  const auto is_optional = [&](ExprId child) { return store[child].op == Op::OptionalElement; };
  switch (expr.op) {
    case Op::And:
    case Op::Or:
      return 2 * (count - 1);
    case Op::Conditional:
    case Op::OptMap:
    case Op::OptFlatMap:
    case Op::Bind:
      return 2;
    case Op::Coalesce:
      return count + 1;
    case Op::List:
    case Op::Map:
      return 1 + 3 * static_cast<uint64_t>(std::ranges::count_if(store.children(id), is_optional));
    default:
      return IsLoop(expr.op) ? 2 : 1;
  }
}

}  // namespace

uint64_t CountSteps(const ExprStore& store, TypeTable& table, const std::vector<Type>& types,
                    ExprId id) {
  const std::span<const ExprId> children = store.children(id);
  const auto kinds_of = [&](ExprId each) { return types[each.index()].kinds; };
  const bool is_loop = IsLoop(store[id].op);
  uint64_t rounds = 1;
  if (is_loop) rounds = table.CountIn(types[children[0].index()]).most.value_or(1);
  uint64_t steps = CountOwnSteps(store, id);
  // What drives a loop runs in each round: the next item, the test where there is one, the step.
  if (is_loop) steps = Add(steps, Multiply(rounds, children.size()));
  for (size_t i = 0; i < children.size(); ++i) {
    uint64_t child = CountSteps(store, table, types, children[i]);
    if (FindConversion(store, id, i, kinds_of)) child = Add(child, 1);
    steps = Add(steps, is_loop && i > 0 ? Multiply(rounds, child) : child);
  }
  return steps;
}

}  // namespace wfc::expr
