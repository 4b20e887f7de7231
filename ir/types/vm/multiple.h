// `multipleOf`, exactly: both numbers are taken as the decimals that JSON writes.
#pragma once

#include <cstdint>
#include <optional>

#include "ir/value/value.h"

namespace wfc::types {

/// `digits * 10^exponent`, without sign.
struct Decimal {
  uint64_t digits = 0;
  int exponent = 0;
};

/// The number that JSON writes for a finite `value`, without its sign; none where its digits do not
/// fit.
[[nodiscard]] std::optional<Decimal> ToDecimal(const Value& value);

/// The least number that is a multiple of both; none where its digits do not fit.
[[nodiscard]] std::optional<Decimal> LeastCommonMultiple(Decimal left, Decimal right);

/// Whether `number` is `divisor` (a finite number above 0) times an integer.
[[nodiscard]] bool IsMultipleOf(const Value& number, const Value& divisor);

}  // namespace wfc::types
