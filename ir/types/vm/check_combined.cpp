// Validates by combined schemas: references, allOf, anyOf, oneOf, not and if.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "ir/types/vm/check.h"
#include "ir/types/vm/describe.h"

namespace wfc::types {

bool ValueCheck::ApplyCombined(const Instruction& instruction, const Value& value,
                               const Place& place) {
  const std::span<const uint32_t> targets = instruction.operands;
  if (instruction.op == Op::DynamicRef) {
    return ApplySchema(FindInScope(instruction), value, place);
  }
  if (instruction.op == Op::AnyOf) return CheckAnyOf(targets, value, place);
  if (instruction.op == Op::OneOf) return CheckOneOf(targets, value, place);
  if (instruction.op == Op::Not) return CheckNot(targets[0], value, place);
  if (instruction.op == Op::If) return CheckIf(targets, value, place);
  return CheckAllOf(targets, value, place);
}

uint32_t ValueCheck::FindInScope(const Instruction& reference) const {
  const uint32_t name = reference.operands[0];
  for (const std::span<const uint32_t> scope : scopes_) {
    for (size_t i = 0; i < scope.size(); i += 2) {
      if (constant(scope[i]) == constant(name)) return scope[i + 1];
    }
  }
  return reference.operands[1];
}

bool ValueCheck::FitsQuietly(uint32_t target, const Value& value, const Place& place) {
  const Detail detail = std::exchange(detail_, Detail::None);
  const bool fits = ChargeBudget(1) && ApplySchema(target, value, place);
  detail_ = detail;
  return fits;
}

bool ValueCheck::CheckAllOf(std::span<const uint32_t> targets, const Value& value,
                            const Place& place) {
  bool fits = true;
  for (size_t i = 0; i < targets.size() && (fits || goes_on()); ++i) {
    fits = ChargeBudget(1) && ApplySchema(targets[i], value, place) && fits;
  }
  return fits;
}

bool ValueCheck::CheckAnyOf(std::span<const uint32_t> targets, const Value& value,
                            const Place& place) {
  const bool fits = std::ranges::any_of(
      targets, [&](uint32_t target) { return FitsQuietly(target, value, place); });
  return fits || FailAlternatives("anyOf", targets, value, place);
}

bool ValueCheck::CheckOneOf(std::span<const uint32_t> targets, const Value& value,
                            const Place& place) {
  constexpr size_t kNone = SIZE_MAX;
  size_t first = kNone;
  for (size_t i = 0; i < targets.size(); ++i) {
    if (!FitsQuietly(targets[i], value, place)) continue;
    if (first == kNone) {
      first = i;
      continue;
    }
    if (is_silent()) return false;
    return Fail(place, "oneOf",
                fmt::format("expected to fit exactly one alternative, fits {} and {}: {}", first, i,
                            DescribeValue(value)));
  }
  return first != kNone ? !is_exhausted_ : FailAlternatives("oneOf", targets, value, place);
}

bool ValueCheck::CheckNot(uint32_t target, const Value& value, const Place& place) {
  const bool fits = FitsQuietly(target, value, place);
  if (is_exhausted_) return false;
  if (!fits) return true;
  if (is_silent()) return false;
  return Fail(
      place, "not",
      fmt::format("expected anything but what `not` describes, found {}", DescribeValue(value)));
}

bool ValueCheck::CheckIf(std::span<const uint32_t> targets, const Value& value,
                         const Place& place) {
  const bool holds = FitsQuietly(targets[0], value, place);
  const uint32_t next = holds ? targets[1] : targets[2];
  return !is_exhausted_ && (next == kNoTarget || ApplySchema(next, value, place));
}

bool ValueCheck::FailAlternatives(std::string_view keyword, std::span<const uint32_t> targets,
                                  const Value& value, const Place& place) {
  if (is_silent() || is_exhausted_) return false;
  if (detail_ == Detail::First) {
    return Fail(place, keyword, fmt::format("fits no alternative, found {}", DescribeValue(value)));
  }
  Mismatch nearest = FindNearestAlternative(keyword, targets, value, place);
  if (is_exhausted_) return false;
  if (mismatches_.size() < budget_.max_mismatches) mismatches_.push_back(std::move(nearest));
  return false;
}

// The alternative that a value was meant for is taken to be the one whose mismatch is deepest.
Mismatch ValueCheck::FindNearestAlternative(std::string_view keyword,
                                            std::span<const uint32_t> targets, const Value& value,
                                            const Place& place) {
  std::vector<Mismatch> kept = std::exchange(mismatches_, {});
  const Detail detail = std::exchange(detail_, Detail::First);
  std::vector<Mismatch> firsts;
  for (const uint32_t target : targets) {
    mismatches_.clear();
    ApplySchema(target, value, place);
    if (!mismatches_.empty()) firsts.push_back(std::move(mismatches_.front()));
  }
  detail_ = detail;
  mismatches_.clear();
  Fail(place, keyword,
       fmt::format("fits none of {}, found {}",
                   Count(targets.size(), "alternative", "alternatives"), DescribeValue(value)));
  std::vector<Mismatch> own = std::exchange(mismatches_, std::move(kept));
  if (own.empty()) return {};
  Mismatch mismatch = std::move(own.front());
  const auto depth = [](const Mismatch& each) {
    return std::pair(std::ranges::count(each.pointer, '/'), each.keyword != "type");
  };
  const auto nearest = std::ranges::max_element(firsts, {}, depth);
  if (nearest != firsts.end()) {
    const std::string_view below =
        std::string_view(nearest->pointer).substr(mismatch.pointer.size());
    mismatch.message += below.empty()
                            ? fmt::format("; the nearest: {}", nearest->message)
                            : fmt::format("; the nearest, at {}: {}", below, nearest->message);
  }
  return mismatch;
}

}  // namespace wfc::types
