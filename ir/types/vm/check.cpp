#include "ir/types/vm/check.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "ir/base/utf8.h"
#include "ir/types/vm/describe.h"
#include "ir/types/vm/formats.h"
#include "ir/types/vm/multiple.h"

namespace wfc::types {

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
  return is_silent() ? FitsEntry(entry, value) : ApplyCode(entry, value, place);
}

bool ValueCheck::ApplyCode(uint32_t entry, const Value& value, const Place& place) {
  if (++depth_ > budget_.depth) is_exhausted_ = true;
  bool fits = !is_exhausted_;
  const size_t scope_count = scopes_.size();
  for (uint32_t at = entry; !is_exhausted_ && (fits || goes_on());) {
    const Instruction instruction = ReadInstruction(code_.code, at);
    if (instruction.op == Op::End) break;
    const bool is_last =
        instruction.op == Op::UnevaluatedItems || instruction.op == Op::UnevaluatedProperties;
    if (!ChargeBudget(1) || !(is_last ? CheckUnevaluated(entry, instruction, value, place)
                                      : ApplyInstruction(instruction, value, place))) {
      fits = false;
    }
    at = NextInstruction(instruction, at);
  }
  scopes_.resize(scope_count);
  if (!is_exhausted_) --depth_;  // otherwise `depth_` tells which limit was exceeded
  return fits && !is_exhausted_;
}

bool ValueCheck::ApplyInstruction(const Instruction& instruction, const Value& value,
                                  const Place& place) {
  switch (instruction.op) {
    case Op::End:
    case Op::Default:
    case Op::UnevaluatedItems:  // ApplyCode handles both
    case Op::UnevaluatedProperties:
      return true;
    case Op::Scope:
      scopes_.push_back(instruction.operands);
      return true;
    case Op::Ref:
    case Op::DynamicRef:
    case Op::AllOf:
    case Op::AnyOf:
    case Op::OneOf:
    case Op::Not:
    case Op::If:
      return ApplyCombined(instruction, value, place);
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
    case Op::Format:
      return !value.is_string() || ApplyToString(instruction, value, place);
    case Op::MinItems:
    case Op::MaxItems:
    case Op::UniqueItems:
    case Op::PrefixItems:
    case Op::Items:
    case Op::Contains:
      return value.kind() != Kind::List || ApplyToList(instruction, value, place);
    case Op::MinProperties:
    case Op::MaxProperties:
    case Op::Required:
    case Op::Properties:
    case Op::PatternProperties:
    case Op::PropertyNames:
    case Op::DependentRequired:
    case Op::DependentSchemas:
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
  if (!ChargeBudget(value.weight() / kBytesPerStep) || wanted == value) return !is_exhausted_;
  if (is_silent()) return false;
  return Fail(place, "const",
              fmt::format("expected {}, found {}", DescribeValue(wanted), DescribeValue(value)));
}

/// Whether `value` is one of `constants`. Also false when the budget is exceeded.
bool ValueCheck::IsListed(std::span<const uint32_t> constants, const Value& value) {
  const uint64_t steps = 1 + value.weight() / kBytesPerStep;
  if (const LargeEnums::Values* values = enums_.Find(constants)) {
    return ChargeBudget(steps) && values->contains(value);
  }
  return std::ranges::any_of(
      constants, [&](uint32_t index) { return ChargeBudget(steps) && constant(index) == value; });
}

bool ValueCheck::CheckEnum(std::span<const uint32_t> constants, const Value& value,
                           const Place& place) {
  if (IsListed(constants, value)) return true;
  if (is_silent() || is_exhausted_) return false;
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
  if (!ChargeBudget(text.size() / kBytesPerStep)) return false;
  if (instruction.op == Op::Pattern) {
    if (Matches(operand, text)) return true;
    if (is_silent()) return false;
    return Fail(place, "pattern",
                fmt::format("expected a match of `{}`, found {}", code_.patterns[operand],
                            DescribeValue(value)));
  }
  if (instruction.op == Op::Format) {
    const auto format = static_cast<Format>(operand);
    if (HasFormat(format, text)) return true;
    if (is_silent()) return false;
    return Fail(
        place, "format",
        fmt::format("expected the format `{}`, found {}", GetName(format), DescribeValue(value)));
  }
  const size_t length = CountCodePoints(text);
  const bool is_minimum = instruction.op == Op::MinLength;
  if (is_minimum ? length >= operand : length <= operand) return true;
  if (is_silent()) return false;
  return Fail(place, is_minimum ? "minLength" : "maxLength",
              fmt::format("expected at {} {}, found {}", is_minimum ? "least" : "most",
                          Count(operand, "character", "characters"), length));
}

}  // namespace wfc::types
