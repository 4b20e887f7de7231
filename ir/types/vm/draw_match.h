// Texts that a regular expression matches. Private to the drawer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/types/vm/choices.h"

namespace wfc::types {

/// A text in which `pattern` probably matches: assertions are passed over, and so is what the
/// compiler does not write (ir/types/regex/regex.h). `pattern` is in RE2's syntax. None when it is
/// not understood.
[[nodiscard]] std::optional<std::string> DrawMatch(std::string_view pattern, Choices& choices);

}  // namespace wfc::types
