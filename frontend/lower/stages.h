// Lowers stages. Workflows, bodies and stages are first found and numbered (collect_stages.cpp), so
// that names can be resolved in any order; then their fields are lowered (workflows.cpp,
// stages.cpp).
#pragma once

#include "frontend/lower/context.h"
#include "frontend/lower/scope.h"

namespace wfc::lower {

/// Creates all workflows, stages and bodies without their fields. Ids are assigned to workflows in
/// the order of their names, to stages by workflow and path, and to bodies by workflow and owner.
void CollectStages(Context& context);

/// Sets the verb of every stage, and the tool of every call, before any field is lowered: what a
/// field may read of another stage depends on what that stage does.
void LowerVerbs(Context& context);

/// Lowers the fields of a stage.
void LowerStage(Context& context, ir::StageId id);

/// Lowers the cases and routes of a decide into `stage`.
[[nodiscard]] ir::Decide LowerDecide(Context& context, const Scope& scope,
                                     const ms::StageSyntax& syntax);

/// The scope of the expressions in the fields of `stage`.
[[nodiscard]] Scope ScopeOf(const Context& context, ir::StageId stage);

}  // namespace wfc::lower
