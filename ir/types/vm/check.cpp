#include "ir/types/vm/check.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "ir/base/utf8.h"
#include "ir/types/vm/multiple.h"
#include "ir/types/vm/words.h"
#include "ir/value/json.h"

namespace wfc::types {
namespace {

constexpr uint64_t kBytesPerStep = 64;
constexpr size_t kMaxListed = 10;

}  // namespace

bool ValueCheck::Run(uint32_t entry, const Value& value) {
  const Place whole;
  const bool fits = ApplySchema(entry, value, whole);
  if (!is_exhausted_) return fits;
  mismatches_.clear();
  if (!is_silent()) {
    const std::string_view limit = depth_ > budget_.depth ? "deep" : "large";
    mismatches_.push_back({"", "budget", fmt::format("too {} to be checked", limit)});
  }
  return false;
}

bool ValueCheck::Spend(uint64_t steps) {
  steps_ += steps;
  if (steps_ > budget_.steps) is_exhausted_ = true;
  return !is_exhausted_;
}

bool ValueCheck::goes_on() const {
  return !is_exhausted_ && detail_ == Detail::All && mismatches_.size() < budget_.max_mismatches;
}

bool ValueCheck::Fail(const Place& place, std::string_view keyword, std::string message) {
  if (is_silent() || mismatches_.size() >= budget_.max_mismatches) return false;
  std::vector<const Place*> steps;
  for (const Place* at = &place; at->parent != nullptr; at = at->parent) steps.push_back(at);
  std::string pointer;
  for (size_t i = steps.size(); i-- > 0;) {
    const Place& step = *steps[i];
    AppendPointer(pointer, step.name != nullptr ? std::string(step.name->AsString())
                                                : std::to_string(step.index));
  }
  mismatches_.push_back({std::move(pointer), std::string(keyword), std::move(message)});
  return false;
}

bool ValueCheck::ApplySchema(uint32_t entry, const Value& value, const Place& place) {
  if (++depth_ > budget_.depth) is_exhausted_ = true;
  bool fits = !is_exhausted_;
  for (uint32_t at = entry; !is_exhausted_ && (fits || goes_on());) {
    const Instruction instruction = ReadInstruction(code_.code, at);
    if (instruction.op == Op::End) break;
    if (!Spend(1) || !ApplyInstruction(instruction, value, place)) fits = false;
    at = NextInstruction(instruction, at);
  }
  if (!is_exhausted_) --depth_;  // else it tells which limit was met
  return fits && !is_exhausted_;
}

bool ValueCheck::ApplyInstruction(const Instruction& instruction, const Value& value,
                                  const Place& place) {
  switch (instruction.op) {
    case Op::End:
    case Op::Default:
      return true;
    case Op::Ref:
      return ApplySchema(instruction.operands[0], value, place);
    case Op::AnyOf:
      return CheckAnyOf(instruction.operands, value, place);
    case Op::False:
    case Op::Type:
    case Op::Enum:
    case Op::Const:
      return ApplyGeneral(instruction, value, place);
    case Op::Minimum:
    case Op::Maximum:
    case Op::ExclusiveMinimum:
    case Op::ExclusiveMaximum:
    case Op::MultipleOf:
      return (TypeOf(value) & kNumberTypes) == 0 || ApplyToNumber(instruction, value, place);
    case Op::MinLength:
    case Op::MaxLength:
    case Op::Pattern:
      return !value.is_string() || ApplyToString(instruction, value, place);
    case Op::MinItems:
    case Op::MaxItems:
    case Op::UniqueItems:
    case Op::PrefixItems:
    case Op::Items:
      return value.kind() != Kind::List || ApplyToList(instruction, value, place);
    case Op::MinProperties:
    case Op::MaxProperties:
    case Op::Required:
    case Op::Properties:
      return TypeOf(value) != Bit(TypeBit::Object) || ApplyToObject(instruction, value, place);
  }
  return false;
}

bool ValueCheck::ApplyGeneral(const Instruction& instruction, const Value& value,
                              const Place& place) {
  const std::span<const uint32_t> operands = instruction.operands;
  if (instruction.op == Op::False) {
    return Fail(place, "false", is_silent() ? "" : "nothing is allowed here");
  }
  if (instruction.op == Op::Type) {
    if ((TypeOf(value) & operands[0]) != 0) return true;
    if (is_silent()) return false;
    return Fail(
        place, "type",
        fmt::format("expected {}, found {}", DescribeTypes(static_cast<TypeMask>(operands[0])),
                    DescribeValue(value)));
  }
  if (instruction.op == Op::Enum) return CheckEnum(operands, value, place);
  const Value& wanted = constant(operands[0]);
  if (!Spend(value.weight() / kBytesPerStep) || wanted == value) return !is_exhausted_;
  if (is_silent()) return false;
  return Fail(place, "const",
              fmt::format("expected {}, found {}", DescribeValue(wanted), DescribeValue(value)));
}

bool ValueCheck::CheckEnum(std::span<const uint32_t> constants, const Value& value,
                           const Place& place) {
  for (const uint32_t index : constants) {
    if (!Spend(1 + value.weight() / kBytesPerStep)) return false;
    if (constant(index) == value) return true;
  }
  if (is_silent()) return false;
  std::string allowed;
  for (size_t i = 0; i < constants.size() && i < kMaxListed; ++i) {
    allowed += (i == 0 ? "" : ", ") + DescribeValue(constant(constants[i]));
  }
  if (constants.size() > kMaxListed) {
    allowed += fmt::format(" and {} more", constants.size() - kMaxListed);
  }
  return Fail(place, "enum",
              fmt::format("expected {}{}, found {}", constants.size() == 1 ? "" : "one of ",
                          allowed, DescribeValue(value)));
}

bool ValueCheck::ApplyToNumber(const Instruction& instruction, const Value& value,
                               const Place& place) {
  if (instruction.op != Op::MultipleOf) return CheckBound(instruction, value, place);
  const Value& divisor = constant(instruction.operands[0]);
  if (IsMultipleOf(value, divisor)) return true;
  if (is_silent()) return false;
  return Fail(place, "multipleOf",
              fmt::format("expected a multiple of {}, found {}", DescribeValue(divisor),
                          DescribeValue(value)));
}

bool ValueCheck::CheckBound(const Instruction& instruction, const Value& value,
                            const Place& place) {
  const Value& bound = constant(instruction.operands[0]);
  const auto order = Compare(value, bound);
  struct Words {
    std::string_view keyword;
    std::string_view expected;
  };
  bool fits = false;
  Words words;
  if (instruction.op == Op::Minimum) {
    fits = order && *order >= 0;
    words = {"minimum", "at least"};
  } else if (instruction.op == Op::Maximum) {
    fits = order && *order <= 0;
    words = {"maximum", "at most"};
  } else if (instruction.op == Op::ExclusiveMinimum) {
    fits = order && *order > 0;
    words = {"exclusiveMinimum", "more than"};
  } else {
    fits = order && *order < 0;
    words = {"exclusiveMaximum", "less than"};
  }
  if (fits || is_silent()) return fits;
  return Fail(place, words.keyword,
              fmt::format("expected {} {}, found {}", words.expected, DescribeValue(bound),
                          DescribeValue(value)));
}

bool ValueCheck::ApplyToString(const Instruction& instruction, const Value& value,
                               const Place& place) {
  const std::string_view text = value.AsString();
  const uint32_t operand = instruction.operands[0];
  if (!Spend(text.size() / kBytesPerStep)) return false;
  if (instruction.op == Op::Pattern) {
    const RE2& pattern = *patterns_[operand];
    if (RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern)) return true;
    if (is_silent()) return false;
    return Fail(
        place, "pattern",
        fmt::format("expected a match of `{}`, found {}", pattern.pattern(), DescribeValue(value)));
  }
  const size_t length = CountCodePoints(text);
  const bool is_minimum = instruction.op == Op::MinLength;
  if (is_minimum ? length >= operand : length <= operand) return true;
  if (is_silent()) return false;
  return Fail(place, is_minimum ? "minLength" : "maxLength",
              fmt::format("expected at {} {}, found {}", is_minimum ? "least" : "most",
                          Count(operand, "character", "characters"), length));
}

