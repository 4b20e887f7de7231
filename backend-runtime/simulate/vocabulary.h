// The words that a plan's conditions compare values with.
#pragma once

#include "backend-runtime/plan/view.h"
#include "ir/types/vm/draw.h"

namespace wfc::simulate {

/// Keys of routes, and the constants of `if`, `when`, `decide` and `assert`; a limited number.
[[nodiscard]] types::Vocabulary CollectVocabulary(const plan::PlanView& plan);

}  // namespace wfc::simulate
