// Files that the command line names: written as a whole, wherever they are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ir/base/result.h"

namespace wfc::driver {

/// What happens to a symbolic link where a file is written: what it leads to is written and it
/// stays, or the file takes its place.
enum class Links : uint8_t { Follow, Replace };

/// By a temporary file beside it and a rename, so that no reader ever sees half of it. The mode of
/// a file that exists is kept.
[[nodiscard]] Result<void, Error> WriteFileAtomically(const std::string& path,
                                                      std::string_view content, Links links);

}  // namespace wfc::driver
