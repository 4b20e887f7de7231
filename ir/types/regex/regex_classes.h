// Character classes for the parser of regular expressions: what escapes mean, and how sets are
// written for RE2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/types/regex/regex.h"

namespace wfc::types {

/// What `\d \D \w \W \s \S` stand for in ECMAScript; empty for any other letter.
[[nodiscard]] std::optional<CodePointSet> FindClassEscape(char letter);

/// What `.` stands for: all but line terminators.
[[nodiscard]] CodePointSet AnyButLineTerminators();

/// RE2's name of a property as ECMAScript spells it (`Letter`, `Script=Greek`, `gc=Lu`).
[[nodiscard]] std::string PropertyName(std::string_view spelled);

/// The code points outside `ranges`, in order.
[[nodiscard]] std::vector<CodePointRange> Complement(std::vector<CodePointRange> ranges);

/// One code point, escaped where RE2 would read it as an operator.
void AppendRe2Literal(std::string& out, char32_t code_point);
/// `[…]` with the ranges in order.
void AppendRe2Set(std::string& out, const CodePointSet& set);

}  // namespace wfc::types
