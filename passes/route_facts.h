// What is known where a route of a decide was taken: facts for the types of what stands there.
#pragma once

#include "ir/expr/infer.h"
#include "ir/project.h"

namespace wfc::passes {

/// Adds what holds in the body of the decide's route `index`. The decide's own expressions were
/// inferred before; `facts` hold where it stands.
void AddRouteFacts(const expr::InferContext& context, const ir::Project& project,
                   const ir::Stage& decide, uint32_t index, expr::Facts& facts);

/// Adds what the choice says that made `stage` run, when one decide alone routes to it by its id.
void AddChoiceFacts(const expr::InferContext& context, const ir::Project& project,
                    ir::StageId stage, expr::Facts& facts);

/// What the asserts establish that the stage waits for.
void AddAssertFacts(const expr::InferContext& context, const ir::Project& project,
                    ir::StageId stage, expr::Facts& facts);

}  // namespace wfc::passes
