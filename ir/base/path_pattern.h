// Path patterns (language.md, "Security"): `?` one character, `*` any run within a segment, `**`
// any whole segments, also none. `a` is not `a/**`.
#pragma once

#include <string_view>

namespace wfc {

/// Whether `pattern` describes the whole of `path`, both relative, with `/` between segments and
/// well-formed UTF-8. The path `.` has no segments: only `.`, and patterns of `**` alone, match it.
/// Takes time proportional to the product of the lengths at worst.
[[nodiscard]] bool MatchesPathPattern(std::string_view pattern, std::string_view path);

}  // namespace wfc