bool ValueCheck::ApplyToList(const Instruction& instruction, const Value& value,
                             const Place& place) {
  const std::span<const Value> items = value.items();
  const std::span<const uint32_t> operands = instruction.operands;
  if (instruction.op == Op::UniqueItems) return CheckUnique(value, place);
  if (instruction.op == Op::PrefixItems) {
    bool fits = true;
    for (size_t i = 0; i < operands.size() && i < items.size() && (fits || goes_on()); ++i) {
      fits = ApplyItem(operands[i], value, i, place) && fits;
    }
    return fits;
  }
  if (instruction.op == Op::Items) {
    bool fits = true;
    for (size_t i = operands[0]; i < items.size() && (fits || goes_on()); ++i) {
      fits = ApplyItem(operands[1], value, i, place) && fits;
    }
    return fits;
  }
  const bool is_minimum = instruction.op == Op::MinItems;
  if (is_minimum ? items.size() >= operands[0] : items.size() <= operands[0]) return true;
  if (is_silent()) return false;
  return Fail(place, is_minimum ? "minItems" : "maxItems",
              fmt::format("expected at {} {}, found {}", is_minimum ? "least" : "most",
                          Count(operands[0], "item", "items"), items.size()));
}

bool ValueCheck::ApplyItem(uint32_t target, const Value& list, size_t index, const Place& place) {
  const Place item = {.parent = &place, .name = nullptr, .index = index};
  return Spend(1) && ApplySchema(target, list.items()[index], item);
}

