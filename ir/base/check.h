// WFC_CHECK: for states that only a bug in wfc can bring about. Never for a user's mistake or a
// failing world.
#pragma once

#include <string_view>

namespace wfc {

/// Prints `condition` and its place on standard error and aborts (the driver exits with 3).
[[noreturn]] void CheckFailed(std::string_view condition, const char* file, int line);

}  // namespace wfc

#define WFC_CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::wfc::CheckFailed(#condition, __FILE__, __LINE__))
