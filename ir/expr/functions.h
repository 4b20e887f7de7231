// Looks up functions and macros by their spelling, and suggests a name for a spelling that means
// none. The parser calls it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/expr/expr.h"
#include "ir/expr/vm/builtins.h"
#include "ir/value/value.h"

namespace wfc::expr {

/// How a call is written: `f(x)` is Global, `x.f()` is Member.
enum class CallStyle : uint8_t { Global, Member };

/// One form of a macro, as builtins.def lists it. The parser turns a macro into a node of its own,
/// so the machine never sees it as a call. A macro has one form for each number of names that its
/// body sees.
struct MacroInfo {
  Op op;
  std::string_view name;
  CallForm form;
  uint8_t names;          ///< number of names that the body sees; they are the first arguments
  uint8_t min_arguments;  ///< counts the receiver as an argument
  uint8_t max_arguments;
  std::string_view help;
};

/// All forms of all macros, in the order of builtins.def.
[[nodiscard]] std::span<const MacroInfo> AllMacros();

/// The function of this name, or null. Dotted names such as "math.abs" are looked up whole.
[[nodiscard]] const BuiltinInfo* FindBuiltin(std::string_view name);
/// The form of the macro whose body sees the fewest names, or null if there is no such macro.
[[nodiscard]] const MacroInfo* FindMacro(std::string_view name);
/// The form of the macro whose body sees `names` names, or null if there is none.
[[nodiscard]] const MacroInfo* FindMacro(std::string_view name, uint32_t names);
/// Whether a function or macro of this form can be called in this style.
[[nodiscard]] bool Admits(CallForm form, CallStyle style);

/// "; did you mean `size`?" with the function or macro whose name is nearest to `name`; "" if none
/// is within two edits.
[[nodiscard]] std::string SuggestFunction(std::string_view name);

/// The number of arguments in words: "2 arguments", "1 to 2 arguments", "no arguments". The caller
/// subtracts the receiver of a member call first.
[[nodiscard]] std::string DescribeArity(uint32_t min_arguments, uint32_t max_arguments);

/// The kind whose type `name` denotes ("int", "google.protobuf.Timestamp"); empty if it denotes
/// none.
[[nodiscard]] std::optional<Kind> FindType(std::string_view name);

/// Whether `name` is a reserved word of the language (`as`, `for`, `true`…) and can never be an
/// identifier.
[[nodiscard]] bool IsReserved(std::string_view name);

}  // namespace wfc::expr
