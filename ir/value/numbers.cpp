#include "ir/value/numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include "ir/base/ascii.h"
#include "ir/value/text.h"

namespace wfc {
namespace {

using Order = std::optional<std::strong_ordering>;

constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo64 = 18446744073709551616.0;

std::strong_ordering Reverse(std::strong_ordering order) {
  return 0 <=> order;
}

bool IsNegative(std::string_view digits) {
  return digits.starts_with('-');
}

/// Compares two integers by their digits, which have no leading zeros.
std::strong_ordering CompareDigits(std::string_view left, std::string_view right) {
  if (IsNegative(left) != IsNegative(right)) {
    return IsNegative(left) ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  if (IsNegative(left)) return CompareDigits(right.substr(1), left.substr(1));
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left <=> right;
}

std::strong_ordering CompareIntUint(int64_t left, uint64_t right) {
  if (left < 0) return std::strong_ordering::less;
  return static_cast<uint64_t>(left) <=> right;
}

Order CompareDoubles(double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return std::nullopt;
  if (left == right) return std::strong_ordering::equal;
  return left < right ? std::strong_ordering::less : std::strong_ordering::greater;
}

/// The order of an Integer and a double that is outside the range of Integer.
template <class Integer>
Order CompareOutside(double right) {
  if (std::isnan(right)) return std::nullopt;
  return right < 0 ? std::strong_ordering::greater : std::strong_ordering::less;
}

/// Compares an integer with a double in [least, end), the range of Integer. Where the whole parts
/// are equal, the fraction decides.
template <class Integer>
Order CompareToDouble(Integer left, double right, double least, double end) {
  if (!(right >= least && right < end)) return CompareOutside<Integer>(right);
  const double whole = std::trunc(right);
  const auto order = left <=> static_cast<Integer>(whole);
  if (order != 0) return order;
  return CompareDoubles(whole, right);
}

std::strong_ordering CompareBigToSmall(const Value& big) {
  return IsNegative(big.AsDigits()) ? std::strong_ordering::less : std::strong_ordering::greater;
}

/// A double of magnitude 2^63 or more has no fraction, so its exact digits can be compared.
Order CompareBigToDouble(const Value& big, double right) {
  if (std::isnan(right)) return std::nullopt;
  if (std::fabs(right) < kTwoTo63) return CompareBigToSmall(big);
  if (std::isinf(right)) {
    return right < 0 ? std::strong_ordering::greater : std::strong_ordering::less;
  }
  return CompareDigits(big.AsDigits(), fmt::format("{:.0f}", right));
}

Order CompareBig(const Value& big, const Value& right) {
  if (right.kind() == Kind::Double) return CompareBigToDouble(big, right.AsDouble());
  if (right.kind() == Kind::Int) return CompareBigToSmall(big);
  if (right.kind() == Kind::BigInt) return CompareDigits(big.AsDigits(), right.AsDigits());
  return CompareDigits(big.AsDigits(), fmt::to_string(right.AsUint()));
}

Order CompareInt(int64_t left, const Value& right) {
  if (right.kind() == Kind::Int) return left <=> right.AsInt();
  if (right.kind() == Kind::Uint) return CompareIntUint(left, right.AsUint());
  return CompareToDouble(left, right.AsDouble(), -kTwoTo63, kTwoTo63);
}

Order CompareUint(uint64_t left, const Value& right) {
  if (right.kind() == Kind::Uint) return left <=> right.AsUint();
  if (right.kind() == Kind::Int) return Reverse(CompareIntUint(right.AsInt(), left));
  const double number = right.AsDouble();
  // A fraction between -1 and 0 would be truncated to 0.
  if (number < 0) return std::strong_ordering::greater;
  return CompareToDouble(left, number, 0, kTwoTo64);
}

}  // namespace

std::optional<Value> ParseInteger(std::string_view text) {
  const bool is_negative = IsNegative(text);
  std::string_view digits = text.substr(is_negative ? 1 : 0);
  if (digits.empty() || !std::ranges::all_of(digits, IsDigit)) return std::nullopt;
  const size_t first = digits.find_first_not_of('0');
  if (first == std::string_view::npos) return Value::Int(0);
  digits.remove_prefix(first);
  if (digits.size() > kMaxIntegerDigits) return std::nullopt;
  const std::string plain = fmt::format("{}{}", is_negative ? "-" : "", digits);
  int64_t integer = 0;
  const auto read = std::from_chars(plain.data(), plain.data() + plain.size(), integer);
  return read.ec == std::errc() ? Value::Int(integer) : Value::BigInt(plain);
}

Result<double> ParseDecimal(std::string_view text) {
  const std::optional<double> number = ParseDouble(text);
  if (!number || std::isnan(*number)) return Error{"is not a number"};
  if (std::isinf(*number)) return Error{"the number is too large"};
  const std::string_view digits = text.substr(0, text.find_first_of("eE"));
  const bool is_zero = digits.find_first_of("123456789") == std::string_view::npos;
  if (*number == 0 && !is_zero) return Error{"the number is too near 0"};
  return *number;
}

double ToDouble(const Value& number) {
  if (number.kind() == Kind::Double) return number.AsDouble();
  if (number.kind() == Kind::Int) return static_cast<double>(number.AsInt());
  if (number.kind() == Kind::Uint) return static_cast<double>(number.AsUint());
  return std::strtod(std::string(number.AsDigits()).c_str(), nullptr);
}

std::optional<std::strong_ordering> CompareNumbers(const Value& left, const Value& right) {
  const auto swapped = [&]() -> Order {
    const Order order = CompareNumbers(right, left);
    return order ? Order(Reverse(*order)) : std::nullopt;
  };
  if (left.kind() == Kind::BigInt) return CompareBig(left, right);
  if (right.kind() == Kind::BigInt) return swapped();
  if (left.kind() == Kind::Int) return CompareInt(left.AsInt(), right);
  if (left.kind() == Kind::Uint) return CompareUint(left.AsUint(), right);
  if (right.kind() == Kind::Double) return CompareDoubles(left.AsDouble(), right.AsDouble());
  return swapped();
}

std::optional<uint64_t> ToUint(const Value& big) {
  const std::string_view digits = big.AsDigits();
  uint64_t integer = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), integer);
  const bool fits = read.ec == std::errc() && read.ptr == digits.data() + digits.size();
  return fits ? std::optional(integer) : std::nullopt;
}

}  // namespace wfc
