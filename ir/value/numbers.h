// Arithmetic over all kinds of numbers: integers of any size, the exact order across kinds, and the
// nearest double.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc {

/// The most digits of an integer that can be read. It bounds the cost of every operation on an
/// integer.
inline constexpr size_t kMaxIntegerDigits = 4300;

/// The integer that `text` spells: digits with an optional `-`, leading zeros allowed. It is an Int
/// where it fits an int64, and a BigInt otherwise. No value when `text` is not of that form or has
/// more than kMaxIntegerDigits digits without the leading zeros.
[[nodiscard]] std::optional<Value> ParseInteger(std::string_view text);

/// The double that is nearest to a decimal number in the form of JSON. A number that overflows to
/// infinity, or that underflows to 0 although it is not 0, is an error.
[[nodiscard]] Result<double> ParseDecimal(std::string_view text);

/// The nearest double; infinite for an integer that is beyond the doubles. Precondition: `number`
/// is a number.
[[nodiscard]] double ToDouble(const Value& number);

/// The exact order of two numbers of any kinds; no value when one is NaN.
[[nodiscard]] std::optional<std::strong_ordering> CompareNumbers(const Value& left,
                                                                 const Value& right);

/// The value of a BigInt as a uint64; no value when it does not fit. Precondition: `big` is a
/// BigInt.
[[nodiscard]] std::optional<uint64_t> ToUint(const Value& big);

}  // namespace wfc
