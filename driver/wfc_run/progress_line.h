// Writes an event as a line of progress. Called by RunLines, for the plain and the live form of
// progress, and by the trace of a simulation.
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

/// The SGR code of what matters less than the rest of a line.
inline constexpr std::string_view kDimColor = "2";

/// A line of progress without a line break: `word` in the colour of the SGR code `color`, what it
/// is about, and details, which may be empty. Both must be free of control characters.
[[nodiscard]] std::string ProgressRow(std::string_view word, std::string_view color,
                                      std::string_view subject, const std::string& detail,
                                      const ProgressOptions& options);

/// `text` in the colour of the SGR code `code`, if the options paint.
[[nodiscard]] std::string Painted(std::string_view text, std::string_view code, Paint paint);

}  // namespace wfc::driver
