// Lowers the fields of workflows and of the bodies in them: their inputs, modes and outputs. Called
// by lowering.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

/// Lowers the fields of all workflows, stages and bodies. CollectStages must have made them.
void LowerWorkflows(Context& context);

}  // namespace wfc::lower
