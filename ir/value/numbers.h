// Numbers of all kinds: integers of any size, the exact order, the nearest double.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc {

/// Digits of an integer that can be read, so that no work with one gets out of hand.
inline constexpr size_t kMaxIntegerDigits = 4300;

/// The integer that `text` writes (digits, with or without `-`, leading zeros or not): an Int where
/// it fits, else a BigInt. Empty: it is written otherwise, or has more than kMaxIntegerDigits.
[[nodiscard]] std::optional<Value> ParseInteger(std::string_view text);

/// What JSON writes with a fraction or an exponent, as the nearest double. An error where there is
/// none: beyond the doubles, or so near 0 that only 0 is near.
[[nodiscard]] Result<double> ParseDecimal(std::string_view text);

/// The nearest double; infinite where the integer is beyond them.
[[nodiscard]] double ToDouble(const Value& number);

/// The order of two numbers of any kinds by their exact values; empty for NaN.
[[nodiscard]] std::optional<std::strong_ordering> CompareNumbers(const Value& left,
                                                                 const Value& right);

/// Of a BigInt: the uint64 that it is, if it fits.
[[nodiscard]] std::optional<uint64_t> ToUint(const Value& big);

}  // namespace wfc
