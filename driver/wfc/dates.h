// Days on the command line.
#pragma once

#include <optional>
#include <string_view>

#include "driver/wfc/commands.h"

namespace wfc::driver {

/// `2026-01-15`; nothing when it is not a real date.
[[nodiscard]] std::optional<Day> ParseDay(std::string_view text);

/// Today in UTC, or what `--now` or `--as-of` says. The only reading of a clock in the compiler.
[[nodiscard]] Day Today(std::optional<Day> given);

}  // namespace wfc::driver
