// The pages of docs/diagnostics, which embed_pages.cmake compiles into the executable. Called by
// `wfc explain`.
#pragma once

#include <string_view>

#include "ir/diag/code.h"

namespace wfc::driver {

/// The page of a code; empty if it has none, which the registry test rules out.
[[nodiscard]] std::string_view PageOf(diag::Code code);

}  // namespace wfc::driver
