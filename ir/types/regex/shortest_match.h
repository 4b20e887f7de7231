// Finds the shortest text that a regular expression matches.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ir/types/regex/regex.h"

namespace wfc::types {

/// The shortest text of `least` to `most` code points in which `regex` matches somewhere. Of
/// several, the first in code point order, with control characters after all others. No value when
/// there is no such text or the search exceeds its budget.
[[nodiscard]] std::optional<std::string> FindShortestMatch(const Regex& regex, uint64_t least,
                                                           uint64_t most);

}  // namespace wfc::types
