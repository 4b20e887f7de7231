// One line of progress about one event, shared by the plain and the live form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "driver/wfc_run/progress.h"

namespace wfc::driver {

/// Empty for events that say nothing to people. Without a line break, redacted, painted.
[[nodiscard]] std::optional<std::string> ProgressLine(const runtime::Event& event,
                                                      std::string_view stage,
                                                      const ProgressOptions& options);

/// How the output of the program ended that made the stage fail, in lines, and where all of it is;
/// "" when there is nothing to show.
[[nodiscard]] std::string PrintedBlock(const runtime::Event& event, std::string_view stage,
                                       const ProgressOptions& options);

/// `text` in the colour of the SGR code `code`, if the options paint.
[[nodiscard]] std::string Painted(std::string_view text, std::string_view code, Paint paint);

}  // namespace wfc::driver
