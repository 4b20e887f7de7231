// Draws numbers: generates candidates at and around all numbers that the value is compared with,
// and keeps those that the validator accepts.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "ir/types/vm/draw_value.h"
#include "ir/types/vm/multiple.h"
#include "ir/value/numbers.h"

namespace wfc::types {
namespace {

/// Doubles above 2^53 do not represent every integer.
constexpr double kMostExact = 9007199254740992.0;
/// A large number whose sums do not overflow an int64.
constexpr uint64_t kFar = 1'000'000;
constexpr uint64_t kNear = 10;

/// Whether `bound` only says that the number fits an int64. Its neighbours are not candidates,
/// because every sum with them overflows.
bool IsLimitOfInts(const Value& bound) {
  using Limits = std::numeric_limits<int64_t>;
  return bound == Value::Int(Limits::min()) || bound == Value::Int(Limits::max());
}

/// Collects candidates of one type.
class Candidates {
 public:
  explicit Candidates(TypeBit type) : type_(type) {}

  void Add(double number) {
    const bool is_whole = std::floor(number) == number;
    if (type_ == TypeBit::Fraction)
      return is_whole ? void() : numbers_.push_back(Value::Double(number));
    if (!is_whole || std::abs(number) > kMostExact) return;
    numbers_.push_back(Value::Int(static_cast<int64_t>(number)));
  }
  /// Adds `number` itself and its neighbours.
  void AddAround(const Value& number) {
    const bool is_integer =
        number.kind() == Kind::Int || number.kind() == Kind::Uint || number.kind() == Kind::BigInt;
    if (is_integer && type_ == TypeBit::Integer) numbers_.push_back(number);
    const double at = ToDouble(number);
    for (const double each : {at, std::floor(at), std::ceil(at)}) Add(each);
    for (const double step : {0.5, 1.0}) {
      Add(at - step);
      Add(at + step);
    }
  }
  [[nodiscard]] std::vector<Value>& numbers() { return numbers_; }

 private:
  TypeBit type_;
  std::vector<Value> numbers_;
};

}  // namespace

std::optional<double> ValueDraw::FindStep(const Shape& shape) const {
  std::optional<Decimal> step;
  for (const uint32_t index : shape.divisors) {
    const std::optional<Decimal> divisor = ToDecimal(code_.constants[index]);
    if (!divisor || divisor->digits == 0) return std::nullopt;
    step = step ? LeastCommonMultiple(*step, *divisor) : divisor;
    if (!step) return std::nullopt;
  }
  if (!step) return std::nullopt;
  const std::string text = fmt::format("{}e{}", step->digits, step->exponent);
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number > 0 ? std::optional(number) : std::nullopt;
}

std::optional<Value> ValueDraw::DrawNumber(TypeBit type, const Shape& shape, Targets targets) {
  Candidates candidates(type);
  candidates.AddAround(Value::Int(0));
  for (const uint32_t bound : shape.bounds) {
    if (!IsLimitOfInts(code_.constants[bound])) candidates.AddAround(code_.constants[bound]);
  }
  if (!vocabulary_.numbers.empty()) {
    candidates.AddAround(vocabulary_.numbers[choices_.Below(vocabulary_.numbers.size())]);
  }
  for (const uint64_t reach : {kNear, kFar}) {
    const double whole =
        static_cast<double>(choices_.Below(2 * reach)) - static_cast<double>(reach);
    candidates.Add(whole);
    candidates.Add(whole + 0.25);
  }
  if (const std::optional<double> step = FindStep(shape)) {
    const std::vector<Value> others = candidates.numbers();
    for (const Value& other : others) {
      const double factor = ToDouble(other) / *step;
      candidates.Add(std::ceil(factor) * *step);
      candidates.Add(std::floor(factor) * *step);
    }
    for (const double factor : {-1.0, 1.0, 2.0}) candidates.Add(factor * *step);
  }
  std::vector<Value>& numbers = candidates.numbers();
  std::erase_if(numbers, [&](const Value& number) { return !Fits(targets, number); });
  if (numbers.empty()) return std::nullopt;
  std::ranges::sort(numbers, {}, [](const Value& number) {
    return std::pair(std::abs(ToDouble(number)), ToDouble(number));
  });
  const auto twins = std::ranges::unique(numbers);
  numbers.erase(twins.begin(), twins.end());
  return numbers[choices_.Below(numbers.size())];
}

}  // namespace wfc::types
