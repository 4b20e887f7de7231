// Proves that the validator can run a program without further checks: every word belongs to an
// instruction, every operand is in range, and every target begins a schema.
#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/core.h>

#include "ir/types/vm/formats.h"
#include "ir/types/vm/schema_code.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {
namespace {

/// The number of operands of an instruction: exactly `least`, or at least `least` if `is_open`.
struct Arity {
  uint32_t least = 0;
  bool is_open = false;
};

Arity ArityOf(Op op) {
  switch (op) {
    case Op::End:
    case Op::False:
    case Op::UniqueItems:
      return {0};
    case Op::Type:
    case Op::Const:
    case Op::Minimum:
    case Op::Maximum:
    case Op::ExclusiveMinimum:
    case Op::ExclusiveMaximum:
    case Op::MultipleOf:
    case Op::MinLength:
    case Op::MaxLength:
    case Op::Pattern:
    case Op::MinItems:
    case Op::MaxItems:
    case Op::MinProperties:
    case Op::MaxProperties:
    case Op::Ref:
    case Op::Default:
    case Op::Not:
    case Op::PropertyNames:
    case Op::UnevaluatedItems:
    case Op::UnevaluatedProperties:
    case Op::Format:
      return {1};
    case Op::Items:
    case Op::DynamicRef:
      return {2};
    case Op::Enum:
    case Op::PrefixItems:
    case Op::Required:
    case Op::AnyOf:
    case Op::AllOf:
    case Op::OneOf:
    case Op::DependentSchemas:
    case Op::Scope:
      return {0, true};
    case Op::Properties:
    case Op::DependentRequired:
      return {1, true};
    case Op::PatternProperties:
      return {2, true};
    case Op::If:
    case Op::Contains:
      return {3};
  }
  return {0};
}

class Verifier {
 public:
  explicit Verifier(const SchemaCode& code) : code_(code), begins_(code.code.size(), false) {}

  Result<void> Run(std::span<const uint32_t> entries) {
    if (!FindSchemas()) return Refusal();
    for (uint32_t at = 0; at < code_.code.size() && !problem_;) {
      const Instruction instruction = ReadInstruction(code_.code, at);
      CheckOperands(instruction);
      if (problem_) *problem_ = fmt::format("schema code at word {}: {}", at, *problem_);
      at = NextInstruction(instruction, at);
    }
    for (const uint32_t entry : entries) {
      if (!IsSchema(entry)) Refuse("an entry that begins no schema");
    }
    return Refusal();
  }

 private:
  void Refuse(std::string_view problem) {
    if (!problem_) problem_ = problem;
  }
  Result<void> Refusal() const {
    if (problem_) return Error{*problem_};
    return {};
  }

  /// Checks that instructions are whole and marks the words at which schemas begin.
  bool FindSchemas() {
    const uint64_t size = code_.code.size();
    if (size >= kNoTarget) Refuse("schema code is too long");
    bool begins = true;
    for (uint64_t at = 0; at < size && !problem_;) {
      const uint32_t word = code_.code[at];
      if ((word & 0xFF) >= kOpCount) Refuse("an unknown instruction");
      if (at + 1 + (word >> 8) > size) Refuse("an instruction is cut off");
      begins_[at] = begins;
      begins = static_cast<Op>(word & 0xFF) == Op::End;
      at += 1 + (word >> 8);
    }
    if (!begins) Refuse("the last schema has no end");
    return !problem_;
  }

