// Lowers workflows, bodies and stages. All of them are first found and numbered
// (collect_stages.cpp), so that names can be resolved in any order; then their fields are lowered
// (stages.cpp).
#pragma once

#include "frontend/lower/context.h"
#include "frontend/lower/scope.h"

namespace wfc::lower {

/// Creates all workflows, stages and bodies without their fields. Ids are assigned to workflows in
/// the order of their names, to stages by workflow and path, and to bodies by workflow and owner.
void CollectStages(Context& context);

/// Lowers the fields of all stages, and the outputs of all bodies and workflows.
void LowerWorkflows(Context& context);

/// Lowers the cases and routes of a decide into `stage`.
[[nodiscard]] ir::Decide LowerDecide(Context& context, const Scope& scope,
                                     const ms::StageSyntax& syntax);

/// The scope of the expressions in the fields of `stage`.
[[nodiscard]] Scope ScopeOf(const Context& context, ir::StageId stage);

}  // namespace wfc::lower
