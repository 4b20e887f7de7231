// Finds what a command printed in the transcript of its stage. Called by the story of a stage.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "backend-runtime/runtime/machine/record.h"

namespace wfc::driver {

/// What the command of the attempt printed, by the file `path`, of which the end alone is read;
/// nothing if it does not say. A command that a signal ended has the exit code -1.
[[nodiscard]] std::optional<runtime::EndedCommand> FindPrinted(const std::string& path,
                                                               uint32_t attempt);

}  // namespace wfc::driver
