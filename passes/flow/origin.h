// Where a value comes from: the schema that says what an input or a stage's output is.
#pragma once

#include <optional>
#include <string>

#include "ir/project.h"

namespace wfc::passes {

struct Origin {
  /// What would have to be written otherwise for the value to be another.
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

/// Of a path such as `stages.plan.output.steps`; none: not a path, or nothing that a schema says.
[[nodiscard]] std::optional<Origin> FindOrigin(const ir::Project& project, ir::WorkflowId workflow,
                                               ir::ExprId path);

/// Of what the stage's verb yields, before its own `returns`.
[[nodiscard]] Origin FindVerbOrigin(const ir::Project& project, const ir::Stage& stage);

/// Of what the tool's command prints, before its own `returns`.
[[nodiscard]] Origin FindPrintOrigin(const ir::Project& project, const ir::Tool& tool);

/// The schema that says what the stage itself yields, not what stands in for it; none: none does.
[[nodiscard]] ir::SchemaId FindOutputSchema(const ir::Project& project, const ir::Stage& stage);

/// Of the part at `pointer` of what stands in for the stage's output when it has failed; none:
/// nothing does.
[[nodiscard]] std::optional<Origin> FindRecovery(const ir::Project& project, ir::StageId stage,
                                                 std::string_view pointer);

/// The stage whose output the path reads, or a part of it; none: it reads something else.
[[nodiscard]] ir::StageId FindReadStage(const ir::Project& project, ir::ExprId path);

/// The part of a written list or map that `pointer` (a JSON pointer) names; what is consumed is
/// taken off it. The expression itself where it is not written out.
[[nodiscard]] ir::ExprId FindWrittenPart(const ir::Project& project, ir::ExprId id,
                                         std::string_view& pointer);

/// Whether the expression is a name, perhaps with fields and constant indices.
[[nodiscard]] bool IsPath(const ir::Project& project, ir::ExprId id);

}  // namespace wfc::passes
