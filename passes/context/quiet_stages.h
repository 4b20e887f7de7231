// Where G010 and G011 keep silent: near other findings and near what is not supported yet
// (design of the checks: one mistake makes one diagnostic).
#pragma once

#include <vector>

#include "passes/context/pass.h"

namespace wfc::passes {

/// By stage. `near_finding`: connected to a stage whose finding hides what it means or on a
/// cycle, or in a workflow with a construct that is not supported. `in_doubt`: in a workflow where
/// a name did not resolve, so that anything may be used.
struct QuietStages {
  std::vector<bool> near_finding;
  std::vector<bool> in_doubt;
};

[[nodiscard]] QuietStages FindQuietStages(PassContext& context);

}  // namespace wfc::passes
