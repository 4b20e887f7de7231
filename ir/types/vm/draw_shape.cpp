#include "ir/types/vm/draw_shape.h"

#include <algorithm>
#include <array>

namespace wfc::types {
namespace {

/// The most schemas that are collected for one value; the constraints of the others are checked by
/// trial.
constexpr size_t kMaxSchemas = 256;

/// A collection in progress.
struct Collection {
  Shape& shape;
  std::vector<uint32_t>& todo;  ///< targets that the same value must fit too
  Choices& choices;
};

using Operands = std::span<const uint32_t>;
using Reader = void (*)(Operands, Collection&);

void ReadFalse(Operands, Collection& into) {
  into.shape.types = 0;
}

void ReadType(Operands operands, Collection& into) {
  into.shape.types &= static_cast<TypeMask>(operands[0]);
}

void ReadConstants(Operands operands, Collection& into) {
  std::optional<Operands>& constants = into.shape.constants;
  if (constants) into.shape.needs_trial = true;
  if (!constants || operands.size() < constants->size()) constants = operands;
}

void ReadBound(Operands operands, Collection& into) {
  into.shape.bounds.push_back(operands[0]);
}

void ReadDivisor(Operands operands, Collection& into) {
  into.shape.divisors.push_back(operands[0]);
}

template <uint32_t Shape::* member>
void RaiseLeast(Operands operands, Collection& into) {
  into.shape.*member = std::max(into.shape.*member, operands[0]);
}

template <uint32_t Shape::* member>
void LowerMost(Operands operands, Collection& into) {
  into.shape.*member = std::min(into.shape.*member, operands[0]);
}

void ReadPattern(Operands operands, Collection& into) {
  into.shape.patterns.push_back(operands[0]);
}

void ReadFormat(Operands operands, Collection& into) {
  into.shape.format = static_cast<Format>(operands[0]);
  into.shape.needs_trial =
      true;  // whether it has the other formats as well is checked by the trial
}

void ReadUnique(Operands, Collection& into) {
  into.shape.is_unique = true;
}

void ReadPrefix(Operands operands, Collection& into) {
  into.shape.prefixes.push_back(operands);
}

void ReadItems(Operands operands, Collection& into) {
  into.shape.items.push_back({.first = operands[0], .target = operands[1]});
}

void ReadContains(Operands operands, Collection& into) {
  into.shape.contained.push_back(
      {.target = operands[0], .least = operands[1] == kNoCount ? 1 : operands[1]});
  into.shape.needs_trial = true;  // whether too many items fit is checked by the trial
}

void ReadRequired(Operands operands, Collection& into) {
  into.shape.required.insert(into.shape.required.end(), operands.begin(), operands.end());
}

void ReadProperties(Operands operands, Collection& into) {
  into.shape.properties.push_back(
      {.other = operands[0], .patterns = {}, .named = operands.subspan(1)});
}

void ReadPatternProperties(Operands operands, Collection& into) {
  const size_t pattern_words = size_t{2} * operands[1];
  into.shape.properties.push_back({.other = operands[0],
                                   .patterns = operands.subspan(2, pattern_words),
                                   .named = operands.subspan(2 + pattern_words)});
}

void ReadPropertyNames(Operands operands, Collection& into) {
  into.shape.property_names.push_back(operands[0]);
}

void ReadDependentRequired(Operands operands, Collection& into) {
  into.shape.dependent.push_back(operands);
}

void ReadAll(Operands operands, Collection& into) {
  into.todo.insert(into.todo.end(), operands.begin(), operands.end());
}

void ReadAnyOf(Operands operands, Collection& into) {
  if (!operands.empty()) into.todo.push_back(operands[into.choices.Among(operands.size())]);
}

void ReadOneOf(Operands operands, Collection& into) {
  ReadAnyOf(operands, into);
  into.shape.needs_trial = true;  // that no other alternative fits is checked by the trial
}

/// Draws as if the condition held, or as if it did not.
void ReadIf(Operands operands, Collection& into) {
  into.shape.needs_trial = true;
  if (into.choices.Among(2) == 0) {
    into.todo.push_back(operands[0]);
    if (operands[1] != kNoTarget) into.todo.push_back(operands[1]);
  } else if (operands[2] != kNoTarget) {
    into.todo.push_back(operands[2]);
  }
}

/// Takes the schema that applies when no dynamic scope has another.
void ReadDynamicRef(Operands operands, Collection& into) {
  into.todo.push_back(operands[1]);
  into.shape.needs_trial = true;
}

void PassOver(Operands, Collection&) {}

struct Row {
  Op op;
  Reader read;
};

/// An instruction without a row is satisfied by trial only.
constexpr Row kRows[] = {
    {Op::End, PassOver},
    {Op::Scope, PassOver},
    {Op::Default, PassOver},
    {Op::False, ReadFalse},
    {Op::Type, ReadType},
    {Op::Enum, ReadConstants},
    {Op::Const, ReadConstants},
    {Op::Minimum, ReadBound},
    {Op::Maximum, ReadBound},
    {Op::ExclusiveMinimum, ReadBound},
    {Op::ExclusiveMaximum, ReadBound},
    {Op::MultipleOf, ReadDivisor},
    {Op::MinLength, RaiseLeast<&Shape::min_length>},
    {Op::MaxLength, LowerMost<&Shape::max_length>},
    {Op::Pattern, ReadPattern},
    {Op::Format, ReadFormat},
    {Op::MinItems, RaiseLeast<&Shape::min_items>},
    {Op::MaxItems, LowerMost<&Shape::max_items>},
    {Op::UniqueItems, ReadUnique},
    {Op::PrefixItems, ReadPrefix},
    {Op::Items, ReadItems},
    {Op::MinProperties, RaiseLeast<&Shape::min_properties>},
    {Op::MaxProperties, LowerMost<&Shape::max_properties>},
    {Op::Required, ReadRequired},
    {Op::Properties, ReadProperties},
    {Op::PatternProperties, ReadPatternProperties},
    {Op::PropertyNames, ReadPropertyNames},
    {Op::DependentRequired, ReadDependentRequired},
    {Op::Contains, ReadContains},
    {Op::Ref, ReadAll},
    {Op::AllOf, ReadAll},
    {Op::AnyOf, ReadAnyOf},
    {Op::OneOf, ReadOneOf},
    {Op::DynamicRef, ReadDynamicRef},
    {Op::If, ReadIf},
};

constexpr std::array<Reader, kOpCount> MakeReaders() {
  std::array<Reader, kOpCount> readers{};
  for (const Row& row : kRows) readers[static_cast<size_t>(row.op)] = row.read;
  return readers;
}

constexpr std::array<Reader, kOpCount> kReaders = MakeReaders();

void ReadSchema(const SchemaCode& code, uint32_t target, Collection& into) {
  for (uint32_t at = target;;) {
    const Instruction instruction = ReadInstruction(code.code, at);
    if (instruction.op == Op::End) return;
    if (const Reader read = kReaders[static_cast<size_t>(instruction.op)]) {
      read(instruction.operands, into);
    } else {
      into.shape.needs_trial = true;
    }
    at = NextInstruction(instruction, at);
  }
}

}  // namespace

Shape CollectShape(const SchemaCode& code, std::span<const uint32_t> targets, Choices& choices) {
  Shape shape;
  std::vector<uint32_t> todo(targets.begin(), targets.end());
  Collection into{.shape = shape, .todo = todo, .choices = choices};
  for (size_t i = 0; i < todo.size() && i < kMaxSchemas; ++i) ReadSchema(code, todo[i], into);
  if (todo.size() > kMaxSchemas) shape.needs_trial = true;
  return shape;
}

}  // namespace wfc::types
