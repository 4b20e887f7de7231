// Boolean formulas over the outcomes of a run: cheap to make, and asked whether they can hold.
// Each carries what it is in 64 drawn runs, which answers most questions; the rest go to decision
// diagrams, made of those parts alone that are asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ir/base/random.h"
#include "ir/support/bdd.h"

namespace wfc::presence {

/// A formula of a Formulas.
struct Formula {
  uint32_t edge = 1;  ///< twice the node's index, and 1 when it is negated
  friend constexpr bool operator==(Formula, Formula) = default;
};

inline constexpr Formula kAlways = {.edge = 0};
inline constexpr Formula kNever = {.edge = 1};

enum class Answer : uint8_t { No, Yes, Unknown };

class Formulas {
 public:
  explicit Formulas(const BddLimits& limits = {});

  /// A new variable that is `usual` in most runs. Variables are numbered as they are made; what
  /// happens later in a run should be made later.
  [[nodiscard]] Formula MakeVariable(bool usual);
  [[nodiscard]] static constexpr Formula Not(Formula formula) { return {.edge = formula.edge ^ 1}; }
  [[nodiscard]] Formula And(Formula left, Formula right);
  [[nodiscard]] Formula Or(Formula left, Formula right) { return Not(And(Not(left), Not(right))); }

  /// Whether some assignment of the variables makes it true.
  [[nodiscard]] Answer CanHold(Formula formula);
  /// Cheap literals that suffice to make it true, none of them idle; sorted by variable. None:
  /// nothing does, or it is not known.
  [[nodiscard]] std::optional<std::vector<Literal>> FindAssignment(Formula formula,
                                                                   LiteralCost cost);

 private:
  struct Node {
    Formula left;
    Formula right;
    uint64_t samples = 0;        // a bit for each drawn run
    std::optional<Bdd> diagram;  // none: nothing asked for it
  };

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
