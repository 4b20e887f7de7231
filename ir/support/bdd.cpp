#include "ir/support/bdd.h"

#include <algorithm>
#include <array>
#include <limits>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"

namespace wfc {

namespace {

constexpr size_t kFirstTableSize = 256;
constexpr size_t kMaxCacheSize = 1 << 16;

constexpr bool IsNegated(Bdd function) {
  return (function.edge & 1) != 0;
}

uint64_t Mix(uint64_t left, uint64_t right) {
  uint64_t mixed = left * 0x9E3779B97F4A7C15 ^ right * 0xC2B2AE3D27D4EB4F;
  return mixed ^ (mixed >> 29);
}

/// The conjunction when it follows from the edges alone, without visiting a node.
std::optional<Bdd> FindSimpleAnd(Bdd left, Bdd right) {
  if (left == kBddFalse || right == kBddFalse) return kBddFalse;
  if (left == kBddUnknown || right == kBddUnknown) return kBddUnknown;
  if (left == kBddTrue || left == right) return right;
  if (right == kBddTrue) return left;
  if (left == BddStore::Not(right)) return kBddFalse;
  return std::nullopt;
}

}  // namespace

/// A conjunction in progress: its cofactors for the top variable being false and being true.
struct BddStore::Frame {
  Bdd left;
  Bdd right;
  uint32_t level = 0;
  std::array<Bdd, 2> parts;
  uint32_t part_count = 0;
};

BddStore::BddStore(const BddLimits& limits)
    : limits_(limits), nodes_(1), unique_(kFirstTableSize, 0), cache_(kFirstTableSize) {}

Bdd BddStore::Variable(uint32_t variable) {
  return MakeNode(variable + 1, kBddFalse, kBddTrue);
}

Bdd BddStore::Cofactor(Bdd function, uint32_t level, bool value) const {
  const Node& top = node(function);
  if (top.level != level) return function;
  const Bdd child = value ? top.high : top.low;
  return IsNegated(function) ? Not(child) : child;
}

Bdd BddStore::MakeNode(uint32_t level, Bdd low, Bdd high) {
  if (low == kBddUnknown || high == kBddUnknown) return kBddUnknown;
  if (low == high) return low;
  const bool is_negated = IsNegated(high);
  const Node wanted = {
      .level = level, .low = is_negated ? Not(low) : low, .high = is_negated ? Not(high) : high};
  uint32_t* slot = FindSlot(wanted);
  if (*slot == 0) {
    if (nodes_.size() >= limits_.nodes) return kBddUnknown;
    if (2 * nodes_.size() >= unique_.size()) {
      GrowTables();
      slot = FindSlot(wanted);
    }
    *slot = static_cast<uint32_t>(nodes_.size());
    nodes_.push_back(wanted);
  }
  return {.edge = *slot * 2 + (is_negated ? 1 : 0)};
}

/// The slot of the hash table that holds the node, or the free slot where it belongs.
uint32_t* BddStore::FindSlot(const Node& wanted) {
  const size_t mask = unique_.size() - 1;
  size_t at = Mix(wanted.level, uint64_t{wanted.low.edge} << 32 | wanted.high.edge) & mask;
  while (unique_[at] != 0) {
    const Node& found = nodes_[unique_[at]];
    if (found.level == wanted.level && found.low == wanted.low && found.high == wanted.high) break;
    at = (at + 1) & mask;
  }
  return &unique_[at];
}

void BddStore::GrowTables() {
  unique_.assign(unique_.size() * 2, 0);
  for (uint32_t index = 1; index < nodes_.size(); ++index) *FindSlot(nodes_[index]) = index;
  cache_.assign(std::min(unique_.size(), kMaxCacheSize), {});
}

/// The cache entry of a conjunction. It does not depend on the order of the operands.
BddStore::CacheEntry& BddStore::CacheEntryOf(Bdd left, Bdd right) {
  const auto [first, second] = std::minmax(left.edge, right.edge);
  return cache_[Mix(first, second) & (cache_.size() - 1)];
}

/// The conjunction if it is trivial or cached.
std::optional<Bdd> BddStore::FindAnd(Bdd left, Bdd right) {
  if (const auto simple = FindSimpleAnd(left, right)) return simple;
  const CacheEntry& cached = CacheEntryOf(left, right);
  const bool is_it = (cached.left == left && cached.right == right) ||
                     (cached.left == right && cached.right == left);
  return is_it ? std::optional(cached.result) : std::nullopt;
}

/// Whether an operation that has taken `steps` steps may take another. Counts that step.
bool BddStore::MayStep(uint32_t steps) {
  return steps < limits_.steps && ++total_steps_ < limits_.total_steps;
}

/// Uses an explicit stack because a diagram can be as deep as there are variables.
Bdd BddStore::And(Bdd left, Bdd right) {
  if (const auto found = FindAnd(left, right)) return *found;
  const auto open = [this](Bdd one, Bdd other) {
    return Frame{
        .left = one, .right = other, .level = std::max(node(one).level, node(other).level)};
  };
  llvm::SmallVector<Frame, 32> frames = {open(left, right)};
  for (uint32_t steps = 0; MayStep(steps);) {
    Frame& frame = frames.back();
    if (frame.part_count < frame.parts.size()) {
      const bool value = frame.part_count == 1;
      const Bdd one = Cofactor(frame.left, frame.level, value);
      const Bdd other = Cofactor(frame.right, frame.level, value);
      const auto found = FindAnd(one, other);
      steps += found ? 0 : 1;
      if (found) frame.parts[frame.part_count++] = *found;
      if (!found) frames.push_back(open(one, other));
      continue;
    }
    const Bdd made = MakeNode(frame.level, frame.parts[0], frame.parts[1]);
    if (made == kBddUnknown) return made;
    CacheEntryOf(frame.left, frame.right) = {frame.left, frame.right, made};
    frames.pop_back();
    if (frames.empty()) return made;
    frames.back().parts[frames.back().part_count++] = made;
  }
  return kBddUnknown;
}

/// The indices of the function's node and all nodes below it, children first; no value when a limit
/// is exceeded.
std::optional<std::vector<uint32_t>> BddStore::FindNodesOf(Bdd function) {
  std::vector<uint32_t> found;
  llvm::DenseSet<uint32_t> seen;
  llvm::SmallVector<Bdd, 32> pending = {function};
  while (!pending.empty()) {
    const Bdd next = pending.pop_back_val();
    if (!seen.insert(next.edge >> 1).second) continue;
    if (!MayStep(static_cast<uint32_t>(found.size()))) return std::nullopt;
    found.push_back(next.edge >> 1);
    if (found.back() == 0) continue;
    pending.push_back(node(next).low);
    pending.push_back(node(next).high);
  }
  std::ranges::sort(found);
  return found;
}

Bdd BddStore::Restrict(Bdd function, Literal literal) {
  if (function == kBddUnknown) return function;
  const auto indices = FindNodesOf(function);
  if (!indices) return kBddUnknown;
  llvm::DenseMap<uint32_t, Bdd> restricted;
  const auto find = [&](Bdd edge) {
    const Bdd result = restricted[edge.edge >> 1];
    return IsNegated(edge) ? Not(result) : result;
  };
  for (const uint32_t index : *indices) {
    const Node top = nodes_[index];
    Bdd result = {.edge = index * 2};
    if (top.level == literal.variable + 1) {
      result = literal.value ? top.high : top.low;
    } else if (top.level > literal.variable + 1) {
      result = MakeNode(top.level, find(top.low), find(top.high));
    }
    restricted[index] = result;
  }
  return find(function);
}

std::optional<std::vector<Literal>> BddStore::FindAssignment(Bdd function, LiteralCost cost) {
  if (function == kBddFalse || function == kBddUnknown) return std::nullopt;
  const auto indices = FindNodesOf(function);
  if (!indices) return std::nullopt;
  constexpr uint64_t kNever = std::numeric_limits<uint64_t>::max() / 2;
  // For each node: the cost of making it false, and the cost of making it true.
  llvm::DenseMap<uint32_t, std::array<uint64_t, 2>> prices = {{0, {kNever, 0}}};
  const auto price_of = [&](Bdd edge, bool wanted) {
    return prices[edge.edge >> 1][wanted != IsNegated(edge) ? 1 : 0];
  };
  const auto price_of_part = [&](const Node& top, bool value, bool wanted) {
    const Literal literal = {.variable = top.level - 1, .value = value};
    return cost(literal) + price_of(value ? top.high : top.low, wanted);
  };
  for (const uint32_t index : *indices) {
    if (index == 0) continue;
    const Node top = nodes_[index];
    std::array<uint64_t, 2> price{};
    for (const bool wanted : {false, true}) {
      price[wanted ? 1 : 0] =
          std::min({kNever, price_of_part(top, false, wanted), price_of_part(top, true, wanted)});
    }
    prices[index] = price;
  }
  std::vector<Literal> literals;
  bool wanted = true;
  for (Bdd at = function; node(at).level != 0;) {
    const Node& top = node(at);
    wanted = wanted != IsNegated(at);
    const bool value = price_of_part(top, true, wanted) < price_of_part(top, false, wanted);
    literals.push_back({.variable = top.level - 1, .value = value});
    at = value ? top.high : top.low;
  }
  std::ranges::sort(literals);
  return literals;
}

}  // namespace wfc
