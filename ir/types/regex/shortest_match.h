// The shortest text that a regular expression matches somewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ir/types/regex/regex.h"

namespace wfc::types {

/// The shortest text of `least` to `most` code points in which `regex` matches, and of these the
/// least: by code point, with control characters after all others. None when there is no such text
/// or it cannot be found within a budget.
[[nodiscard]] std::optional<std::string> FindShortestMatch(const Regex& regex, uint64_t least,
                                                           uint64_t most);

}  // namespace wfc::types
