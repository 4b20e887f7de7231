// The pages of docs/diagnostics, made part of the executable by embed_pages.cmake.
#pragma once

#include <string_view>

#include "ir/diag/code.h"

namespace wfc::driver {

/// The page of a code; empty when it has none, which the registry test forbids.
[[nodiscard]] std::string_view PageOf(diag::Code code);

}  // namespace wfc::driver
