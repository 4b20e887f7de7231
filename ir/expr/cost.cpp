#include "ir/expr/cost.h"

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

}  // namespace

uint64_t CountSteps(const ExprStore& store, TypeTable& table, const std::vector<Type>& types,
                    ExprId id) {
  const std::span<const ExprId> children = store.children(id);
  const auto kinds_of = [&](ExprId each) { return types[each.index()].kinds; };
  const bool is_loop = IsLoop(store[id].op);
  uint64_t rounds = 1;
  if (is_loop) rounds = table.CountIn(types[children[0].index()]).most.value_or(1);
  uint64_t steps = 1;
  for (size_t i = 0; i < children.size(); ++i) {
    uint64_t child = CountSteps(store, table, types, children[i]);
    if (FindConversion(store, id, i, kinds_of)) child = Add(child, 1);
    steps = Add(steps, is_loop && i > 0 ? Multiply(rounds, child) : child);
  }
  return steps;
}

}  // namespace wfc::expr
