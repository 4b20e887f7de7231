// `multipleOf`, exactly: both numbers are taken as the decimals that JSON writes.
#pragma once

#include "ir/value/value.h"

namespace wfc::types {

/// Whether `number` is `divisor` (a finite number above 0) times an integer.
[[nodiscard]] bool IsMultipleOf(const Value& number, const Value& divisor);

}  // namespace wfc::types
