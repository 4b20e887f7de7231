// Operators and functions on values, each under the meter of one evaluation. Used by the machine
// only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ir/expr/vm/builtins.h"
#include "ir/expr/vm/bytecode.h"
#include "ir/expr/vm/meter.h"

namespace wfc::vm {

[[nodiscard]] Value TypeError(std::string_view what);
/// The error of an operator without an overload for its operands.
[[nodiscard]] Value NoOverload(Opcode opcode, const Value& left, const Value& right);
/// The error of what takes 64 bits and was given an integer beyond them.
[[nodiscard]] Value BeyondInt(const Value& big);

// Operators; no operand is an error. Meter first, then as written.
Value Binary(Meter& meter, Opcode opcode, const Value& left, const Value& right);
Value Negate(const Value& operand);
Value Index(Meter& meter, const Value& operand, const Value& key);
Value Select(const Value& operand, const Value& name);
/// What Select yields, or null when that is an error.
const Value* FindField(const Value& operand, const Value& name);
/// A value in a message: as JSON, cut after some characters.
std::string ShowClipped(const Value& value);
/// A key in a message.
std::string DescribeKey(const Value& key);
/// The part as an Optional: empty when absent.
Value ToOptional(Value part);

// Values made of others; the parts are moved from.
Value MakeList(Meter& meter, std::span<Value> items);
Value MakeMap(Meter& meter, std::span<Value> keys_and_values);
Value MergeMaps(Meter& meter, const Value& left, const Value& right);
Value MakeText(Meter& meter, std::string text);
/// What Concat makes of its parts.
Value ConcatText(Meter& meter, std::span<const Value> parts);
/// A number, also one that an Optional holds, as a double or an int; any other value as it is. What
/// has a fraction is no int, and stays.
[[nodiscard]] Value AsNumber(const Value& value, bool is_double);
/// `value` as data; an error where it is none.
[[nodiscard]] Value Render(const Value& value);

/// Calls `builtin`; no argument is an error, and their number is within the table's bounds.
Value CallBuiltin(Meter& meter, Builtin builtin, std::span<const Value> arguments);

#define WFC_BUILTIN(id, name, form, min_arguments, max_arguments, since, help) \
  Value Call##id(Meter& meter, std::span<const Value> arguments);
#include "ir/expr/vm/builtins.def"

}  // namespace wfc::vm
