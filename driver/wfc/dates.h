// Days on the command line, and today. Called by the command line and by whatever needs the day.
#pragma once

#include <optional>
#include <string_view>

#include "driver/wfc/commands.h"

namespace wfc::driver {

/// Parses a date of the form `2026-01-15`; nullopt if it is malformed or not a real date.
[[nodiscard]] std::optional<Day> ParseDay(std::string_view text);

/// The day that `--now` or `--as-of` gives or, without one, today in UTC. This is the only place
/// where the compiler reads the calendar.
[[nodiscard]] Day Today(std::optional<Day> given);

}  // namespace wfc::driver
