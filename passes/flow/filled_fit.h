// FindFit for values whose missing defaults are filled in before they are validated: the arguments
// of a call, and what an echo gives back.
#pragma once

#include "passes/flow/fit.h"

namespace wfc::passes {

/// As FindFit, for values into which the defaults of `filled_by` are filled first; if `filled_by`
/// has no value, nothing is filled in. The witness and the guess are values of `producer`, as they
/// are before that.
[[nodiscard]] FitAnswer FindFilledFit(const types::SchemaRegistry& registry,
                                      types::SchemaId producer, types::SchemaId consumer,
                                      types::SchemaId filled_by);

}  // namespace wfc::passes
