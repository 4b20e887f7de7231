// Calls by name: which builtin or macro a spelling means, and what to suggest for one that means
// none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/expr/expr.h"
#include "ir/expr/vm/builtins.h"
#include "ir/value/value.h"

namespace wfc::expr {

/// How a call is written.
enum class CallStyle : uint8_t { Global, Member };

/// A form of a macro of the parser, as builtins.def lists it; it never reaches the machine.
struct MacroInfo {
  Op op;
  std::string_view name;
  CallForm form;
  uint8_t names;          ///< that its body sees: its first arguments
  uint8_t min_arguments;  ///< with the receiver
  uint8_t max_arguments;
  std::string_view help;
};

[[nodiscard]] std::span<const MacroInfo> AllMacros();

[[nodiscard]] const BuiltinInfo* FindBuiltin(std::string_view name);
/// The form with the fewest names.
[[nodiscard]] const MacroInfo* FindMacro(std::string_view name);
/// The form whose body has `names` names.
[[nodiscard]] const MacroInfo* FindMacro(std::string_view name, uint32_t names);
[[nodiscard]] bool Admits(CallForm form, CallStyle style);

/// "; did you mean `size`?" for the nearest name within two edits, or nothing.
[[nodiscard]] std::string SuggestFunction(std::string_view name);

/// "2 arguments", "1 to 2 arguments", "at least 1 argument": what the row takes, the receiver
/// apart.
[[nodiscard]] std::string DescribeArity(uint32_t min_arguments, uint32_t max_arguments);

/// A type that an identifier names ("int", "google.protobuf.Timestamp").
[[nodiscard]] std::optional<Kind> FindType(std::string_view name);

/// Whether the language keeps `name` for itself (`as`, `for`, `true`…): never an identifier.
[[nodiscard]] bool IsReserved(std::string_view name);

}  // namespace wfc::expr
