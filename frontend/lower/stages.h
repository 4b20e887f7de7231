// Workflows, bodies and stages. First all of them are found and numbered (collect_stages.cpp), so
// that names can be resolved in any order; then their fields are lowered (stages.cpp).
#pragma once

#include "frontend/lower/context.h"
#include "frontend/lower/scope.h"

namespace wfc::lower {

/// Numbers workflows by name, stages by workflow and path, bodies by workflow and owner.
void CollectStages(Context& context);

/// The fields of all stages, the outputs of all bodies and workflows.
void LowerWorkflows(Context& context);

/// The routes of a decide.
void LowerDecide(Context& context, const Scope& scope, const ms::StageSyntax& syntax,
                 ir::Stage& stage);

/// The scope in which the fields of `stage` stand.
[[nodiscard]] Scope ScopeOf(const Context& context, ir::StageId stage);

}  // namespace wfc::lower
