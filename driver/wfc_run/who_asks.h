// Who uses wfc-run, as it says of itself in records.
#pragma once

#include <string>

namespace wfc::driver {

/// The user and the machine: `ada@build7`. What the system does not name is its number, or left
/// out.
[[nodiscard]] std::string WhoAsks();

}  // namespace wfc::driver
