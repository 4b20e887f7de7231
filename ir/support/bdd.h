// Reduced, ordered binary decision diagrams: boolean functions of numbered variables, of which two
// are equal exactly when they are the same node. For questions about all outcomes at once.
//
// After R. E. Bryant, "Graph-Based Algorithms for Boolean Function Manipulation" (1986), with
// negation as a mark on edges (K. S. Brace, R. L. Rudell, R. E. Bryant, "Efficient Implementation
// of a BDD Package", 1990). The variable with the highest number stands at the root, so that a
// conjunction with a new variable takes one step.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "llvm/ADT/STLFunctionalExtras.h"

namespace wfc {

/// A function in a BddStore.
struct Bdd {
  uint32_t edge = 1;  ///< twice the node's index, and 1 when it is negated
  friend constexpr bool operator==(Bdd, Bdd) = default;
};

inline constexpr Bdd kBddTrue = {.edge = 0};
inline constexpr Bdd kBddFalse = {.edge = 1};
/// What would have taken more than the limits; whatever depends on it is not known either.
inline constexpr Bdd kBddUnknown = {.edge = 0xFFFFFFFF};

struct BddLimits {
  uint32_t nodes = 1 << 18;        ///< in the store
  uint32_t steps = 1 << 16;        ///< of one operation: nodes, or pairs of them, looked at
  uint32_t total_steps = 1 << 23;  ///< of all operations
};

/// A variable and its value.
struct Literal {
  uint32_t variable = 0;
  bool value = false;
  friend constexpr auto operator<=>(const Literal&, const Literal&) = default;
};

/// The price of a literal in an assignment that is to be as cheap as possible; below 2^16.
using LiteralCost = llvm::function_ref<uint32_t(Literal)>;

class BddStore {
 public:
  explicit BddStore(const BddLimits& limits = {});

  /// Variables are below 2^31.
  [[nodiscard]] Bdd Variable(uint32_t variable);
  [[nodiscard]] static constexpr Bdd Not(Bdd function) {
    return function == kBddUnknown ? function : Bdd{.edge = function.edge ^ 1};
  }
  [[nodiscard]] Bdd And(Bdd left, Bdd right);
  [[nodiscard]] Bdd Or(Bdd left, Bdd right) { return Not(And(Not(left), Not(right))); }
  [[nodiscard]] Bdd Ite(Bdd condition, Bdd then, Bdd otherwise);
  /// The function where the literal holds.
  [[nodiscard]] Bdd Restrict(Bdd function, Literal literal);

  /// The cheapest literals that make the function true, whatever the other variables are, along one
  /// path; sorted by variable. None: it is false, not known, or over the limits.
  [[nodiscard]] std::optional<std::vector<Literal>> FindAssignment(Bdd function, LiteralCost cost);

  /// Nodes, with the constant.
  [[nodiscard]] size_t size() const { return nodes_.size(); }

 private:
  struct Node {
    uint32_t level = 0;  // the variable and 1; the constant has 0
    Bdd low;             // where the variable is false
    Bdd high;            // never negated, so that a function has one form
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
  std::vector<Node> nodes_;        // children before parents
  std::vector<uint32_t> unique_;   // node indices by hash; 0: free
  std::vector<CacheEntry> cache_;  // of conjunctions, overwritten
};

}  // namespace wfc
