// Finds what no run evaluates, by the presence analysis: the substitute for the output of a stage
// that cannot fail, and unreachable parts of expressions. Errors in such places never show.
#pragma once

#include <vector>

#include "passes/context/pass.h"
#include "passes/flow/expression_types.h"
#include "passes/presence/analysis.h"

namespace wfc::passes {

class Presence;

/// Finds the values and bodies that no run reaches, by the types that `context` knows at the time
/// of the call.
[[nodiscard]] NeverReached FindNeverReached(PassContext& context);

/// Answers whether a place in an expression is evaluated in any run. PassContext::MayEvaluate asks
/// it.
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
