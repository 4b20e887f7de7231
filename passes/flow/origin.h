// Finds where a value comes from: the schema that describes an input or a stage's output.
#pragma once

#include <optional>
#include <string>

#include "ir/project.h"

namespace wfc::passes {

/// The place that determines what a value can be.
struct Origin {
  /// What an author would have to change for the value to be another.
  enum class Kind : uint8_t {
    Schema,    ///< the schema at `written`
    Unsaid,    ///< `returns`, which is not there
    Printed,   ///< `parse`, which is not there: a command's output is text
    Builtin,   ///< nothing but the arguments of a built-in tool
    Variable,  ///< nothing: the environment holds texts
    Recovery,  ///< the value at `written` that stands in when a stage has failed
  };
  Kind kind = Kind::Schema;
  Span written;         ///< of the schema as it was written; none: there is none
  std::string pointer;  ///< of the schema's values, the part that is read
  std::string name;     ///< "the agent `planner`", "the input of `review`"
};

/// The origin of what a path such as `stages.plan.output.steps` reads; none if the expression is
/// not a path, or if no schema describes what it reads.
[[nodiscard]] std::optional<Origin> FindOrigin(const ir::Project& project, ir::WorkflowId workflow,
                                               ir::ExprId path);

/// The origin of what the stage's verb yields, before the stage's own `returns`.
[[nodiscard]] Origin FindVerbOrigin(const ir::Project& project, const ir::Stage& stage);

/// The origin of what the tool's command prints, before the tool's own `returns`.
[[nodiscard]] Origin FindPrintOrigin(const ir::Project& project, const ir::Tool& tool);

/// The origin of the part at `pointer` (a JSON pointer) of what replaces the output of the stage
/// when it has failed; none if nothing replaces it.
[[nodiscard]] std::optional<Origin> FindRecovery(const ir::Project& project, ir::StageId stage,
                                                 std::string_view pointer);

/// The stage whose output, or a part of it, the path reads; none if the path reads something else.
[[nodiscard]] ir::StageId FindReadStage(const ir::Project& project, ir::ExprId path);

/// The innermost part of a written list or map on the way that `pointer` (a JSON pointer)
/// describes; the steps that were followed are removed from `pointer`. The expression itself if it
/// is not written out.
[[nodiscard]] ir::ExprId FindWrittenPart(const ir::Project& project, ir::ExprId id,
                                         std::string_view& pointer);

/// Whether the expression is a name, perhaps with fields and constant indices.
[[nodiscard]] bool IsPath(const ir::Project& project, ir::ExprId id);

}  // namespace wfc::passes
