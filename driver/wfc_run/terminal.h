// What standard error is: a terminal that can be redrawn, how wide, in colour.
#pragma once

#include "driver/wfc_run/options.h"
#include "driver/wfc_run/progress.h"

namespace wfc::driver {

[[nodiscard]] bool IsLiveTerminal();
[[nodiscard]] int TerminalColumns();
/// NO_COLOR is heeded.
[[nodiscard]] Paint ChoosePaint(ColorChoice choice);

}  // namespace wfc::driver
