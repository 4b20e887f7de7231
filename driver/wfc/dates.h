// Today. Called by whatever needs the day.
#pragma once

#include <optional>

#include "ir/base/day.h"

namespace wfc::driver {

/// The day that `--now` or `--as-of` gives or, without one, today in UTC. This is the only place
/// where the compiler reads the calendar.
[[nodiscard]] Day Today(std::optional<Day> given);

}  // namespace wfc::driver