bool ValueCheck::CheckUnique(const Value& value, const Place& place) {
  if (!Spend(value.weight() / kBytesPerStep)) return false;
  // Values are equal exactly when their JSON is: 1.0 is written as 1, and keys are in order.
  std::unordered_set<std::string> seen;
  for (size_t i = 0; i < value.items().size(); ++i) {
    if (seen.insert(WriteJson(value.items()[i])).second) continue;
    if (is_silent()) return false;
    return Fail(place, "uniqueItems",
                fmt::format("expected items that differ, found {} again at {}",
                            DescribeValue(value.items()[i]), i));
  }
  return true;
}

bool ValueCheck::ApplyToObject(const Instruction& instruction, const Value& value,
                               const Place& place) {
  const std::span<const uint32_t> operands = instruction.operands;
  if (instruction.op == Op::Required) return CheckRequired(operands, value, place);
  if (instruction.op == Op::Properties) return CheckProperties(operands, value, place);
  const size_t count = value.entries().size();
  const bool is_minimum = instruction.op == Op::MinProperties;
  if (is_minimum ? count >= operands[0] : count <= operands[0]) return true;
  if (is_silent()) return false;
  return Fail(place, is_minimum ? "minProperties" : "maxProperties",
              fmt::format("expected at {} {}, found {}", is_minimum ? "least" : "most",
                          Count(operands[0], "property", "properties"), count));
}

bool ValueCheck::CheckRequired(std::span<const uint32_t> names, const Value& value,
                               const Place& place) {
  bool fits = true;
  for (const uint32_t name : names) {
    if (!Spend(1)) return false;
    if (value.Find(constant(name)) != nullptr) continue;
    fits = false;
    if (is_silent()) return false;
    Fail(place, "required", fmt::format("the property `{}` is missing", constant(name).AsString()));
    if (!goes_on()) return false;
  }
  return fits;
}

// Entries and properties are both in order of their names, so that one walk over both is enough.
bool ValueCheck::CheckProperties(std::span<const uint32_t> operands, const Value& value,
                                 const Place& place) {
  bool fits = true;
  size_t at = 1;
  for (const MapEntry& entry : value.entries()) {
    if (!fits && !goes_on()) break;
    while (at < operands.size() && constant(operands[at]).AsString() < entry.key.AsString()) {
      at += 2;
    }
    if (!Spend(1)) return false;
    const bool is_known = at < operands.size() && constant(operands[at]) == entry.key;
    const Place property = {.parent = &place, .name = &entry.key, .index = 0};
    fits = (is_known ? ApplySchema(operands[at + 1], entry.value, property)
                     : CheckOtherProperty(operands, entry, place)) &&
           fits;
  }
  return fits;
}

bool ValueCheck::CheckOtherProperty(std::span<const uint32_t> operands, const MapEntry& entry,
                                    const Place& place) {
  const uint32_t target = operands[0];
  if (target == kNoTarget) return true;
  if (ReadInstruction(code_.code, target).op != Op::False) {
    const Place property = {.parent = &place, .name = &entry.key, .index = 0};
    return ApplySchema(target, entry.value, property);
  }
  if (is_silent()) return false;
  std::string allowed;
  const size_t count = operands.size() / 2;
  for (size_t i = 0; i < count && count <= kMaxListed; ++i) {
    allowed += fmt::format("{}`{}`", i == 0 ? "; allowed: " : ", ",
                           constant(operands[1 + 2 * i]).AsString());
  }
  return Fail(place, "additionalProperties",
              fmt::format("unknown property `{}`{}", entry.key.AsString(), allowed));
}

bool ValueCheck::CheckAnyOf(std::span<const uint32_t> targets, const Value& value,
                            const Place& place) {
  const Detail detail = std::exchange(detail_, Detail::None);
  const bool fits = std::ranges::any_of(
      targets, [&](uint32_t target) { return Spend(1) && ApplySchema(target, value, place); });
  detail_ = detail;
  if (fits || is_silent() || is_exhausted_) return fits;
  if (detail_ == Detail::First) {
    return Fail(place, "anyOf", fmt::format("fits no alternative, found {}", DescribeValue(value)));
  }
  Mismatch nearest = FindNearestAlternative(targets, value, place);
  if (is_exhausted_) return false;
  if (mismatches_.size() < budget_.max_mismatches) mismatches_.push_back(std::move(nearest));
  return false;
}

// The alternative that a value was meant for is the one that goes wrong deepest inside it.
Mismatch ValueCheck::FindNearestAlternative(std::span<const uint32_t> targets, const Value& value,
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
  Fail(place, "anyOf",
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
