// Finds the mode of a run by the name that was typed. Called by the verbs `run` and `simulate`.
#pragma once

#include <string>

#include "backend-runtime/plan/view.h"
#include "ir/base/result.h"

namespace wfc::driver {

/// The mode of that name; the plan's default if the name is empty. The error says which modes there
/// are, or in which modes the workflow may run. Every workflow may run in dry_run.
[[nodiscard]] Result<Mode> FindMode(const plan::PlanView& plan, const std::string& name);

}  // namespace wfc::driver
