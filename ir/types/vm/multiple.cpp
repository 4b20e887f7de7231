#include "ir/types/vm/multiple.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "ir/value/json.h"

namespace wfc::types {
namespace {

using Wide = unsigned __int128;

/// The number `digits * 10^exponent` of any size; `digits` has no leading zeros.
struct LongDecimal {
  std::string digits;
  int exponent = 0;
};

LongDecimal ParseDecimal(std::string_view text) {
  LongDecimal decimal;
  bool is_fraction = false;
  size_t at = 0;
  for (; at < text.size() && text[at] != 'e'; ++at) {
    if (text[at] == '-') continue;
    if (text[at] == '.') {
      is_fraction = true;
      continue;
    }
    if (text[at] != '0' || !decimal.digits.empty()) decimal.digits += text[at];
    if (is_fraction) --decimal.exponent;
  }
  if (at == text.size()) return decimal;
  ++at;
  if (text[at] == '+') ++at;
  int exponent = 0;
  std::from_chars(text.data() + at, text.data() + text.size(), exponent);
  decimal.exponent += exponent;
  return decimal;
}

uint64_t PowerOfTenModulo(int exponent, uint64_t modulus) {
  Wide result = 1 % modulus;
  Wide base = 10 % modulus;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = result * base % modulus;
    base = base * base % modulus;
  }
  return static_cast<uint64_t>(result);
}

LongDecimal ToLongDecimal(const Value& value) {
  return ParseDecimal(WriteJson(value));
}

std::optional<uint64_t> ToUint64(std::string_view digits) {
  uint64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

/// A non-negative integer of any size in base 10^9, least significant digit first, without leading
/// zeros.
class LongNumber {
 public:
  LongNumber() = default;
  explicit LongNumber(std::string_view digits) {
    for (const char digit : digits) Append(digit);
  }

  [[nodiscard]] bool is_zero() const { return parts_.empty(); }

  void Append(char digit) {
    uint64_t carry = static_cast<uint64_t>(digit - '0');
    for (uint64_t& part : parts_) {
      part = part * 10 + carry;
      carry = part / kBase;
      part %= kBase;
    }
    if (carry != 0) parts_.push_back(carry);
  }

  [[nodiscard]] bool IsLess(const LongNumber& other) const {
    if (parts_.size() != other.parts_.size()) return parts_.size() < other.parts_.size();
    return std::ranges::lexicographical_compare(std::views::reverse(parts_),
                                                std::views::reverse(other.parts_));
  }

  /// Precondition: `other` is not greater.
  void Subtract(const LongNumber& other) {
    uint64_t borrowed = 0;
    for (size_t i = 0; i < parts_.size(); ++i) {
      const uint64_t taken = (i < other.parts_.size() ? other.parts_[i] : 0) + borrowed;
      borrowed = parts_[i] < taken ? 1 : 0;
      parts_[i] += borrowed * kBase - taken;
    }
    while (!parts_.empty() && parts_.back() == 0) parts_.pop_back();
  }

 private:
  static constexpr uint64_t kBase = 1'000'000'000;
  std::vector<uint64_t> parts_;
};

/// Long division, digit by digit.
bool IsMultipleOfLong(std::string_view digits, std::string_view divisor) {
  const LongNumber by(divisor);
  LongNumber rest;
  for (const char digit : digits) {
    rest.Append(digit);
    while (!rest.IsLess(by)) rest.Subtract(by);
  }
  return rest.is_zero();
}

bool IsMultipleOfShort(std::string_view digits, uint64_t divisor) {
  Wide rest = 0;
  for (const char digit : digits) {
    rest = (rest * 10 + static_cast<uint64_t>(digit - '0')) % divisor;
  }
  return rest == 0;
}

/// As IsMultipleOf, for numbers whose digits do not fit 64 bits.
bool IsMultipleOfLong(const Value& number, const Value& divisor) {
  LongDecimal left = ToLongDecimal(number);
  const LongDecimal right = ToLongDecimal(divisor);
  if (left.digits.empty()) return true;
  if (right.digits.empty()) return false;
  const int shift = left.exponent - right.exponent;
  if (shift >= 0) {
    left.digits.append(static_cast<size_t>(shift), '0');
  } else {
    // The number is a multiple only if its digits end with that many zeros.
    const auto zeros = static_cast<size_t>(-shift);
    if (left.digits.size() - 1 - left.digits.find_last_not_of('0') < zeros) return false;
    left.digits.resize(left.digits.size() - zeros);
  }
  const std::optional<uint64_t> small = ToUint64(right.digits);
  return small ? IsMultipleOfShort(left.digits, *small)
               : IsMultipleOfLong(left.digits, right.digits);
}

constexpr uint64_t kMaxDigits = std::numeric_limits<uint64_t>::max();

/// The digits of `decimal` for the given, smaller exponent; no value when they do not fit 64 bits.
std::optional<uint64_t> DigitsAt(Decimal decimal, int exponent) {
  for (; decimal.exponent > exponent; --decimal.exponent) {
    if (decimal.digits > kMaxDigits / 10) return std::nullopt;
    decimal.digits *= 10;
  }
  return decimal.digits;
}

}  // namespace

std::optional<Decimal> ToDecimal(const Value& value) {
  if (value.kind() == Kind::Uint) return Decimal{value.AsUint(), 0};
  if (value.kind() == Kind::Int) {
    const auto bits = static_cast<uint64_t>(value.AsInt());
    return Decimal{value.AsInt() < 0 ? 0 - bits : bits, 0};
  }
  const LongDecimal decimal = ToLongDecimal(value);
  if (decimal.digits.empty()) return Decimal{};
  const std::optional<uint64_t> digits = ToUint64(decimal.digits);
  return digits ? std::optional(Decimal{*digits, decimal.exponent}) : std::nullopt;
}

std::optional<Decimal> LeastCommonMultiple(Decimal left, Decimal right) {
  const int exponent = std::min(left.exponent, right.exponent);
  const std::optional<uint64_t> a = DigitsAt(left, exponent);
  const std::optional<uint64_t> b = DigitsAt(right, exponent);
  if (!a || !b) return std::nullopt;
  const uint64_t quotient = *a / std::gcd(*a, *b);
  if (quotient > kMaxDigits / *b) return std::nullopt;
  return Decimal{quotient * *b, exponent};
}

bool IsMultipleOf(const Value& number, const Value& divisor) {
  if (number.kind() == Kind::Double && !std::isfinite(number.AsDouble())) return false;
  const std::optional<Decimal> short_left = ToDecimal(number);
  const std::optional<Decimal> short_right = ToDecimal(divisor);
  if (!short_left || !short_right) return IsMultipleOfLong(number, divisor);
  const Decimal left = *short_left;
  const Decimal right = *short_right;
  if (left.digits == 0) return true;
  if (right.digits == 0) return false;
  const int shift = left.exponent - right.exponent;
  if (shift >= 0) {
    const Wide product =
        static_cast<Wide>(left.digits % right.digits) * PowerOfTenModulo(shift, right.digits);
    return product % right.digits == 0;
  }
  if (shift < -19) return false;  // the divisor is then above any 64-bit multiple of 10^exponent
  Wide scaled = right.digits;
  for (int i = 0; i < -shift; ++i) scaled *= 10;  // the result is below 2^64 * 10^19 < 2^128
  return left.digits % scaled == 0;
}

}  // namespace wfc::types
