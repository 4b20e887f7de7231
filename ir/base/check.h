// WFC_CHECK guards states that only a bug in wfc can bring about. It is never used for a user's
// mistake or for a failure of the outside world.
#pragma once

#include <string_view>

namespace wfc {

/// Prints `condition` and its location to standard error and ends the process with exit code 3.
/// Builds with WFC_ABORT_ON_CHECK abort instead.
[[noreturn]] void CheckFailed(std::string_view condition, const char* file, int line);

}  // namespace wfc

#define WFC_CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::wfc::CheckFailed(#condition, __FILE__, __LINE__))