  [[nodiscard]] bool IsSchema(uint32_t target) const {
    return target < begins_.size() && begins_[target];
  }
  void CheckTarget(uint32_t target) {
    if (!IsSchema(target)) Refuse("a target that begins no schema");
  }
  const Value* CheckConstant(uint32_t index) {
    if (index < code_.constants.size()) return &code_.constants[index];
    Refuse("a constant that does not exist");
    return nullptr;
  }
  void CheckNumber(uint32_t index) {
    const Value* value = CheckConstant(index);
    if (value != nullptr && (TypeOf(*value) & kNumberTypes) == 0) Refuse("a bound is not a number");
  }
  void CheckDivisor(uint32_t index) {
    CheckNumber(index);
    if (problem_) return;
    const auto order = Compare(code_.constants[index], Value::Int(0));
    if (!order || *order <= 0) Refuse("`multipleOf` is not above 0");
  }
  /// Checks that every `step`th operand, from the first, is a name, and that the names are sorted.
  void CheckNames(std::span<const uint32_t> operands, size_t step) {
    std::optional<std::string_view> previous;
    for (size_t i = 0; i < operands.size(); i += step) {
      const Value* name = CheckConstant(operands[i]);
      if (name == nullptr) return;
      if (!name->is_string()) return Refuse("a name is not a string");
      if (previous && *previous >= name->AsString()) return Refuse("names are out of order");
      previous = name->AsString();
    }
  }
  void CheckTargetOrNone(uint32_t target) {
    if (target != kNoTarget) CheckTarget(target);
  }
  void CheckPattern(uint32_t pattern) {
    if (pattern >= code_.patterns.size()) Refuse("a pattern that does not exist");
  }
  /// Checks (name, target) pairs.
  void CheckNamed(std::span<const uint32_t> operands) {
    if (operands.size() % 2 != 0) return Refuse("a property has no schema");
    CheckNames(operands, 2);
    for (size_t i = 1; i < operands.size(); i += 2) CheckTarget(operands[i]);
  }
  void CheckPatternProperties(std::span<const uint32_t> operands) {
    CheckTargetOrNone(operands[0]);
    const uint64_t patterns_end = 2 + uint64_t{2} * operands[1];
    if (patterns_end > operands.size()) return Refuse("a pattern has no schema");
    for (size_t i = 2; i < patterns_end; i += 2) {
      CheckPattern(operands[i]);
      CheckTarget(operands[i + 1]);
    }
    CheckNamed(operands.subspan(patterns_end));
  }
  void CheckOperands(const Instruction& instruction);

  const SchemaCode& code_;
  std::vector<bool> begins_;
  std::optional<std::string> problem_;
};

// NOLINTNEXTLINE(readability-function-size): a case for each instruction.
void Verifier::CheckOperands(const Instruction& instruction) {
  const std::span<const uint32_t> operands = instruction.operands;
  const Arity arity = ArityOf(instruction.op);
  if (operands.size() < arity.least || (!arity.is_open && operands.size() > arity.least)) {
    return Refuse("an instruction has the wrong number of operands");
  }
  switch (instruction.op) {
    case Op::End:
    case Op::False:
    case Op::UniqueItems:
    case Op::MinLength:
    case Op::MaxLength:
    case Op::MinItems:
    case Op::MaxItems:
    case Op::MinProperties:
    case Op::MaxProperties:
      return;
    case Op::Type:
      if (operands[0] > kAllTypes) Refuse("an unknown type");
      return;
    case Op::Enum:
    case Op::Const:
    case Op::Default:
      for (const uint32_t constant : operands) CheckConstant(constant);
      return;
    case Op::Minimum:
    case Op::Maximum:
    case Op::ExclusiveMinimum:
    case Op::ExclusiveMaximum:
      return CheckNumber(operands[0]);
    case Op::MultipleOf:
      return CheckDivisor(operands[0]);
    case Op::Pattern:
      return CheckPattern(operands[0]);
    case Op::PrefixItems:
    case Op::AnyOf:
    case Op::AllOf:
    case Op::OneOf:
    case Op::Not:
    case Op::PropertyNames:
    case Op::UnevaluatedItems:
    case Op::UnevaluatedProperties:
    case Op::Ref:
      for (const uint32_t target : operands) CheckTarget(target);
      return;
    case Op::Items:
      return CheckTarget(operands[1]);
    case Op::Format:
      if (operands[0] >= kFormatCount) Refuse("an unknown format");
      return;
    case Op::If:
      CheckTarget(operands[0]);
      CheckTargetOrNone(operands[1]);
      return CheckTargetOrNone(operands[2]);
    case Op::Contains:
      return CheckTarget(operands[0]);
    case Op::Required:
      return CheckNames(operands, 1);
    case Op::DependentRequired:
      CheckNames(operands.first(1), 1);
      return CheckNames(operands.subspan(1), 1);
    case Op::DependentSchemas:
    case Op::Scope:
      return CheckNamed(operands);
    case Op::DynamicRef:
      CheckNames(operands.first(1), 1);
      return CheckTarget(operands[1]);
    case Op::Properties:
      CheckTargetOrNone(operands[0]);
      return CheckNamed(operands.subspan(1));
    case Op::PatternProperties:
      return CheckPatternProperties(operands);
  }
}

}  // namespace

Result<void> VerifySchemaCode(const SchemaCode& code, std::span<const uint32_t> entries) {
  return Verifier(code).Run(entries);
}

}  // namespace wfc::types
