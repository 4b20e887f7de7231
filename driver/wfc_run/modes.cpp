#include "driver/wfc_run/modes.h"

#include <fmt/core.h>

#include "backend-runtime/plan/names.h"

namespace wfc::driver {

Result<Mode> FindMode(const plan::PlanView& plan, const std::string& name) {
  if (name.empty()) return plan::FromPlan(plan.root().default_mode());
  const std::optional<Mode> mode = ParseWord<Mode>(name);
  if (!mode) {
    return Error{
        fmt::format("`{}` is not a mode; modes are {}", name, JoinWords(WordsOf<Mode>(), " and "))};
  }
  const bool may_run = *mode == Mode::DryRun || (plan.root().modes() & Bit(*mode)) != 0;
  if (may_run) return *mode;
  return Error{fmt::format("workflow `{}` may not run in mode {}; it may run in {}",
                           plan.workflow(), name, plan::JoinModes(plan.root().modes()))};
}

}  // namespace wfc::driver
