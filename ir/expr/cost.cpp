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

bool MakesValue(Op loop) {
  switch (loop) {
    case Op::All:
    case Op::AllPairs:
    case Op::Exists:
    case Op::ExistsPair:
    case Op::ExistsOne:
    case Op::ExistsOnePair:
      return false;
    default:
      return true;
  }
}

/// The steps of a node besides those of its children; of a loop those that do not depend on its
/// rounds. An instruction is a step, and one that compares values or makes one is two
/// (Meter::Walk).
uint64_t CountOwnSteps(const ExprStore& store, ExprId id) {
  const Expr& expr = store[id];
  const uint64_t count = expr.children.count;
  const auto count_optional = [&] {
    const auto is_optional = [&](ExprId child) { return store[child].op == Op::OptionalElement; };
    return static_cast<uint64_t>(std::ranges::count_if(store.children(id), is_optional));
  };
  switch (expr.op) {
    case Op::And:
    case Op::Or:
      return 2 * (count - 1);
    case Op::Conditional:
    case Op::OptMap:
    case Op::OptFlatMap:
    case Op::Bind:
    case Op::Equal:
    case Op::NotEqual:
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
      return 2;
    case Op::Coalesce:
      return count + 1;
    case Op::List:
    case Op::Map:
      return 2 + 8 * count_optional();
    default:
      if (IsLoop(expr.op)) return MakesValue(expr.op) ? 3 : 2;
      return 1;
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
