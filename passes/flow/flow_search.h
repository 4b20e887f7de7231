// Searches for a run in which a value does not fit its receiver. It decides by evaluation what
// containment could not decide or could only estimate: inputs and outputs of callees are drawn from
// their schemas, and a run counts if every condition on the way holds and the value is rejected.
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

/// A value and its receiver.
struct Flow {
  ir::ExprId expression;
  ir::WorkflowId workflow;
  std::span<const expr::Condition> conditions;  ///< that hold where the expression stands
  ir::SchemaId consumer;
  ir::SchemaId filled_by = {};      ///< whose defaults are filled in before; none: nothing is
  std::optional<Value> guess = {};  ///< a value that the consumer rejects, if it can occur
};

/// Searches with a budget that all calls of Find share. The project and the types must outlive it.
class FlowSearch {
 public:
  FlowSearch(const ir::Project& project, const ExpressionTypes& types);
  ~FlowSearch();

  /// A mismatch whose witness came out of an evaluation. None if no such run was found, or if the
  /// budget is used up; that proves nothing.
  [[nodiscard]] std::optional<FitAnswer> Find(const Flow& flow);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wfc::passes
