// What of a value leaves the expression language: data, as JSON has it.
#pragma once

#include <optional>

#include "ir/value/value.h"

namespace wfc {

/// `value` as data. An optional is what it holds, and where it is empty its entry or item is left
/// out; times are RFC 3339 texts, durations texts such as "3.5s", bytes base64, types their names.
/// An Error where JSON has no such value, which says where: a number that is not finite, a key that
/// is not text. Empty: nothing is left, since the value is an optional that is.
[[nodiscard]] std::optional<Value> ToData(const Value& value);

}  // namespace wfc
