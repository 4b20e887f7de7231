// The version of wfc, as CMakeLists.txt has it.
#pragma once

#include <string_view>

namespace wfc::driver {

inline constexpr std::string_view kVersion = WFC_VERSION;

}  // namespace wfc::driver
