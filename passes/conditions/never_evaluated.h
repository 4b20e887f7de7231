// What no run evaluates, by presence: what stands in for the output of a stage that cannot fail,
// and parts of expressions. No error in it shows.
#pragma once

#include <vector>

#include "passes/context/pass.h"
#include "passes/flow/expression_types.h"
#include "passes/presence/analysis.h"

namespace wfc::passes {

class Presence;

/// Finds out what no run comes to, from the types as they are known by then.
[[nodiscard]] NeverReached FindNeverReached(PassContext& context);

class NeverEvaluated {
 public:
  explicit NeverEvaluated(PassContext& context);

  /// Whether the part of an expression at `span` is evaluated in no run.
  [[nodiscard]] bool Contains(Span span);

 private:
  /// A whole expression, and when it is evaluated.
  struct Field {
    Span span;
    ir::ExprId expression;
    presence::World world = presence::World::Going;
    presence::Formula when;
  };
  void Add(ir::ExprId id, presence::World world, presence::Formula when);
  [[nodiscard]] const Field* FindField(Span span) const;
  [[nodiscard]] bool IsDecided(ir::ExprId whole, size_t part) const;
  [[nodiscard]] bool HasValue(ir::ExprId id) const;

  const ir::Project& project_;
  const ExpressionTypes& types_;
  Presence& presence_;
  std::vector<Field> fields_;  ///< by their places
};

}  // namespace wfc::passes
