// Path patterns (docs/language/security.md): `?` matches one character, `*` any run of characters
// within a segment, and `**` any number of whole segments, including none. `a` does not match what
// `a/**` matches below it.
#pragma once

#include <string_view>

namespace wfc {

/// Whether `pattern` matches all of `path`. Both are relative, with `/` between segments, and
/// `path` is well-formed UTF-8. The path `.` has no segments, so only `.` and patterns made of `**`
/// alone match it. The worst case takes time proportional to the product of the two lengths.
[[nodiscard]] bool MatchesPathPattern(std::string_view pattern, std::string_view path);

}  // namespace wfc
