// Finds a number that satisfies facts: within bounds, a multiple of some numbers and not of others.
// Multiples are computed in exact decimals; where none is required, fractions with few digits are
// tried.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/core.h>

#include "ir/types/containment/subschema_prover.h"
#include "ir/types/vm/multiple.h"
#include "ir/value/json.h"
#include "ir/value/numbers.h"

namespace wfc::types {
namespace {

// The 64-bit mantissa represents every int64, uint64 and double exactly.
using Real = long double;

constexpr uint32_t kMaxTries = 4096;     // multiples that are tried
constexpr uint32_t kMaxRoundTries = 64;  // multiples that are tried per number of fraction digits
constexpr int kMaxFractionDigits = 15;
constexpr Real kMaxCount = 1e15L;  // the farthest multiple from 0 that is counted to

Real ToReal(const Value& value) {
  if (value.kind() == Kind::Int) return static_cast<Real>(value.AsInt());
  if (value.kind() == Kind::Uint) return static_cast<Real>(value.AsUint());
  return ToDouble(value);
}

Value Multiple(int64_t count, Decimal step) {
  const bool is_negative = count < 0;
  auto digits = static_cast<unsigned __int128>(is_negative ? -count : count) * step.digits;
  int exponent = step.exponent;
  for (; exponent < 0 && digits % 10 == 0; ++exponent) digits /= 10;
  const bool is_small = digits <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (exponent == 0 && is_small) {
    const auto integer = static_cast<int64_t>(digits);
    return Value::Int(is_negative ? -integer : integer);
  }
  const std::string text = fmt::format("{}{}e{}", is_negative ? "-" : "", digits, exponent);
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return Value::Double(number);
}

/// The integer next to a whole number of any size, above or below it. It works on decimal digits,
/// because far from 0 a double has no neighbour at distance 1.
Value Beside(const Value& number, bool is_above) {
  const bool is_double = number.kind() == Kind::Double;
  std::string digits = is_double ? fmt::format("{:.0f}", number.AsDouble()) : WriteJson(number);
  const bool is_negative = digits.front() == '-';
  const bool grows = is_above != is_negative;
  const size_t first = is_negative ? 1 : 0;
  const char last = grows ? '9' : '0';
  size_t at = digits.size() - 1;
  while (at > first && digits[at] == last) digits[at--] = grows ? '0' : '9';
  if (digits[at] == last) {
    digits[at] = '0';
    digits.insert(first, 1, '1');
  } else {
    digits[at] = static_cast<char>(digits[at] + (grows ? 1 : -1));
  }
  return ParseInteger(digits).value_or(number);
}

/// Searches outward from the admitted multiple that is nearest to 0.
class NumberSearch {
 public:
  explicit NumberSearch(const Branch& branch) : branch_(branch) {
    for (const Fact& fact : branch.facts) Read(fact);
    if (branch.kind == TypeBit::Integer) AddStep({1, 0});
  }

  Outcome Run() {
    if (!HasRoom()) return {};
    if (is_too_fine_) return Outcome::Unclear("multipleOf");
    if (step_) return FindMultiple(*step_, kMaxTries);
    return FindRound();
  }

 private:
  void Read(const Fact& fact);
  void AddStep(Decimal step);
  void Raise(const Value& bound, bool is_open);
  void Lower(const Value& bound, bool is_open);
  [[nodiscard]] bool HasRoom() const;
  [[nodiscard]] bool Admits(const Value& value) const;
  [[nodiscard]] bool IsEmptyGrid(Decimal step) const;
  Outcome FindMultiple(Decimal step, uint32_t most_tries);
  Outcome FindFarInteger();
  Outcome FindRound();

