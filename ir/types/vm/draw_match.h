// Draws texts that a regular expression matches. Private to the drawer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/types/vm/choices.h"

namespace wfc::types {

/// A text that `pattern`, in RE2's syntax, probably matches: assertions are ignored, so the caller
/// must check the result. No value when the pattern contains syntax that the schema compiler does
/// not produce (ir/types/regex/regex.h) or is too large.
[[nodiscard]] std::optional<std::string> DrawMatch(std::string_view pattern, Choices& choices);

}  // namespace wfc::types
