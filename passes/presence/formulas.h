// Boolean formulas over the outcomes of a run. They are cheap to make and can be asked whether some
// run satisfies them. Each formula carries its value in 64 sampled runs, which answers most
// questions; the others go to binary decision diagrams, which are built only for the formulas that
// need them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ir/base/random.h"
#include "ir/support/bdd.h"

namespace wfc::presence {

/// A handle to a formula; valid for the Formulas that made it.
struct Formula {
  uint32_t edge = 1;  ///< twice the node's index, and 1 when it is negated
  friend constexpr bool operator==(Formula, Formula) = default;
};

inline constexpr Formula kAlways = {.edge = 0};
inline constexpr Formula kNever = {.edge = 1};

/// Whether a formula can hold; Unknown if the limits of the diagrams were exceeded.
enum class Answer : uint8_t { No, Yes, Unknown };

/// The store of all formulas of one analysis.
class Formulas {
 public:
  explicit Formulas(const BddLimits& limits = {});

  /// Makes room for `count` formulas.
  void Reserve(size_t count) { nodes_.reserve(count); }

  /// Makes a new variable whose value is `usual` in most runs. The order of creation is the order
  /// of variables in the diagrams, so what happens later in a run should be made later.
  [[nodiscard]] Formula MakeVariable(bool usual);
  [[nodiscard]] static constexpr Formula Not(Formula formula) { return {.edge = formula.edge ^ 1}; }
  [[nodiscard]] Formula And(Formula left, Formula right) {
    if (left == kNever || right == kNever || left == Not(right)) return kNever;
    if (left == kAlways || left == right) return right;
    return right == kAlways ? left : MakeAnd(left, right);
  }
  [[nodiscard]] Formula Or(Formula left, Formula right) { return Not(And(Not(left), Not(right))); }

  /// Whether some assignment of the variables makes the formula true.
  [[nodiscard]] Answer CanHold(Formula formula);
  /// A cheap set of literals that suffices to make the formula true and of which none can be left
  /// out, sorted by variable. None if the formula cannot be true, or if that is not known.
  [[nodiscard]] std::optional<std::vector<Literal>> FindAssignment(Formula formula,
                                                                   LiteralCost cost);

 private:
  struct Node {
    Formula left;
    Formula right;
    uint64_t samples = 0;        // a bit for each drawn run
    std::optional<Bdd> diagram;  // none: nothing asked for it
  };

  /// The conjunction of two formulas of which neither is constant or decides the other.
  [[nodiscard]] Formula MakeAnd(Formula left, Formula right);
  [[nodiscard]] const Node& node(Formula formula) const { return nodes_[formula.edge >> 1]; }
  [[nodiscard]] uint64_t samples(Formula formula) const;
  [[nodiscard]] Bdd DiagramOf(Formula formula);
  [[nodiscard]] std::optional<Bdd> FindDiagram(Formula formula) const;

  std::vector<Node> nodes_;  // the first is the constant; parts come before the whole
  uint32_t variable_count_ = 0;
  Random random_;
  BddStore diagrams_;
};

}  // namespace wfc::presence
