// Finds what no run evaluates, by the presence analysis: the substitute for the output of a stage
// that cannot fail, and unreachable parts of expressions. Errors in such places never show.
#pragma once

#include <optional>
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
  /// The same of a part that may be missing by its type, or no run misses it there: only the
  /// substitute for a stage's output lacks the part, and it never stands in where the part is read.
  [[nodiscard]] bool NeverMisses(Span span);

 private:
  /// The innermost part of an expression that contains a span, and when it is evaluated.
  struct Part {
    ir::ExprId expression;
    presence::World world = presence::World::Going;
    presence::Formula when;
  };
  /// A whole expression, and when it is evaluated.
  struct Field {
    Span span;
    ir::ExprId expression;
    presence::World world = presence::World::Going;
    presence::Formula when;
  };
  void Add(ir::ExprId id, presence::World world, presence::Formula when);
  [[nodiscard]] const Field* FindField(Span span) const;
  [[nodiscard]] std::optional<Part> FindPart(Span span);
  [[nodiscard]] std::optional<expr::Type> FindOwnType(ir::ExprId path) const;
  [[nodiscard]] bool IsDecided(ir::ExprId whole, size_t part) const;
  [[nodiscard]] bool HasValue(ir::ExprId id) const;

  const ir::Project& project_;
  const ExpressionTypes& types_;
  Presence& presence_;
  std::vector<Field> fields_;  ///< by their places
};

}  // namespace wfc::passes
