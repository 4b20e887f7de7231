// The instruction set of validator programs. The schema compiler (ir/types/schema) writes it; the
// verifier and the validator read it.
//
// A program is a sequence of schemas. A schema is a sequence of instructions, all of which must
// hold, up to End. An instruction is one word, `op | operand count << 8`, followed by its operands.
// A *target* is the offset of a schema's first word. *Names* are constants that are strings, sorted
// and distinct. Applying another schema is the only control flow, and its nesting is limited by
// ValidationBudget::depth.
#pragma once

#include <cstdint>
#include <span>

#include "ir/value/value.h"

namespace wfc::types {

/// The instructions. The comments list the operands.
enum class Op : uint8_t {
  End,               ///< -
  False,             ///< -; nothing fits
  Type,              ///< mask of TypeBit
  Enum,              ///< constants; the value is one of them
  Const,             ///< constant; the value is equal to it
  Minimum,           ///< constant that is a number
  Maximum,           ///< constant that is a number
  ExclusiveMinimum,  ///< constant that is a number
  ExclusiveMaximum,  ///< constant that is a number
  MultipleOf,        ///< constant that is a number above 0
  MinLength,         ///< count of code points
  MaxLength,         ///< count of code points
  Pattern,           ///< index of a pattern
  MinItems,          ///< count of items
  MaxItems,          ///< count of items
  UniqueItems,       ///< -
  PrefixItems,       ///< targets of the first items
  Items,             ///< index of the first item, target for the items from there on
  MinProperties,     ///< count of properties
  MaxProperties,     ///< count of properties
  Required,          ///< names
  Properties,        ///< target of other properties or kNoTarget, then (name, target) pairs
  AnyOf,             ///< targets
  Ref,               ///< target
  /// Constant: the value of a property with this schema that is missing.
  Default,
  AllOf,  ///< targets
  OneOf,  ///< targets, of which exactly one fits
  Not,    ///< target
  If,     ///< target, target of `then` or kNoTarget, target of `else` or kNoTarget
  /// Target, then the least and the most items that must fit it; kNoCount for no upper limit.
  Contains,
  /// Target of other properties or kNoTarget, count of patterns, then (pattern, target) pairs, then
  /// (name, target) pairs. It takes the place of Properties.
  PatternProperties,
  PropertyNames,      ///< target
  DependentRequired,  ///< a name, then the names that must be present with it
  DependentSchemas,   ///< (name, target) pairs
  UnevaluatedItems,   ///< target for the items that no other keyword beside it has evaluated
  /// Target for the properties that no other keyword beside it has evaluated.
  UnevaluatedProperties,
  /// (name, target) pairs: the dynamic anchors in scope while the schema is applied.
  Scope,
  /// Name, target: the outermost scope's target for the name, or else the target given here.
  DynamicRef,
  Format,  ///< the number of a wfc::types::Format
};
inline constexpr uint32_t kOpCount = static_cast<uint32_t>(Op::Format) + 1;
/// The operand that stands for a missing target.
inline constexpr uint32_t kNoTarget = 0xFFFFFFFF;
/// The operand that stands for a missing upper limit.
inline constexpr uint32_t kNoCount = 0xFFFFFFFF;
/// The most operands that fit the count of an instruction word.
inline constexpr uint32_t kMaxOperands = 0xFFFFFF;

/// The type of a value, one bit each. A double without a fraction is an Integer; JSON Schema's
/// "number" is both number bits.
enum class TypeBit : uint8_t {
  Null = 1,
  Boolean = 2,
  Integer = 4,
  Fraction = 8,
  String = 16,
  Array = 32,
  Object = 64,
};
/// A set of types: one bit per TypeBit.
using TypeMask = uint8_t;
inline constexpr TypeMask kAllTypes = 127;
inline constexpr TypeMask kNumberTypes = 12;
[[nodiscard]] constexpr TypeMask Bit(TypeBit bit) {
  return static_cast<TypeMask>(bit);
}

/// The bit of the type of `value`; 0 for values that JSON does not have: bytes, timestamps,
/// durations, types, optionals, errors, numbers that are not finite, and maps with keys that are
/// not strings.
[[nodiscard]] TypeMask TypeOf(const Value& value);

/// An instruction of a program.
struct Instruction {
  Op op = Op::End;
  std::span<const uint32_t> operands;
};

/// The first word of an instruction.
[[nodiscard]] constexpr uint32_t InstructionWord(Op op, uint32_t operand_count) {
  return static_cast<uint32_t>(op) | operand_count << 8;
}

/// The instruction at offset `at`. Precondition: the code is verified and an instruction begins
/// there.
[[nodiscard]] inline Instruction ReadInstruction(std::span<const uint32_t> code, uint32_t at) {
  return {static_cast<Op>(code[at] & 0xFF), code.subspan(at + 1, code[at] >> 8)};
}

/// The offset of the instruction that follows `instruction`, which is at `at`.
[[nodiscard]] inline uint32_t NextInstruction(const Instruction& instruction, uint32_t at) {
  return at + 1 + static_cast<uint32_t>(instruction.operands.size());
}

}  // namespace wfc::types
