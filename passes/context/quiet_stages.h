// Finds the stages for which G010 and G011 stay silent: those near other findings and near
// constructs that are not supported yet, so that one mistake makes one diagnostic.
#pragma once

#include "ir/base/id_range.h"
#include "passes/context/pass.h"

namespace wfc::passes {

/// `near_finding` marks stages that are connected to one that is on a
/// cycle or has a finding that obscures its meaning, and all stages of a workflow with an
/// unsupported construct. `in_doubt` marks the stages of a workflow in which a name did not
/// resolve, so that any of them may be in use.
struct QuietStages {
  IdVector<ir::StageId, bool> near_finding;
  IdVector<ir::StageId, bool> in_doubt;
};

[[nodiscard]] QuietStages FindQuietStages(PassContext& context);

}  // namespace wfc::passes
