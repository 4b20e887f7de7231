// The functions of the expression language, as builtins.def lists them. The parser, inference, the
// compiler to bytecode and the machine use this table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wfc {

/// The functions, numbered as in plans: builtins.def only ever grows at its end.
enum class Builtin : uint16_t {
#define WFC_BUILTIN(id, name, form, min_arguments, max_arguments, since, help) id,
#include "ir/expr/vm/builtins.def"
};

/// How a function may be called.
enum class CallForm : uint8_t {
  Global,  ///< `size(x)`
  Member,  ///< `x.size()`; the receiver counts as an argument
  Both,
};

/// A row of builtins.def.
struct BuiltinInfo {
  Builtin id;
  std::string_view name;  ///< may be dotted: "math.abs"
  CallForm form;
  uint8_t min_arguments;  ///< counts the receiver as an argument
  uint8_t max_arguments;
  /// The version of the language that introduced the function.
  std::string_view since;
  /// What the function yields, for the reference.
  std::string_view help;
};

/// All functions, indexed by Builtin.
[[nodiscard]] std::span<const BuiltinInfo> AllBuiltins();
/// The row of the function.
[[nodiscard]] const BuiltinInfo& GetInfo(Builtin id);

/// Explains why `matches` cannot use the pattern, with the offending part and mostly in RE2's
/// words: "missing ): a(b". "" if it can use it.
[[nodiscard]] std::string ExplainPattern(std::string_view pattern);

/// What `matches` charges for a pattern, in steps.
struct PatternCharge {
  uint64_t compiling = 0;
  uint64_t searching = 0;
};
/// The charge for the pattern and a search of a text of `bytes`.
[[nodiscard]] PatternCharge ChargeOfPattern(std::string_view pattern, uint64_t bytes);

}  // namespace wfc
