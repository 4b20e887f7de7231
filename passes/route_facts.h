// What is known where a route of a decide was taken: facts for the types of what stands there.
#pragma once

#include <span>

#include "ir/expr/infer.h"
#include "ir/project.h"
#include "passes/held_before.h"

namespace wfc::passes {

/// Adds what holds in the body of the decide's route `index`. The decide's own expressions were
/// inferred before; `facts` hold where it stands.
void AddRouteFacts(const expr::InferContext& context, const ir::Project& project,
                   const ir::Stage& decide, uint32_t index, expr::Facts& facts);

/// Adds what was certain before.
void AddCertainFacts(const expr::InferContext& context, const ir::Project& project,
                     std::span<const Certainty> certainties, expr::Facts& facts);

}  // namespace wfc::passes
