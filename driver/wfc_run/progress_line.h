// Writes an event as a line of progress. Called by the plain and the live form of progress, and by
// the trace of a simulation.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "driver/wfc_run/progress.h"

namespace wfc::driver {

/// The line for an event, redacted and painted, without a line break; nullopt for events that do
/// not concern the user.
[[nodiscard]] std::optional<std::string> ProgressLine(const runtime::Event& event,
                                                      std::string_view stage,
                                                      const ProgressOptions& options);

/// The end of the output of the program that made the stage fail, as indented lines, and the path
/// of the whole output; empty if there is nothing to show.
[[nodiscard]] std::string PrintedBlock(const runtime::Event& event, std::string_view stage,
                                       const ProgressOptions& options);

/// `text` in the colour of the SGR code `code`, if the options paint.
[[nodiscard]] std::string Painted(std::string_view text, std::string_view code, Paint paint);

}  // namespace wfc::driver
