// Takes out what comments in the manifests suppress, and reports suppressions that suppress nothing
// (X001). Runs after all phases, before findings are shown or counted.
#pragma once

#include <vector>

#include "backend-runtime/codegen/codegen.h"
#include "driver/wfc/analysis.h"

namespace wfc::driver {

/// What was suppressed, for the plan; `analysis.findings` keeps the rest.
std::vector<codegen::SuppressedFinding> ApplySuppressions(Analysis& analysis);

}  // namespace wfc::driver
