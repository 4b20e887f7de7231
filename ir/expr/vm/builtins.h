// The functions of the expression language, as builtins.def lists them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wfc {

enum class Builtin : uint16_t {
#define WFC_BUILTIN(id, name, form, min_arguments, max_arguments, since, help) id,
#include "ir/expr/vm/builtins.def"
};

enum class CallForm : uint8_t {
  Global,  ///< `size(x)`
  Member,  ///< `x.size()`; the receiver counts as an argument
  Both,
};

struct BuiltinInfo {
  Builtin id;
  std::string_view name;  ///< may be dotted: "math.abs"
  CallForm form;
  uint8_t min_arguments;  ///< with the receiver
  uint8_t max_arguments;
  std::string_view since;
  std::string_view help;
};

[[nodiscard]] std::span<const BuiltinInfo> AllBuiltins();
[[nodiscard]] const BuiltinInfo& GetInfo(Builtin id);

/// Why `matches` cannot use the pattern, in the words of RE2 and with the place: "missing ): a(b";
/// "": it can.
[[nodiscard]] std::string ExplainPattern(std::string_view pattern);

}  // namespace wfc
