// Computes `multipleOf` exactly: both numbers are taken as the decimals that JSON writes.
#pragma once

#include <cstdint>
#include <optional>

#include "ir/value/value.h"

namespace wfc::types {

/// The number `digits * 10^exponent`; the sign is dropped.
struct Decimal {
  uint64_t digits = 0;
  int exponent = 0;
};

/// The absolute value of a finite number as the decimal that JSON writes; no value when its digits
/// do not fit 64 bits.
[[nodiscard]] std::optional<Decimal> ToDecimal(const Value& value);

/// The least common multiple of both; no value when its digits do not fit 64 bits.
[[nodiscard]] std::optional<Decimal> LeastCommonMultiple(Decimal left, Decimal right);

/// Whether `number` is an integer multiple of `divisor`, which must be finite and above 0.
[[nodiscard]] bool IsMultipleOf(const Value& number, const Value& divisor);

}  // namespace wfc::types
