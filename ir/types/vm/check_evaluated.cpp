// Validates by `unevaluatedItems` and `unevaluatedProperties`: the parts of a value that no other
// keyword of the schema, or of a schema applied in place, has evaluated (JSON Schema 2020-12,
// section 11). The evaluated parts are found by a second pass, so that schemas without these
// keywords pay nothing.
#include <algorithm>

#include <fmt/core.h>

#include "ir/types/vm/check.h"
#include "ir/types/vm/describe.h"

namespace wfc::types {

bool ValueCheck::CheckUnevaluated(uint32_t entry, const Instruction& instruction,
                                  const Value& value, const Place& place) {
  const bool is_list = instruction.op == Op::UnevaluatedItems;
  if (is_list ? value.kind() != Kind::List : TypeOf(value) != Bit(TypeBit::Object)) return true;
  const size_t count = is_list ? value.items().size() : value.entries().size();
  Evaluated evaluated = {.parts = std::vector<bool>(count, false)};
  AddEvaluated(entry, instruction.op, value, place, evaluated);
  bool fits = !is_exhausted_;
  const uint32_t target = instruction.operands[0];
  for (size_t i = 0; i < count && !evaluated.all && (fits || goes_on()); ++i) {
    if (evaluated.parts[i]) continue;
    if (is_list) {
      fits = ApplyItem(target, value, i, place) && fits;
    } else {
      const PropertyTargets other = {.other = target, .patterns = {}, .named = {}};
      fits = ChargeBudget(1) && CheckOtherProperty(other, value.entries()[i], place) && fits;
    }
  }
  return fits;
}

void ValueCheck::AddEvaluated(uint32_t entry, Op until, const Value& value, const Place& place,
                              Evaluated& evaluated) {
  if (++depth_ > budget_.depth) is_exhausted_ = true;
  const size_t scope_count = scopes_.size();
  for (uint32_t at = entry; !is_exhausted_ && !evaluated.all && ChargeBudget(1);) {
    const Instruction instruction = ReadInstruction(code_.code, at);
    if (instruction.op == Op::End || instruction.op == until) break;
    AddEvaluatedBy(instruction, value, place, evaluated);
    at = NextInstruction(instruction, at);
  }
  scopes_.resize(scope_count);
  if (!is_exhausted_) --depth_;
}

void ValueCheck::AddEvaluatedBy(const Instruction& instruction, const Value& value,
                                const Place& place, Evaluated& evaluated) {
  const std::span<const uint32_t> operands = instruction.operands;
  const Op op = instruction.op;
  if (op == Op::Scope) {
    scopes_.push_back(operands);
  } else if (op == Op::DynamicRef) {
    AddEvaluated(FindInScope(instruction), Op::End, value, place, evaluated);
  } else if (op == Op::Ref || op == Op::AllOf || op == Op::AnyOf || op == Op::OneOf) {
    for (const uint32_t target : operands) {
      if (FitsQuietly(target, value, place)) AddEvaluated(target, Op::End, value, place, evaluated);
    }
  } else if (op == Op::If) {
    const bool holds = FitsQuietly(operands[0], value, place);
    if (holds) AddEvaluated(operands[0], Op::End, value, place, evaluated);
    const uint32_t next = holds ? operands[1] : operands[2];
    if (next != kNoTarget) AddEvaluated(next, Op::End, value, place, evaluated);
  } else if (value.kind() == Kind::List) {
    AddEvaluatedItems(instruction, value, place, evaluated);
  } else {
    AddEvaluatedProperties(instruction, value, place, evaluated);
  }
}

void ValueCheck::AddEvaluatedItems(const Instruction& instruction, const Value& value,
                                   const Place& place, Evaluated& evaluated) {
  const std::span<const uint32_t> operands = instruction.operands;
  if (instruction.op == Op::Items || instruction.op == Op::UnevaluatedItems) evaluated.all = true;
  if (instruction.op == Op::PrefixItems) {
    const size_t count = std::min(operands.size(), evaluated.parts.size());
    std::fill_n(evaluated.parts.begin(), count, true);
  }
  if (instruction.op != Op::Contains) return;
  for (size_t i = 0; i < value.items().size() && !is_exhausted_; ++i) {
    if (FitsQuietly(operands[0], value.items()[i], place)) evaluated.parts[i] = true;
  }
}

void ValueCheck::AddEvaluatedProperties(const Instruction& instruction, const Value& value,
                                        const Place& place, Evaluated& evaluated) {
  const std::span<const uint32_t> operands = instruction.operands;
  if (instruction.op == Op::UnevaluatedProperties) evaluated.all = true;
  if (instruction.op == Op::DependentSchemas) {
    for (size_t i = 0; i < operands.size(); i += 2) {
      if (value.Find(constant(operands[i])) == nullptr) continue;
      AddEvaluated(operands[i + 1], Op::End, value, place, evaluated);
    }
  }
  if (instruction.op != Op::Properties && instruction.op != Op::PatternProperties) return;
  const PropertyTargets targets = ReadProperties(instruction);
  if (targets.other != kNoTarget) {
    evaluated.all = true;
    return;
  }
  size_t at = 0;
  for (size_t i = 0; i < value.entries().size() && ChargeBudget(1); ++i) {
    const Value& name = value.entries()[i].key;
    while (at < targets.named.size() && constant(targets.named[at]).AsString() < name.AsString()) {
      at += 2;
    }
    if (at < targets.named.size() && constant(targets.named[at]) == name) {
      evaluated.parts[i] = true;
    }
    for (size_t j = 0; j < targets.patterns.size(); j += 2) {
      if (Matches(targets.patterns[j], name.AsString())) evaluated.parts[i] = true;
    }
  }
}

}  // namespace wfc::types
