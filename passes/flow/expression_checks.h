// Checks that need the types of an expression's parts and that inference does not make itself:
// parts that may be missing (T004), and evaluations that can take too long (E012).
#pragma once

#include <vector>

#include "ir/base/id_range.h"
#include "ir/diag/sink.h"
#include "ir/expr/type_sizes.h"
#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::passes {

/// The typed expressions of a project, and where their findings are reported.
struct TypedExpressions {
  const ir::Project& project;
  const SourceMap& sources;
  expr::TypeTable& table;
  expr::TypeSizes& sizes;
  const IdVector<ir::ExprId, expr::Type>& types;
  ir::WorkflowId workflow;  ///< their workflow; none: an agent's or a tool's
  diag::Sink& sink;
};

/// Checks the whole expression of a field.
void CheckExpression(const TypedExpressions& typed, ir::ExprId id);

/// Reports the innermost part of a field's expression that makes a map with keys other than
/// strings, which cannot leave an expression.
void CheckLeaving(const TypedExpressions& typed, ir::ExprId id);
/// Reports a field that must have a value, but whose expression may be empty.
void ReportEmpty(const TypedExpressions& typed, ir::ExprId id);

}  // namespace wfc::passes
