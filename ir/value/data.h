// Converts a result of the expression language to data, the values that JSON has. Every value that
// leaves an expression passes through here.
#pragma once

#include <optional>

#include "ir/value/value.h"

namespace wfc {

/// `value` as data. A present optional becomes the value it holds, and the entry or item of an
/// empty optional is left out. Timestamps become RFC 3339 text, durations text such as "3.5s",
/// bytes base64, and types their names. A number that is not finite and a map key that is not a
/// string have no JSON form and yield an Error value that says where they are. No value when
/// `value` itself is an empty optional.
[[nodiscard]] std::optional<Value> ToData(const Value& value);

}  // namespace wfc
