#include "passes/conditions/value_classes.h"

#include <algorithm>
#include <compare>
#include <iterator>

#include "llvm/ADT/STLExtras.h"
#include <fmt/core.h>

#include "ir/value/json.h"

namespace wfc::passes {

namespace {

using expr::Op;

/// Whether the values are consecutive integers.
bool AreNeighbours(const Value& low, const Value& high) {
  return low.kind() == Kind::Int && high.kind() == Kind::Int && low.AsInt() < INT64_MAX &&
         high.AsInt() == low.AsInt() + 1;
}

/// The value as JSON, or the name of a type.
std::string Show(const Value& value) {
  std::string text = WriteJson(value);
  if (value.kind() == Kind::Type) std::erase(text, '"');
  return text;
}

/// Whether the value is NaN, which equals nothing and is in no order.
bool IsNan(const Value& value) {
  return !(value == value);
}

}  // namespace

void ValueClasses::AddPoint(const Value& value) {
  if (is_full_ || IsNan(value)) return;
  // Thousands of conditions may compare with the same few constants.
  constexpr size_t kFewPoints = 64;
  const auto is_same = [&](const Value& point) { return Identical(point, value); };
  if (points_.size() <= kFewPoints && std::ranges::any_of(points_, is_same)) return;
  is_full_ = points_.size() == kMaxPoints;
  if (!is_full_) points_.push_back(value);
}

void ValueClasses::AddBound(const Value& value) {
  if (!value.is_number()) return;
  has_bounds_ = true;
  AddPoint(value);
}

bool ValueClasses::IsOutside(const Value& number) const {
  const bool is_end = (possible_.excludes_least && possible_.least == number) ||
                      (possible_.excludes_most && possible_.most == number);
  return is_end || (possible_.least && IsLess(number, *possible_.least)) ||
         (possible_.most && IsLess(*possible_.most, number));
}

void ValueClasses::AddBetween(const Value* low, const Value* high) {
  const bool is_below = high != nullptr && possible_.least && !IsLess(*possible_.least, *high);
  const bool is_above = low != nullptr && possible_.most && !IsLess(*low, *possible_.most);
  const bool is_below_first = high != nullptr && possible_.excludes_least && possible_.least &&
                              AreNeighbours(*possible_.least, *high);
  const bool is_above_last = low != nullptr && possible_.excludes_most && possible_.most &&
                             AreNeighbours(*low, *possible_.most);
  const bool are_neighbours = low != nullptr && high != nullptr && AreNeighbours(*low, *high);
  const bool is_empty = AreIntegers() && (are_neighbours || is_below_first || is_above_last);
  if (is_below || is_above || is_empty) return;
  Class between{.kind = Class::Kind::Between};
  if (low != nullptr) between.low = *low;
  if (high != nullptr) between.high = *high;
  classes_.push_back(std::move(between));
}

bool ValueClasses::AreAllNumbers(std::span<const Value> numbers) const {
  if (!AreIntegers() || !possible_.least || !possible_.most || numbers.empty()) return false;
  const auto is_gap = [](const Value& low, const Value& high) { return !AreNeighbours(low, high); };
  if (std::ranges::adjacent_find(numbers, is_gap) != numbers.end()) return false;
  const bool begins = possible_.excludes_least ? AreNeighbours(*possible_.least, numbers.front())
                                               : numbers.front() == *possible_.least;
  const bool ends = possible_.excludes_most ? AreNeighbours(numbers.back(), *possible_.most)
                                            : numbers.back() == *possible_.most;
  return begins && ends;
}

/// Adds classes for the numbers, and for the intervals between them if there are bounds.
void ValueClasses::AddNumbers(Numbers numbers) {
  std::ranges::sort(numbers, IsLess);
  const auto repeated = std::ranges::unique(numbers);
  numbers.erase(repeated.begin(), repeated.end());
  const bool are_bounds = has_bounds_ && !possible_.listed && !numbers.empty();
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (are_bounds) AddBetween(i > 0 ? &numbers[i - 1] : nullptr, &numbers[i]);
    if (!IsOutside(numbers[i])) {
      classes_.push_back({.kind = Class::Kind::Point, .point = numbers[i]});
    }
  }
  if (are_bounds) AddBetween(&numbers.back(), nullptr);
  number_count_ = classes_.size();
  llvm::erase_if(numbers, [&](const Value& number) { return IsOutside(number); });
  has_all_numbers_ = AreAllNumbers(numbers);
}

void ValueClasses::Divide() {
  if (is_full_) {
    possible_ = {};
    points_ = {Value::Bool(true)};
  }
  const std::vector<Value>& values = possible_.listed ? *possible_.listed : points_;
  Numbers numbers;
  std::ranges::copy_if(values, std::back_inserter(numbers), &Value::is_number);
  // A point each, the intervals between them and at both ends, and the rest.
  classes_.reserve(2 * values.size() + 2);
  AddNumbers(std::move(numbers));
  for (const Value& value : values) {
    if (value.is_number()) continue;
    const bool is_new = others_.try_emplace(value, size()).second;
    if (is_new) classes_.push_back({.kind = Class::Kind::Point, .point = value});
  }
  const bool are_numbers = possible_.AreOnly(expr::kNumberKinds);
  const bool is_divided = has_bounds_ || has_all_numbers_;
  const bool is_whole =
      possible_.listed || (are_numbers && is_divided && !may_be_nan_ && number_count_ > 0);
  if (!is_whole) classes_.push_back({});
}

