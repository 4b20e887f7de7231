// The version of wfc, which CMakeLists.txt defines.
#pragma once

#include <string_view>

namespace wfc::driver {

inline constexpr std::string_view kVersion = WFC_VERSION;

}  // namespace wfc::driver
