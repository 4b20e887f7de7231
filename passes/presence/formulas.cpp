#include "passes/presence/formulas.h"

#include <algorithm>
#include <utility>

#include "llvm/ADT/SmallVector.h"

namespace wfc::presence {

namespace {

constexpr bool IsNegated(Formula formula) {
  return (formula.edge & 1) != 0;
}

/// Samples a variable in 64 runs; a set bit means that it does not have its usual value. In the
/// first run everything is as usual, in the second nothing is. In the other runs of the first half,
/// most variables are as usual; in the second half, each value is equally likely.
uint64_t DrawUnusual(Random& random) {
  constexpr uint64_t kFirst = 1;
  constexpr uint64_t kSecond = 2;
  constexpr uint64_t kFirstHalf = 0xFFFFFFFF;
  uint64_t drawn = random.Next();
  drawn &= ~kFirstHalf | (random.Next() & random.Next());
  return (drawn & ~kFirst) | kSecond;
}

}  // namespace

Formulas::Formulas(const BddLimits& limits) : nodes_(1), random_(0), diagrams_(limits) {
  nodes_[0] = {.samples = ~uint64_t{0}, .diagram = kBddTrue};
}

Formula Formulas::MakeVariable(bool usual) {
  const uint64_t unusual = DrawUnusual(random_);
  const Formula variable = {.edge = static_cast<uint32_t>(nodes_.size()) * 2};
  nodes_.push_back(
      {.samples = usual ? ~unusual : unusual, .diagram = diagrams_.Variable(variable_count_++)});
  return variable;
}

uint64_t Formulas::samples(Formula formula) const {
  const uint64_t plain = node(formula).samples;
  return IsNegated(formula) ? ~plain : plain;
}

Formula Formulas::MakeAnd(Formula left, Formula right) {
  nodes_.push_back(
      {.left = left, .right = right, .samples = samples(left) & samples(right), .diagram = {}});
  return {.edge = static_cast<uint32_t>(nodes_.size() - 1) * 2};
}

std::optional<Bdd> Formulas::FindDiagram(Formula formula) const {
  const std::optional<Bdd>& plain = node(formula).diagram;
  if (!plain) return std::nullopt;
  return IsNegated(formula) ? BddStore::Not(*plain) : *plain;
}

/// Builds the diagrams of parts first, with an explicit stack: formulas are as deep as workflows
/// are long.
Bdd Formulas::DiagramOf(Formula formula) {
  llvm::SmallVector<Formula, 32> pending = {formula};
  while (!pending.empty()) {
    Node& next = nodes_[pending.back().edge >> 1];
    const auto left = next.diagram ? next.diagram : FindDiagram(next.left);
    const auto right = next.diagram ? next.diagram : FindDiagram(next.right);
    if (left && right) {
      if (!next.diagram) next.diagram = diagrams_.And(*left, *right);
      pending.pop_back();
      continue;
    }
    if (!left) pending.push_back(next.left);
    if (!right) pending.push_back(next.right);
  }
  return *FindDiagram(formula);
}

Answer Formulas::CanHold(Formula formula) {
  if (samples(formula) != 0) return Answer::Yes;
  if (formula == kNever) return Answer::No;
  const Bdd diagram = DiagramOf(formula);
  if (diagram == kBddUnknown) return Answer::Unknown;
  return diagram == kBddFalse ? Answer::No : Answer::Yes;
}

std::optional<std::vector<Literal>> Formulas::FindAssignment(Formula formula, LiteralCost cost) {
  const Bdd diagram = DiagramOf(formula);
  auto literals = diagrams_.FindAssignment(diagram, cost);
  // A path through the diagram can contain literals that the others make redundant. With many
  // literals, the search for redundant ones would cost more than it is worth.
  constexpr size_t kMaxCompared = 24;
  if (!literals || literals->size() > kMaxCompared) return literals;
  std::vector<Literal> needed = *literals;
  const auto dearest_first = [&](const Literal& literal) {
    return std::pair(~cost(literal), literal.variable);
  };
  std::ranges::sort(*literals, {}, dearest_first);
  for (const Literal& idle : *literals) {
    Bdd left = diagram;
    for (const Literal& other : needed) {
      if (other != idle) left = diagrams_.Restrict(left, other);
    }
    if (left == kBddTrue) std::erase(needed, idle);
  }
  return needed;
}

}  // namespace wfc::presence
