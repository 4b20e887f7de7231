// The operators and functions of the machine, which alone calls them. Each charges the meter of its
// evaluation before it works, and yields an Error value if it fails or the budget is exceeded.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ir/expr/vm/builtins.h"
#include "ir/expr/vm/bytecode.h"
#include "ir/expr/vm/meter.h"

namespace wfc::vm {

/// An error of code Type.
[[nodiscard]] Value TypeError(std::string_view what);
/// The error of an operator that has no overload for its operands.
[[nodiscard]] Value NoOverload(Opcode opcode, const Value& left, const Value& right);
/// The error of the function `name` that has no overload for the kind of `argument`.
[[nodiscard]] Value NoOverloadOf(std::string_view name, const Value& argument);
/// The error of an operation on ints of 64 bits that was given a larger integer.
[[nodiscard]] Value BeyondInt(const Value& big);

// Operators. No operand is an error; operands follow the meter in the order in which they are
// written.
Value Binary(Meter& meter, Opcode opcode, const Value& left, const Value& right);
Value Negate(const Value& operand);
/// `operand[key]`. Absent if a map has no such key or the operand is neither a map nor a list; an
/// error of code Index if a list has no such item.
Value Index(Meter& meter, const Value& operand, const Value& key);
/// `operand.name`. Absent if the operand is not a map or has no such field.
Value Select(const Value& operand, const Value& name);
/// A pointer to the value that Select yields, or null if Select yields an error.
const Value* FindField(const Value& operand, const Value& name);
/// The value as JSON for a message, cut after some characters.
std::string ShowClipped(const Value& value);
/// The key as a message shows it.
std::string DescribeKey(const Value& key);
/// The part as an Optional, which is empty if the part is absent or its index is outside the list.
/// Other errors stay errors.
Value ToOptional(Value part);

// Constructors of composite values; they move from their parts.
Value MakeList(Meter& meter, std::span<Value> items);
/// Fails if a key cannot be the key of a map or occurs twice.
Value MakeMap(Meter& meter, std::span<Value> keys_and_values);
/// A map of the entries of both. Fails if one is not a map or a key occurs in both.
Value MergeMaps(Meter& meter, const Value& left, const Value& right);
/// A String of the text, which must be well-formed UTF-8.
Value MakeText(Meter& meter, std::string_view text);
/// The concatenation of the parts as templates render them.
Value ConcatText(Meter& meter, std::span<const Value> parts);
/// Converts a number, or the number that an Optional holds, to a double or an int. Any other value
/// stays as it is, as does a number with a fraction that would become an int.
[[nodiscard]] Value AsNumber(const Value& value, bool is_double);
/// `value` as data (ir/value/data.h), or an error if it has no such form.
[[nodiscard]] Value Render(const Value& value);

/// Calls `builtin`. No argument is an error, and their number is within the bounds of the table.
Value CallBuiltin(Meter& meter, Builtin builtin, std::span<const Value> arguments);

#define WFC_BUILTIN(id, name, form, min_arguments, max_arguments, since, help) \
  Value Call##id(Meter& meter, std::span<const Value> arguments);
#include "ir/expr/vm/builtins.def"

}  // namespace wfc::vm
