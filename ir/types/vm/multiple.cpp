#include "ir/types/vm/multiple.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace wfc::types {
namespace {

using Wide = unsigned __int128;

Decimal ParseDecimal(std::string_view text) {
  Decimal decimal;
  bool is_fraction = false;
  size_t at = 0;
  for (; at < text.size() && text[at] != 'e'; ++at) {
    if (text[at] == '-') continue;
    if (text[at] == '.') {
      is_fraction = true;
      continue;
    }
    decimal.digits = decimal.digits * 10 + static_cast<uint64_t>(text[at] - '0');
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

}  // namespace

Decimal ToDecimal(const Value& value) {
  if (value.kind() == Kind::Uint) return {value.AsUint(), 0};
  if (value.kind() == Kind::Int) {
    const auto bits = static_cast<uint64_t>(value.AsInt());
    return {value.AsInt() < 0 ? 0 - bits : bits, 0};
  }
  std::array<char, 64> text = {};  // the shortest form has at most 17 digits
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value.AsDouble(),
                                 std::chars_format::scientific);
  return ParseDecimal({text.data(), end.ptr});
}

bool IsMultipleOf(const Value& number, const Value& divisor) {
  if (number.kind() == Kind::Double && !std::isfinite(number.AsDouble())) return false;
  const Decimal left = ToDecimal(number);
  const Decimal right = ToDecimal(divisor);
  if (left.digits == 0) return true;
  if (right.digits == 0) return false;
  const int shift = left.exponent - right.exponent;
  if (shift >= 0) {
    const Wide product =
        static_cast<Wide>(left.digits % right.digits) * PowerOfTenModulo(shift, right.digits);
    return product % right.digits == 0;
  }
  if (shift < -19) return false;  // the divisor then exceeds any 64-bit count of its last digits
  Wide scaled = right.digits;
  for (int i = 0; i < -shift; ++i) scaled *= 10;  // below 2^64 * 10^19 < 2^128
  return left.digits % scaled == 0;
}

}  // namespace wfc::types
