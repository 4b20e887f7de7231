#include "passes/value_classes.h"

#include <algorithm>
#include <compare>

#include <fmt/format.h>

#include "ir/value/json.h"

namespace wfc::passes {

namespace {

using expr::Op;

bool IsLess(const Value& left, const Value& right) {
  const std::optional<std::strong_ordering> order = Compare(left, right);
  return order && *order < 0;
}

/// Of two ints that follow each other.
bool AreNeighbours(const Value& low, const Value& high) {
  return low.kind() == Kind::Int && high.kind() == Kind::Int && low.AsInt() < INT64_MAX &&
         high.AsInt() == low.AsInt() + 1;
}

}  // namespace

void ValueClasses::AddPoint(const Value& value) {
  const bool is_known = std::ranges::find(points_, value) != points_.end();
  if (!is_known) points_.push_back(value);
}

void ValueClasses::AddBound(const Value& value) {
  if (!value.is_number()) return;
  has_bounds_ = true;
  AddPoint(value);
}

void ValueClasses::AddBetween(const Value* low, const Value* high) {
  const bool is_empty =
      domain_.type == "integer" && low != nullptr && high != nullptr && AreNeighbours(*low, *high);
  if (is_empty) return;
  Class between{.kind = Class::Kind::Between};
  if (low != nullptr) between.low = *low;
  if (high != nullptr) between.high = *high;
  classes_.push_back(std::move(between));
}

void ValueClasses::Divide() {
  if (domain_.finite) {
    for (const Value& value : *domain_.finite) {
      classes_.push_back({.kind = Class::Kind::Point, .point = value});
    }
    return;
  }
  std::vector<Value> numbers;
  for (const Value& point : points_) {
    if (has_bounds_ && point.is_number()) {
      numbers.push_back(point);
    } else {
      classes_.push_back({.kind = Class::Kind::Point, .point = point});
    }
  }
  std::ranges::sort(numbers, IsLess);
  for (size_t i = 0; i < numbers.size(); ++i) {
    AddBetween(i > 0 ? &numbers[i - 1] : nullptr, &numbers[i]);
    classes_.push_back({.kind = Class::Kind::Point, .point = numbers[i]});
  }
  if (!numbers.empty()) AddBetween(&numbers.back(), nullptr);
  const bool are_numbers = domain_.type == "integer" || domain_.type == "number";
  if (numbers.empty() || !are_numbers) classes_.push_back({});
}

bool ValueClasses::Fits(const Class& each, Op op, const Value& constant) {
  if (each.kind == Class::Kind::Rest) return false;
  if (each.kind == Class::Kind::Point) {
    if (op == Op::Equal) return each.point == constant;
    const std::optional<std::strong_ordering> order = Compare(each.point, constant);
    if (!order) return false;
    if (op == Op::Less) return *order < 0;
    if (op == Op::LessEqual) return *order <= 0;
    return op == Op::Greater ? *order > 0 : *order >= 0;
  }
  // The constant is one of the ends, or beyond them.
  if (op == Op::Less || op == Op::LessEqual) return each.high && !IsLess(constant, *each.high);
  if (op == Op::Equal) return false;
  return each.low && !IsLess(*each.low, constant);
}

std::vector<uint32_t> ValueClasses::Find(Op op, const Value& constant) const {
  std::vector<uint32_t> found;
  for (uint32_t i = 0; i < size(); ++i) {
    if (Fits(classes_[i], op, constant)) found.push_back(i);
  }
  return found;
}

std::optional<uint32_t> ValueClasses::ClassOf(const Value& value) const {
  for (uint32_t i = 0; i < size(); ++i) {
    const Class& each = classes_[i];
    if (each.kind == Class::Kind::Point && each.point == value) return i;
    if (each.kind == Class::Kind::Rest) return i;  // the last
    if (each.kind != Class::Kind::Between || !value.is_number()) continue;
    const bool is_above = !each.low || IsLess(*each.low, value);
    if (is_above && (!each.high || IsLess(value, *each.high))) return i;
  }
  return std::nullopt;
}

std::string ValueClasses::Describe(const Class& each) {
  if (each.kind == Class::Kind::Point) return WriteJson(each.point);
  if (each.low && each.high) {
    return fmt::format("between {} and {}", WriteJson(*each.low), WriteJson(*each.high));
  }
  if (each.low) return "over " + WriteJson(*each.low);
  return each.high ? "under " + WriteJson(*each.high) : std::string("anything else");
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
  constexpr size_t kMaxNamed = 3;
  std::string text;
  for (size_t i = 0; i < classes.size() && i < kMaxNamed; ++i) {
    text += (i == 0 ? "" : " or ") + Describe(classes_[classes[i]]);
  }
  return text;
}

}  // namespace wfc::passes
