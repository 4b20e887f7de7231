// Size limits that the language promises and the runtime enforces.
#pragma once

#include <cstdint>

namespace wfc {

/// The most bytes that a command may print, whatever its `limits.stdout` says. The output is held
/// in memory, and more than once while it is searched for secrets, parsed and recorded.
inline constexpr int64_t kMostStdoutBytes = 64 << 20;

}  // namespace wfc
