// The instructions of the expression machine. A word holds the opcode in bits 0-7 and a small
// operand above; further words follow where the table says. Jump targets are word offsets from the
// start of the program and point forward, except those of the comprehension loop.
#pragma once

#include <cstdint>
#include <string_view>

namespace wfc {

enum class Opcode : uint8_t {
  Const,  ///< [+constant] push
  Load,   ///< operand: RootKind [+a +b] push
  Slot,   ///< operand: slot; push
#define WFC_EXPR_OPERATOR(id, name) id,
#include "ir/expr/vm/operators.def"
  JumpIfFalse,     ///< [+target] when the top is false
  JumpIfTrue,      ///< [+target] when the top is true
  Branch,          ///< [+else +end] pop c; false: to else; an error or no boolean: push it, to end
  Jump,            ///< [+target]
  JumpIfPresent,   ///< [+target] when the top is present (an Optional: unwrapped); else pop
  AbsentCoalesce,  ///< push the error of a `coalesce` with nothing present
  MakeList,        ///< [+count] pop items, push a list
  MakeMap,         ///< [+count of entries] pop keys and values, push a map
  OptionToList,    ///< pop an Optional, push a list of 0 or 1 items
  OptionToMap,     ///< pop an Optional, key; push a map of 0 or 1 entries
  Merge,           ///< pop b, a; push the map of both
  Concat,          ///< [+count] pop parts, push their text
  Call,            ///< operand: argument count [+Builtin] pop arguments, push the result
  LoopBegin,  ///< operand: LoopForm [+exit] pop a range, open its slots; an error: push it, to exit
  LoopNext,   ///< [+exit] set the slots to the next item; at the end: push the result, to exit
  LoopTest,   ///< [+next +exit] pop p; false: to next; an error: push it, close the slots, to exit
  LoopStep,   ///< [+next +exit] pop a value, take it in; to next, or when decided push it, to exit
  BindBegin,  ///< pop a value, open a slot that holds it
  BindEnd,    ///< close the slot
  OptionBegin,  ///< [+exit] pop an Optional; empty (or an error): push it, to exit; else as
                ///< BindBegin
  OptionEnd,    ///< operand: 1 to wrap the top as an Optional, 0 to demand one; close the slot
  Return,       ///< the end of a program
  AsNumber,  ///< operand: 1 for double, 0 for int; the top, or what it holds as an Optional, if it
             ///< is a number
};
inline constexpr uint32_t kOpcodeCount = static_cast<uint32_t>(Opcode::AsNumber) + 1;

/// As the language spells an operator.
[[nodiscard]] std::string_view NameOfOperator(Opcode opcode);

enum class LoopKind : uint8_t {
  All,
  Exists,
  ExistsOne,
  Filter,
  Transform,          ///< a list of the values
  TransformMap,       ///< a map of the values by the key or index of each item
  TransformMapEntry,  ///< the values are maps: one map of their entries
};
inline constexpr uint32_t kLoopKindCount = static_cast<uint32_t>(LoopKind::TransformMapEntry) + 1;

/// With pairs, a loop has two slots, for the key or index and for the value; else one, for the item
/// of a list or the key of a map.
struct LoopForm {
  LoopKind kind = LoopKind::All;
  bool has_pairs = false;
};
constexpr uint32_t SlotsOf(LoopForm form) {
  return form.has_pairs ? 2 : 1;
}
constexpr uint32_t PackLoop(LoopForm form) {
  return static_cast<uint32_t>(form.kind) << 1 | (form.has_pairs ? 1 : 0);
}
constexpr LoopForm UnpackLoop(uint32_t operand) {
  return {.kind = static_cast<LoopKind>(operand >> 1), .has_pairs = (operand & 1) != 0};
}

/// Words after the first.
constexpr uint32_t ExtraWords(Opcode opcode) {
  switch (opcode) {
    case Opcode::Load:
    case Opcode::Branch:
    case Opcode::LoopTest:
    case Opcode::LoopStep:
      return 2;
    case Opcode::Const:
    case Opcode::Select:
    case Opcode::SelectOptional:
    case Opcode::Has:
    case Opcode::JumpIfFalse:
    case Opcode::JumpIfTrue:
    case Opcode::Jump:
    case Opcode::JumpIfPresent:
    case Opcode::MakeList:
    case Opcode::MakeMap:
    case Opcode::Concat:
    case Opcode::Call:
    case Opcode::LoopBegin:
    case Opcode::LoopNext:
    case Opcode::OptionBegin:
      return 1;
    default:
      return 0;
  }
}

constexpr uint32_t MakeWord(Opcode opcode, uint32_t operand = 0) {
  return static_cast<uint32_t>(opcode) | operand << 8;
}
constexpr Opcode OpcodeOf(uint32_t word) {
  return static_cast<Opcode>(word & 0xFF);
}
constexpr uint32_t OperandOf(uint32_t word) {
  return word >> 8;
}

}  // namespace wfc
