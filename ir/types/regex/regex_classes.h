// Character classes: the meaning of escapes, and the translation of sets to RE2's syntax. Used by
// the parser of regular expressions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/types/regex/regex.h"

namespace wfc::types {

/// The set of `\d \D \w \W \s \S` in ECMAScript; no value for any other letter.
[[nodiscard]] std::optional<CodePointSet> FindClassEscape(char letter);

/// The set of `.`: everything except line terminators.
[[nodiscard]] CodePointSet AnyButLineTerminators();

/// RE2's name for a Unicode property that ECMAScript spells `Letter`, `Script=Greek` or `gc=Lu`.
[[nodiscard]] std::string PropertyName(std::string_view spelled);

/// The code points that are not in `ranges`, as sorted ranges.
[[nodiscard]] std::vector<CodePointRange> Complement(std::vector<CodePointRange> ranges);

/// Appends one code point, escaped where RE2 would read it as an operator.
void AppendRe2Literal(std::string& out, char32_t code_point);
/// Appends the set as `[…]` with sorted ranges.
void AppendRe2Set(std::string& out, const CodePointSet& set);

}  // namespace wfc::types
