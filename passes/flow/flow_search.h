// The search for a run in which a value does not fit where it flows to: what containment could not
// decide, or could only estimate, is tried by evaluation. Inputs and outputs of callees are drawn
// from their schemas; a run counts if every condition on the way holds and the value is rejected.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ir/expr/infer.h"
#include "ir/project.h"
#include "passes/flow/fit.h"

namespace wfc::passes {

class ExpressionTypes;

/// A value and who receives it.
struct Flow {
  ir::ExprId expression;
  ir::WorkflowId workflow;
  std::span<const expr::Condition> conditions;  ///< that hold where the expression stands
  ir::SchemaId consumer;
  Filling filling = Filling::Nothing;
  std::optional<Value> guess = {};  ///< a value that the consumer rejects, if it can occur
};

class FlowSearch {
 public:
  FlowSearch(const ir::Project& project, const ExpressionTypes& types);
  ~FlowSearch();

  /// An incompatibility with a value that was evaluated; none: none was found, which proves
  /// nothing. All searches share a budget, past which none is made.
  [[nodiscard]] std::optional<FitAnswer> Find(const Flow& flow);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wfc::passes
