// What the types of an expression's parts tell beyond inference: parts that may be missing (T004),
// evaluations that can take too long (E012).
#pragma once

#include <vector>

#include "ir/diag/sink.h"
#include "ir/expr/type_table.h"
#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::passes {

struct TypedExpressions {
  const ir::Project& project;
  const SourceMap& sources;
  expr::TypeTable& table;
  const std::vector<expr::Type>& types;  ///< by ExprId
  ir::WorkflowId workflow;               ///< whose they are; none: an agent's or a tool's
  diag::Sink& sink;
};

/// Of the whole expression of a field.
void CheckExpression(const TypedExpressions& typed, ir::ExprId id);

/// Reports the part of a field's expression whose values cannot leave it.
void CheckLeaving(const TypedExpressions& typed, ir::ExprId id);
/// Reports that nothing is left of a field that must have a value.
void ReportEmpty(const TypedExpressions& typed, ir::ExprId id);

}  // namespace wfc::passes