bool ValueClasses::Holds(const Value& value, Op op, const Value& constant) {
  if (op == Op::Equal) return value == constant;
  const std::optional<std::strong_ordering> order = Compare(value, constant);
  if (!order) return false;
  if (op == Op::Less) return *order < 0;
  if (op == Op::LessEqual) return *order <= 0;
  return op == Op::Greater ? *order > 0 : *order >= 0;
}

bool ValueClasses::Fits(const Class& each, Op op, const Value& constant) {
  if (each.kind == Class::Kind::Rest) return false;
  if (each.kind == Class::Kind::Point) return Holds(each.point, op, constant);
  // The constant is one of the ends of the interval or outside of it.
  if (op == Op::Less || op == Op::LessEqual) return each.high && !IsLess(constant, *each.high);
  if (op == Op::Equal) return false;
  return each.low && !IsLess(*each.low, constant);
}

std::optional<uint32_t> ValueClasses::FindPoint(const Value& value) const {
  if (!value.is_number()) {
    const auto found = others_.find(value);
    return found == others_.end() ? std::nullopt : std::optional(found->second);
  }
  const auto found = std::ranges::partition_point(
      numbers(), [&](const Class& each) { return Fits(each, Op::Less, value); });
  const bool is_point =
      found != numbers().end() && found->kind == Class::Kind::Point && found->point == value;
  if (!is_point) return std::nullopt;
  return static_cast<uint32_t>(found - numbers().begin());
}

Range ValueClasses::Find(Op op, const Value& constant) const {
  if (IsNan(constant)) return {};
  if (op == Op::Equal) {
    const std::optional<uint32_t> point = FindPoint(constant);
    return point ? Range{*point, 1} : Range{};
  }
  const bool is_below = op == Op::Less || op == Op::LessEqual;
  const auto bound = std::ranges::partition_point(
      numbers(), [&](const Class& each) { return Fits(each, op, constant) == is_below; });
  const auto below = static_cast<uint32_t>(bound - numbers().begin());
  const uint32_t count = may_be_nan_ ? static_cast<uint32_t>(number_count_) : size();
  return is_below ? Range{0, below} : Range{below, count - below};
}

std::optional<uint32_t> ValueClasses::ClassOf(const Value& value) const {
  if (const std::optional<uint32_t> point = FindPoint(value)) return point;
  if (value.is_number()) {
    const auto at = std::ranges::partition_point(
        numbers(), [&](const Class& each) { return Fits(each, Op::Less, value); });
    if (at != numbers().end() && at->kind == Class::Kind::Between) {
      return static_cast<uint32_t>(at - numbers().begin());
    }
  }
  const bool has_rest = !classes_.empty() && classes_.back().kind == Class::Kind::Rest;
  return has_rest ? std::optional(size() - 1) : std::nullopt;
}

std::string ValueClasses::Describe(const Class& each) const {
  if (each.kind == Class::Kind::Point) return Show(each.point);
  if (each.low && each.high) {
    return fmt::format("between {} and {}", WriteJson(*each.low), WriteJson(*each.high));
  }
  if (each.low) return "over " + WriteJson(*each.low);
  if (each.high) return "under " + WriteJson(*each.high);
  return may_be_nan_ && has_bounds_ ? "no number" : "anything else";
}

/// Describes the class of all other values by what it excludes: "neither \"bug\" nor \"task\"".
std::string ValueClasses::DescribeRest() const {
  constexpr size_t kMaxNamed = 4;
  const std::span<const Class> points = std::span(classes_).first(size() - 1);
  const bool are_points = std::ranges::all_of(
      points, [](const Class& each) { return each.kind == Class::Kind::Point; });
  if (!are_points || points.empty()) return Describe(classes_.back());
  if (points.size() == 1) return "not " + Describe(points.front());
  if (points.size() == 2) {
    return fmt::format("neither {} nor {}", Describe(points[0]), Describe(points[1]));
  }
  std::string text = "none of";
  for (size_t i = 0; i < points.size() && i < kMaxNamed; ++i) {
    const bool is_last = i + 1 == points.size();
    text += fmt::format("{} {}", i == 0 ? "" : is_last ? " and" : ",", Describe(points[i]));
  }
  if (points.size() <= kMaxNamed) return text;
  return fmt::format("{} and {} more", text, points.size() - kMaxNamed);
}

std::string ValueClasses::Describe(std::span<const uint32_t> classes) const {
  if (classes.size() == 2 && classes[1] == classes[0] + 1) {
    const Class& first = classes_[classes[0]];
    const Class& second = classes_[classes[1]];
    const bool begins = first.kind == Class::Kind::Between && !first.low;
    const bool ends = second.kind == Class::Kind::Between && !second.high;
    if (begins && second.kind == Class::Kind::Point) return "at most " + Describe(second);
    if (ends && first.kind == Class::Kind::Point) return "at least " + Describe(first);
  }
  const bool is_rest =
      classes.size() == 1 && classes[0] + 1 == size() && classes_.back().kind == Class::Kind::Rest;
  if (is_rest) return DescribeRest();
  constexpr size_t kMaxNamed = 3;
  std::string text;
  for (size_t i = 0; i < classes.size() && i < kMaxNamed; ++i) {
    text += (i == 0 ? "" : " or ") + Describe(classes_[classes[i]]);
  }
  return text;
}

}  // namespace wfc::passes
