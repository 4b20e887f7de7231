// Makes "did you mean …?" suggestions for a value that is not among the possible ones.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ir/value/value.h"

namespace wfc::passes {

/// A value as messages show it: text unquoted, any other value as JSON. Text that would be
/// invisible or look like another value is quoted.
[[nodiscard]] std::string ShowValue(const Value& value);

/// The values as messages list them: "`approve`, `reject` and 2"; "" if there are too many for a
/// message.
[[nodiscard]] std::string ListValues(std::span<const Value> values,
                                     std::string_view last_word = "and");

/// "; did you mean `reject`?" for the possible value that differs from `wrong` only in letter case,
/// by a typing error, or by the word that other tools use for it (`failure` for `failed`); "" if
/// there is none.
[[nodiscard]] std::string SuggestValue(const Value& wrong, std::span<const Value> possible);

}  // namespace wfc::passes