  const Branch& branch_;
  const Value* low_ = nullptr;
  const Value* high_ = nullptr;
  bool low_is_open_ = false;
  bool high_is_open_ = false;
  std::optional<Decimal> step_;  ///< the number must be a multiple of it
  bool is_too_fine_ = false;     ///< whether the step is not representable
};

void NumberSearch::Raise(const Value& bound, bool is_open) {
  const auto order = low_ != nullptr ? *Compare(bound, *low_) : std::strong_ordering::greater;
  if (order < 0) return;
  low_is_open_ = order > 0 ? is_open : low_is_open_ || is_open;
  low_ = &bound;
}

void NumberSearch::Lower(const Value& bound, bool is_open) {
  const auto order = high_ != nullptr ? *Compare(bound, *high_) : std::strong_ordering::less;
  if (order > 0) return;
  high_is_open_ = order < 0 ? is_open : high_is_open_ || is_open;
  high_ = &bound;
}

void NumberSearch::AddStep(Decimal step) {
  const std::optional<Decimal> common = step_ ? LeastCommonMultiple(*step_, step) : step;
  is_too_fine_ |= !common;
  if (common) step_ = common;
}

void NumberSearch::Read(const Fact& fact) {
  if (fact.kind == FactKind::AtLeast || fact.kind == FactKind::Above) {
    Raise(*fact.value, fact.kind == FactKind::Above);
  } else if (fact.kind == FactKind::AtMost || fact.kind == FactKind::Below) {
    Lower(*fact.value, fact.kind == FactKind::Below);
  } else if (fact.kind == FactKind::IsMultiple) {
    const std::optional<Decimal> step = ToDecimal(*fact.value);
    is_too_fine_ |= !step;
    if (step) AddStep(*step);
  }
}

bool NumberSearch::HasRoom() const {
  if (low_ == nullptr || high_ == nullptr) return true;
  const auto order = *Compare(*low_, *high_);
  return order < 0 || (order == 0 && !low_is_open_ && !high_is_open_);
}

bool NumberSearch::Admits(const Value& value) const {
  if (TypeOf(value) != Bit(branch_.kind)) return false;
  if (low_ != nullptr) {
    const auto order = *Compare(value, *low_);
    if (order < 0 || (order == 0 && low_is_open_)) return false;
  }
  if (high_ != nullptr) {
    const auto order = *Compare(value, *high_);
    if (order > 0 || (order == 0 && high_is_open_)) return false;
  }
  return std::ranges::all_of(branch_.facts, [&](const Fact& fact) {
    if (fact.kind == FactKind::Meets) return branch_.prover.Meets(fact.term, value);
    if (fact.kind == FactKind::IsMultiple) return IsMultipleOf(value, *fact.value);
    return fact.kind != FactKind::IsNoMultiple || !IsMultipleOf(value, *fact.value);
  });
}

/// Whether every multiple of `step` has the wrong kind, or is a multiple of a number that it must
/// not be a multiple of.
bool NumberSearch::IsEmptyGrid(Decimal step) const {
  const Value unit = Multiple(1, step);
  if (branch_.kind == TypeBit::Fraction && TypeOf(unit) == Bit(TypeBit::Integer)) return true;
  return std::ranges::any_of(branch_.facts, [&](const Fact& fact) {
    return fact.kind == FactKind::IsNoMultiple && IsMultipleOf(unit, *fact.value);
  });
}

/// The admitted multiple of `step` nearest to 0; none when it does not exist, and Unclear after
/// `most_tries` tries.
Outcome NumberSearch::FindMultiple(Decimal step, uint32_t most_tries) {
  if (IsEmptyGrid(step)) return {};
  const Real unit = static_cast<Real>(step.digits) * std::pow(10.0L, step.exponent);
  // One more multiple on each side makes up for rounding in the division. Each candidate is checked
  // against the exact bounds.
  const Real first = low_ != nullptr ? std::floor(ToReal(*low_) / unit) - 1 : -kMaxCount;
  const Real last = high_ != nullptr ? std::ceil(ToReal(*high_) / unit) + 1 : kMaxCount;
  const Real nearest = std::clamp(0.0L, std::min(first, last), std::max(first, last));
  if (!(std::fabs(nearest) < kMaxCount)) return FindFarInteger();
  const auto begin = static_cast<int64_t>(nearest);
  Outcome outcome;
  uint32_t tries = 0;
  for (int64_t distance = 0; tries < most_tries; ++distance) {
    const bool has_up = static_cast<Real>(begin + distance) <= last;
    const bool has_down = static_cast<Real>(begin - distance) >= first;
    if (!has_up && !has_down && distance > 0) return outcome;
    for (const bool is_up : {true, false}) {
      const bool is_there = is_up ? has_up : has_down && distance > 0;
      if (!is_there) continue;
      ++tries;
      const Value value = Multiple(is_up ? begin + distance : begin - distance, step);
      if (Admits(value) && outcome.Join(branch_.TryCandidate(value))) return outcome;
    }
  }
  outcome.Join(Outcome::Unclear("multipleOf"));
  return outcome;
}

/// Handles numbers too far from 0 to count multiples: tries the bounds and the integers next to
/// them.
Outcome NumberSearch::FindFarInteger() {
  Outcome outcome;
  for (const Value* bound : {low_, high_}) {
    const bool is_far = bound != nullptr && std::fabs(ToDouble(*bound)) > 1e15;
    if (!is_far || std::isinf(ToDouble(*bound))) continue;
    for (const Value& value : {*bound, Beside(*bound, true), Beside(*bound, false)}) {
      if (Admits(value) && outcome.Join(branch_.TryCandidate(value))) return outcome;
    }
  }
  outcome.Join(Outcome::Unclear("minimum"));
  return outcome;
}

/// Tries fractions with few digits, then the bounds and their middle.
Outcome NumberSearch::FindRound() {
  if (low_ != nullptr && high_ != nullptr && *Compare(*low_, *high_) == 0) {
    return Admits(*low_) ? branch_.TryCandidate(*low_) : Outcome();
  }
  Outcome outcome = FindMultiple({5, -1}, kMaxRoundTries);
  for (int digits = 1; digits <= kMaxFractionDigits && !outcome.is_found(); ++digits) {
    outcome.Join(FindMultiple({1, -digits}, kMaxRoundTries));
  }
  std::vector<Value> tries;
  for (const Value* bound : {low_, high_}) {
    if (bound != nullptr) tries.push_back(*bound);
  }
  if (tries.size() == 2) {
    const Real middle = ToReal(tries[0]) / 2 + ToReal(tries[1]) / 2;
    tries.push_back(Value::Double(static_cast<double>(middle)));
  }
  for (const Value& value : tries) {
    if (!outcome.is_found() && Admits(value)) outcome.Join(branch_.TryCandidate(value));
  }
  outcome.Join(Outcome::Unclear("minimum"));
  return outcome;
}

}  // namespace

Outcome FindNumber(const Branch& branch) {
  return NumberSearch(branch).Run();
}

}  // namespace wfc::types
