// The constants with which a plan's conditions compare values, so that drawn values can match them.
// Simulation collects them once.
#pragma once

#include "backend-runtime/plan/view.h"
#include "ir/types/vm/draw.h"

namespace wfc::simulate {

/// The keys of routes and the constants in `if`, `when`, `decide` and `assert`; at most 256 texts
/// and 256 numbers.
[[nodiscard]] types::Vocabulary CollectVocabulary(const plan::PlanView& plan);

}  // namespace wfc::simulate
