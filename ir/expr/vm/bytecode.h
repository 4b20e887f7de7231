// The instruction set of the expression machine, which plans store. The compiler emits it,
// VerifyProgram checks it, and the machine runs it.
//
// A word holds the opcode in bits 0-7 and a small operand in the bits above; the words that follow
// are listed in brackets below. A jump target is the offset of a word from the start of the
// program. Jumps lead forward, except those to the head of a loop.
#pragma once

#include <cstdint>
#include <string_view>

namespace wfc {

/// The instructions, numbered as in plans. "push" and "pop" refer to the value stack; slots hold
/// the values of bound names.
enum class Opcode : uint8_t {
  Const,  ///< [+constant] push the constant
  Load,   ///< operand: RootKind; [+a +b] push the value of the root
  Slot,   ///< operand: slot; push its value
#define WFC_EXPR_OPERATOR(id, name) id,
#include "ir/expr/vm/operators.def"
  JumpIfFalse,  ///< [+target] jump if the top is false
  JumpIfTrue,   ///< [+target] jump if the top is true
  /// [+else +end] pop a condition; if it is false, jump to else; if it is an error or not a bool,
  /// push the error and jump to end.
  Branch,
  Jump,  ///< [+target] jump
  /// [+target] jump if the top is present, replacing an Optional by what it holds; otherwise pop
  /// it.
  JumpIfPresent,
  AbsentCoalesce,  ///< push the error of a `coalesce` without a present argument
  MakeList,        ///< [+count] pop the items, push a list
  MakeMap,         ///< [+count of entries] pop keys and values, push a map
  OptionToList,    ///< pop an Optional, push a list of 0 or 1 items
  OptionToMap,     ///< pop an Optional and a key, push a map of 0 or 1 entries
  Merge,           ///< pop two maps, push the map of the entries of both
  Concat,          ///< [+count] pop the parts, push the concatenation of their texts
  Call,            ///< operand: argument count; [+Builtin] pop the arguments, push the result
  /// Operand: LoopForm. [+exit] pop a range and open the slots of the loop; if the range is an
  /// error or cannot be iterated, push an error and jump to exit.
  LoopBegin,
  /// [+exit] set the slots to the next item; after the last item, close the slots, push the result
  /// and jump to exit.
  LoopNext,
  /// [+next +exit] pop a predicate; if it is false, jump to next; if it is an error or not a bool,
  /// close the slots, push the error and jump to exit.
  LoopTest,
  /// [+next +exit] pop the value of the body, add it to the result and jump to next; if that
  /// decides the result or fails, close the slots, push the result or error and jump to exit.
  LoopStep,
  BindBegin,  ///< pop a value, open a slot that holds it
  BindEnd,    ///< close the slot
  /// [+exit] pop an Optional, open a slot that holds its value; if it is empty or an error, push it
  /// and jump to exit.
  OptionBegin,
  /// Operand: 1 to wrap the top in an Optional, 0 to demand that it is one. Close the slot.
  OptionEnd,
  Return,  ///< the end of a program
  /// Operand: 1 for double, 0 for int. Convert the top if it is a number or an Optional of one.
  AsNumber,
};
inline constexpr uint32_t kOpcodeCount = static_cast<uint32_t>(Opcode::AsNumber) + 1;

/// The operator as the language spells it; `opcode` must be one of operators.def.
[[nodiscard]] std::string_view NameOfOperator(Opcode opcode);

/// What a comprehension computes. Numbered as in plans.
enum class LoopKind : uint8_t {
  All,
  Exists,
  ExistsOne,
  Filter,
  Transform,          ///< a list of the values of the body
  TransformMap,       ///< a map from the key or index of each item to the value of the body
  TransformMapEntry,  ///< the values of the body are maps; one map of all their entries
};
inline constexpr uint32_t kLoopKindCount = static_cast<uint32_t>(LoopKind::TransformMapEntry) + 1;

/// The variant of a comprehension. With pairs, a loop has two slots, one for the key or index and
/// one for the value; otherwise it has one slot, for the item of a list or the key of a map.
struct LoopForm {
  LoopKind kind = LoopKind::All;
  bool has_pairs = false;
};
/// The number of slots that a loop opens.
constexpr uint32_t SlotsOf(LoopForm form) {
  return form.has_pairs ? 2 : 1;
}
/// The loop form as the operand of LoopBegin; UnpackLoop is the inverse.
constexpr uint32_t PackLoop(LoopForm form) {
  return static_cast<uint32_t>(form.kind) << 1 | (form.has_pairs ? 1 : 0);
}
constexpr LoopForm UnpackLoop(uint32_t operand) {
  return {.kind = static_cast<LoopKind>(operand >> 1), .has_pairs = (operand & 1) != 0};
}

/// The number of words that follow the first word of an instruction.
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

/// The first word of an instruction; `operand` must fit 24 bits.
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
