// The mode of a run, by the name that was typed.
#pragma once

#include <string>

#include "backend-runtime/plan/view.h"
#include "ir/base/result.h"

namespace wfc::driver {

/// "": the plan's default. The error says which modes there are, or that the workflow may not run
/// in it.
[[nodiscard]] Result<Mode> FindMode(const plan::PlanView& plan, const std::string& name);

}  // namespace wfc::driver
