// The words of validator programs. The compiler (ir/types) writes them, the verifier and the
// validator read them.
//
// A program is a row of schemas; a schema is a row of instructions, all of which must hold, up to
// End. An instruction is one word `op | operand count << 8` and its operands. A *target* is the
// offset of a schema's first word; *names* are constants that are strings, sorted and distinct.
// Calls of other schemas are the only control flow, and each is bounded by ValidationBudget::depth.
#pragma once

#include <cstdint>
#include <span>

#include "ir/value/value.h"

namespace wfc::types {

enum class Op : uint8_t {
  End,                    ///< -
  False,                  ///< -: nothing fits
  Type,                   ///< mask of TypeBit
  Enum,                   ///< constant…: one of them
  Const,                  ///< constant
  Minimum,                ///< constant, a number; so are the next four
  Maximum,                ///<
  ExclusiveMinimum,       ///<
  ExclusiveMaximum,       ///<
  MultipleOf,             ///< above 0
  MinLength,              ///< count of code points
  MaxLength,              ///<
  Pattern,                ///< pattern
  MinItems,               ///< count
  MaxItems,               ///<
  UniqueItems,            ///< -
  PrefixItems,            ///< target…: of the first items
  Items,                  ///< first index, target: of the items from there on
  MinProperties,          ///< count
  MaxProperties,          ///<
  Required,               ///< name…
  Properties,             ///< target of other properties or kNoTarget, (name, target)…
  AnyOf,                  ///< target…
  Ref,                    ///< target
  Default,                ///< constant: what a property with this schema has when it is left out
  AllOf,                  ///< target…
  OneOf,                  ///< target…: exactly one of them
  Not,                    ///< target
  If,                     ///< target, target of `then` or kNoTarget, target of `else` or kNoTarget
  Contains,               ///< target, least and most count of items that fit it; kNoCount: any
  PatternProperties,      ///< target of other properties or kNoTarget, count of patterns,
                          ///< (pattern, target)…, (name, target)…: as Properties, which it replaces
  PropertyNames,          ///< target
  DependentRequired,      ///< name, name…: with the first the others
  DependentSchemas,       ///< (name, target)…
  UnevaluatedItems,       ///< target: of items that no other keyword beside it has judged
  UnevaluatedProperties,  ///< target
  Scope,       ///< (name, target)…: while the schema is applied, its anchors are in dynamic scope
  DynamicRef,  ///< name, target: what the outermost scope with the name has, else the target
  Format,      ///< a wfc::types::Format
};
inline constexpr uint32_t kOpCount = static_cast<uint32_t>(Op::Format) + 1;
inline constexpr uint32_t kNoTarget = 0xFFFFFFFF;
inline constexpr uint32_t kNoCount = 0xFFFFFFFF;
inline constexpr uint32_t kMaxOperands = 0xFFFFFF;

/// What a value is, one bit each. A double without a fraction is an Integer; JSON's "number" is
/// both bits.
enum class TypeBit : uint8_t {
  Null = 1,
  Boolean = 2,
  Integer = 4,
  Fraction = 8,
  String = 16,
  Array = 32,
  Object = 64,
};
using TypeMask = uint8_t;
inline constexpr TypeMask kAllTypes = 127;
inline constexpr TypeMask kNumberTypes = 12;
[[nodiscard]] constexpr TypeMask Bit(TypeBit bit) {
  return static_cast<TypeMask>(bit);
}

/// The one bit of `value`; 0 for what JSON has not (bytes, times, maps with keys that are not
/// strings).
[[nodiscard]] TypeMask TypeOf(const Value& value);

struct Instruction {
  Op op = Op::End;
  std::span<const uint32_t> operands;
};

[[nodiscard]] constexpr uint32_t InstructionWord(Op op, uint32_t operand_count) {
  return static_cast<uint32_t>(op) | operand_count << 8;
}

/// Of verified code; `at` is the offset of an instruction.
[[nodiscard]] inline Instruction ReadInstruction(std::span<const uint32_t> code, uint32_t at) {
  return {static_cast<Op>(code[at] & 0xFF), code.subspan(at + 1, code[at] >> 8)};
}

[[nodiscard]] inline uint32_t NextInstruction(const Instruction& instruction, uint32_t at) {
  return at + 1 + static_cast<uint32_t>(instruction.operands.size());
}

}  // namespace wfc::types
