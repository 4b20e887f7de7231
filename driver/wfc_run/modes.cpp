#include "driver/wfc_run/modes.h"

#include <fmt/format.h>

#include "backend-runtime/plan/names.h"
#include "backend-runtime/runtime/grants.h"

namespace wfc::driver {

Result<plan::fb::Mode> FindMode(const plan::PlanView& plan, const std::string& name) {
  if (name.empty()) return plan.root().default_mode();
  for (const plan::fb::Mode mode : plan::fb::EnumValuesMode()) {
    if (runtime::GetName(mode) != name) continue;
    const bool may_run = mode == plan::fb::Mode::DryRun ||
                         (plan.root().modes() >> static_cast<unsigned>(mode) & 1) != 0;
    if (may_run) return mode;
    return Error{fmt::format("workflow `{}` may not run in mode {}; it may run in {}",
                             plan.workflow(), name, plan::JoinModes(plan.root().modes()))};
  }
  return Error{fmt::format(
      "`{}` is not a mode; modes are analysis_only, review, dry_run and implement", name)};
}

}  // namespace wfc::driver
