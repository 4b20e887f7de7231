// Finds which expressions always have the same value wherever a workflow evaluates them, so that
// conditions in different places can share one subject.
#pragma once

#include <string>
#include <string_view>

#include "ir/project.h"

namespace wfc::passes {

/// A key that two expressions share only if they have the same value whenever both are evaluated.
/// `text` is the expression as written. What all stages of a workflow see alike is keyed by the
/// workflow and `text`, what only one stage sees by the stage and `text`, and every other
/// expression by its own id.
[[nodiscard]] std::string KeyOf(const ir::Project& project, ir::StageId stage, ir::ExprId id,
                                std::string_view text);

/// Whether the expression has the same value wherever the workflow evaluates it. Its key is then
/// that of every expression of the workflow that is written alike.
[[nodiscard]] bool IsSameInWorkflow(const ir::Project& project, ir::ExprId id);

}  // namespace wfc::passes
