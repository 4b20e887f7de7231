#include "ir/types/schema/smallest_number.h"

#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/core.h>

#include "ir/types/vm/multiple.h"
#include "ir/value/numbers.h"

namespace wfc::types {
namespace {

// The 64-bit mantissa represents every int64, uint64 and double exactly.
using Real = long double;

struct Bound {
  Real value = 0;
  bool is_open = false;
};

struct Interval {
  Bound low{-std::numeric_limits<Real>::infinity(), false};
  Bound high{std::numeric_limits<Real>::infinity(), false};
};

Real ToReal(const Value& value) {
  if (value.kind() == Kind::Int) return static_cast<Real>(value.AsInt());
  if (value.kind() == Kind::Uint) return static_cast<Real>(value.AsUint());
  return ToDouble(value);
}

Value ToValue(Real number) {
  constexpr Real kLimit = 9223372036854775808.0L;
  if (number == std::floor(number) && number >= -kLimit && number < kLimit) {
    return Value::Int(static_cast<int64_t>(number));
  }
  return Value::Double(static_cast<double>(number));
}

Interval FindInterval(std::span<const Schema* const> schemas) {
  Interval interval;
  const auto raise = [&](const std::optional<Value>& bound, bool is_open) {
    if (!bound) return;
    const Real value = ToReal(*bound);
    if (value > interval.low.value || (value == interval.low.value && is_open)) {
      interval.low = {value, is_open};
    }
  };
  const auto lower = [&](const std::optional<Value>& bound, bool is_open) {
    if (!bound) return;
    const Real value = ToReal(*bound);
    if (value < interval.high.value || (value == interval.high.value && is_open)) {
      interval.high = {value, is_open};
    }
  };
  for (const Schema* schema : schemas) {
    raise(schema->minimum, false);
    raise(schema->exclusive_minimum, true);
    lower(schema->maximum, false);
    lower(schema->exclusive_maximum, true);
  }
  return interval;
}

/// The least multiple of `step` that `bound`, as a lower bound, allows.
Value FirstMultiple(const Bound& bound, const Value& step) {
  const Real unit = ToReal(step);
  Real count = std::ceil(bound.value / unit);
  if (bound.is_open && count * unit <= bound.value) count += 1;
  Value product = ToValue(count * unit);
  if (IsMultipleOf(product, step)) return product;
  // 3 * 0.1 is not the double that is written 0.3, so the product is rounded to 15 decimal digits.
  double rounded = 0;
  const std::string text = fmt::format("{:.15Lg}", count * unit);
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  return ToValue(rounded);
}

/// The least number in (bound, …) or [bound, …). The bound is at or above 0.
Value FirstFrom(const Bound& bound, const Value* step, bool is_integer) {
  if (step != nullptr) return FirstMultiple(bound, *step);
  if (is_integer) {
    const Real ceiling = std::ceil(bound.value);
    return ToValue(bound.is_open && ceiling == bound.value ? ceiling + 1 : ceiling);
  }
  if (!bound.is_open) return ToValue(bound.value);
  return ToValue(
      std::nextafter(static_cast<double>(bound.value), std::numeric_limits<double>::infinity()));
}

Value Negate(const Value& value) {
  return value.kind() == Kind::Int ? ToValue(-static_cast<Real>(value.AsInt()))
                                   : Value::Double(-ToDouble(value));
}

}  // namespace

std::optional<Value> FindSmallestNumber(std::span<const Schema* const> schemas, TypeMask types) {
  const Interval interval = FindInterval(schemas);
  const Value* step = nullptr;
  for (const Schema* schema : schemas) {
    if (schema->multiple_of && (step == nullptr || *Compare(*schema->multiple_of, *step) > 0)) {
      step = &*schema->multiple_of;
    }
  }
  const bool is_integer = (types & kNumberTypes) == Bit(TypeBit::Integer);
  const auto [low, high] = interval;
  const bool is_above = low.value > 0 || (low.value == 0 && low.is_open);
  const bool is_below = high.value < 0 || (high.value == 0 && high.is_open);
  if (is_above && is_below) return std::nullopt;
  if (is_above) return FirstFrom(low, step, is_integer);
  if (is_below) return Negate(FirstFrom({-high.value, high.is_open}, step, is_integer));
  return Value::Int(0);
}

}  // namespace wfc::types
