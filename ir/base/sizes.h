// Sizes that both the language and the runtime hold to.
#pragma once

#include <cstdint>

namespace wfc {

/// What a command may print at most, whatever its `limits.stdout`: its output is held in memory,
/// and several times over while it is searched for secrets, read and recorded.
inline constexpr int64_t kMostStdoutBytes = 64 << 20;

}  // namespace wfc
