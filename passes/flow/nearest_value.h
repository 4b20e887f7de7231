// "did you mean …?" for a value that is none of those that are possible.
#pragma once

#include <span>
#include <string>

#include "ir/value/value.h"

namespace wfc::passes {

/// As messages show a value: text as it is, anything else as JSON; what would look like nothing, or
/// like something else, in quotes.
[[nodiscard]] std::string ShowValue(const Value& value);

/// "`approve`, `reject` and 2"; "": more than a message should list.
[[nodiscard]] std::string ListValues(std::span<const Value> values);

/// "; did you mean `reject`?" for the possible value that differs from `wrong` in letter case only,
/// by a slip of the pen, or means the same in other tools (`failure` and `failed`); or "".
[[nodiscard]] std::string SuggestValue(const Value& wrong, std::span<const Value> possible);

}  // namespace wfc::passes
