// Reduced ordered binary decision diagrams (ROBDDs) of boolean functions over numbered variables.
// Two functions are equal exactly when they are the same node. The presence analysis uses them to
// ask questions about all outcomes of a run at once.
//
// After R. E. Bryant, "Graph-Based Algorithms for Boolean Function Manipulation" (1986), with
// complement edges as in K. S. Brace, R. L. Rudell and R. E. Bryant, "Efficient Implementation of a
// BDD Package" (1990). The variable with the highest number is at the root, so that a conjunction
// with a new variable takes one step.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "llvm/ADT/STLFunctionalExtras.h"

namespace wfc {

/// A boolean function: an edge to a node of a BddStore. It is meaningful only with the store that
/// made it.
struct Bdd {
  /// Twice the index of the node, plus 1 when the edge is complemented.
  uint32_t edge = 1;
  friend constexpr bool operator==(Bdd, Bdd) = default;
};

/// The constant functions, which are the same in every store.
inline constexpr Bdd kBddTrue = {.edge = 0};
inline constexpr Bdd kBddFalse = {.edge = 1};
/// The result of an operation that would have exceeded the limits. A result computed from an
/// unknown function is unknown too, except where the other operand decides it.
inline constexpr Bdd kBddUnknown = {.edge = 0xFFFFFFFF};

/// When an operation gives up and yields kBddUnknown.
struct BddLimits {
  uint32_t nodes = 1 << 18;  ///< nodes in the store
  /// Steps of one operation, each of which visits one node or pair of nodes.
  uint32_t steps = 1 << 16;
  uint32_t total_steps = 1 << 23;  ///< steps of all operations of the store together
};

/// A variable and its value.
struct Literal {
  uint32_t variable = 0;
  bool value = false;
  friend constexpr auto operator<=>(const Literal&, const Literal&) = default;
};

/// The cost of a literal for FindAssignment, which minimises the sum; below 2^16.
using LiteralCost = llvm::function_ref<uint32_t(Literal)>;

/// Owns the nodes of all functions and computes with them. Nodes are never freed.
class BddStore {
 public:
  explicit BddStore(const BddLimits& limits = {});

  /// The function that is true exactly when `variable` is. Variables are below 2^31.
  [[nodiscard]] Bdd Variable(uint32_t variable);
  /// The negation, in constant time.
  [[nodiscard]] static constexpr Bdd Not(Bdd function) {
    return function == kBddUnknown ? function : Bdd{.edge = function.edge ^ 1};
  }
  /// The conjunction of two functions.
  [[nodiscard]] Bdd And(Bdd left, Bdd right);
  [[nodiscard]] Bdd Or(Bdd left, Bdd right) { return Not(And(Not(left), Not(right))); }
  /// The cofactor: the function with `literal.variable` fixed to `literal.value`.
  [[nodiscard]] Bdd Restrict(Bdd function, Literal literal);

  /// The cheapest set of literals that makes the function true whatever the values of the other
  /// variables, among the sets that lie on one path of the diagram; sorted by variable. No value
  /// when the function is false or unknown, or when a limit is exceeded.
  [[nodiscard]] std::optional<std::vector<Literal>> FindAssignment(Bdd function, LiteralCost cost);

  /// The number of nodes, including the constant.
  [[nodiscard]] size_t size() const { return nodes_.size(); }

 private:
  struct Node {
    uint32_t level = 0;  // the variable plus 1; 0 for the constant
    Bdd low;             // the function where the variable is false
    Bdd high;            // never complemented, so that each function has one form
  };
  struct CacheEntry {
    Bdd left;
    Bdd right;
    Bdd result;
  };
  struct Frame;

  [[nodiscard]] const Node& node(Bdd function) const { return nodes_[function.edge >> 1]; }
  [[nodiscard]] Bdd Cofactor(Bdd function, uint32_t level, bool value) const;
  [[nodiscard]] Bdd MakeNode(uint32_t level, Bdd low, Bdd high);
  [[nodiscard]] uint32_t* FindSlot(const Node& wanted);
  void GrowTables();
  [[nodiscard]] CacheEntry& CacheEntryOf(Bdd left, Bdd right);
  [[nodiscard]] std::optional<Bdd> FindAnd(Bdd left, Bdd right);
  [[nodiscard]] bool MayStep(uint32_t steps);
  [[nodiscard]] std::optional<std::vector<uint32_t>> FindNodesOf(Bdd function);

  BddLimits limits_;
  uint32_t total_steps_ = 0;
  std::vector<Node> nodes_;  // every child comes before its parents
  // Node indices in a hash table with open addressing; 0 means free.
  std::vector<uint32_t> unique_;
  // Results of And; a new entry overwrites the old one in its place.
  std::vector<CacheEntry> cache_;
};

}  // namespace wfc
