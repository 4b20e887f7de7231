// The analyses that passes share, each computed when it is first asked for, and the function that
// runs all passes over a project. The driver creates one `Analyses` for each project that it
// checks.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "passes/conditions/never_evaluated.h"
#include "passes/conditions/presence_graph.h"
#include "passes/context/pass.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

/// The PassContext that computes the shared analyses on demand and keeps them. The project and the
/// sources must outlive it.
class Analyses final : public PassContext {
 public:
  using PassContext::PassContext;

  [[nodiscard]] const ir::Graph& graph() override;
  [[nodiscard]] const ExpressionTypes& types() override;
  [[nodiscard]] Presence& presence() override;
  [[nodiscard]] bool MayEvaluate(Span span) override;
  [[nodiscard]] bool MayMiss(Span span) override;

 private:
  NeverEvaluated& never_evaluated();

  std::optional<ir::Graph> graph_;
  std::unique_ptr<ExpressionTypes> types_;
  std::unique_ptr<Presence> presence_;
  std::optional<NeverEvaluated> never_evaluated_;
};

/// The time that one pass took, for `--time-passes`.
struct PassTime {
  std::string_view name;
  int64_t nanoseconds = 0;
};

/// Runs all passes in the order of passes.def and returns their times in that order.
std::vector<PassTime> RunPasses(PassContext& context);

}  // namespace wfc::passes
