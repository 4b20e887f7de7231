// Where a value comes from: the schema that says what an input or a stage's output is.
#pragma once

#include <optional>
#include <string>

#include "ir/project.h"

namespace wfc::passes {

struct Origin {
  Span written;         ///< of the schema as it was written; none: a built-in's, or inferred
  std::string pointer;  ///< of the schema's values, the part that is read
  std::string name;     ///< "the agent `planner`", "the input of `review`"
};

/// Of a path such as `stages.plan.output.steps`; none: not a path, or nothing that a schema says.
[[nodiscard]] std::optional<Origin> FindOrigin(const ir::Project& project, ir::WorkflowId workflow,
                                               ir::ExprId path);

/// The part of a written list or map that `pointer` (a JSON pointer) names; what is consumed is
/// taken off it. The expression itself where it is not written out.
[[nodiscard]] ir::ExprId FindWrittenPart(const ir::Project& project, ir::ExprId id,
                                         std::string_view& pointer);

/// Whether the expression is a name, perhaps with fields and constant indices.
[[nodiscard]] bool IsPath(const ir::Project& project, ir::ExprId id);

}  // namespace wfc::passes
