// Removes the findings that comments in the manifests suppress, and reports useless suppressions
// (X001). Called by the analysis after all phases, before findings are shown or counted.
#pragma once

#include <span>
#include <vector>

#include "backend-runtime/codegen/codegen.h"
#include "driver/wfc/analysis.h"
#include "frontend/manifest/suppressions.h"

namespace wfc::driver {

/// Removes the findings that `suppressions` suppress from `analysis.findings` and adds the reports
/// of useless suppressions. The result is the suppressed findings, sorted by place, which the plan
/// records.
std::vector<codegen::SuppressedFinding> ApplySuppressions(
    Analysis& analysis, std::span<const manifest::Suppression> suppressions);

}  // namespace wfc::driver
