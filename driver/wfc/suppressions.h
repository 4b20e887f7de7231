// Takes out what comments in the manifests suppress, and reports suppressions that suppress nothing
// (X001). Runs after all phases, before findings are shown or counted.
#pragma once

#include <vector>

#include "backend-runtime/codegen/codegen.h"
#include "driver/wfc/pipeline.h"

namespace wfc::driver {

/// What was suppressed, for the plan; `pipeline.sink` keeps the rest.
std::vector<codegen::SuppressedFinding> ApplySuppressions(Pipeline& pipeline);

}  // namespace wfc::driver
