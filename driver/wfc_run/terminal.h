// The properties of standard error as a terminal. Called by whatever shows progress.
#pragma once

#include <optional>

#include "driver/wfc_run/options.h"
#include "driver/wfc_run/progress.h"

namespace wfc::driver {

/// Whether standard error is a terminal that understands escape sequences.
[[nodiscard]] bool IsLiveTerminal();
/// The width of the terminal in columns; 80 if it is unknown.
[[nodiscard]] int TerminalColumns();
/// The width of standard output in columns; none if it is no terminal.
[[nodiscard]] std::optional<int> OutputColumns();
/// Whether to colour text. For Auto, text is coloured on a live terminal unless NO_COLOR is set.
[[nodiscard]] Paint ChoosePaint(ColorChoice choice);

}  // namespace wfc::driver
