// The tools that come with wfc, as builtin_tools.def lists them, and the shapes of what they take
// and yield (language.md, "Tools and servers").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ir/security.h"

namespace wfc::ir {

enum class BuiltinTool : uint8_t {
#define WFC_BUILTIN_TOOL(id, name, effect, need, argument, list, limit, help) id,
#include "ir/base/builtin_tools.def"
};

/// What a call needs to be allowed: a path, or a root and all below it.
enum class BuiltinNeed : uint8_t { None, FsReadRoot, FsReadPath, FsWritePath };

struct BuiltinToolInfo {
  BuiltinTool id;
  std::string_view name;
  Effect effect;
  BuiltinNeed need;
  std::string_view argument;  ///< of `with`: what the need is for; "" without a need
  std::string_view help;
  std::string_view input;    ///< a schema in JSON; "": anything
  std::string_view returns;  ///< "": what it was given
  std::string_view list;     ///< of what it returns: the list that `limit` bounds; "" none
  std::string_view limit;    ///< the argument that says how many items the list has at most
};

[[nodiscard]] std::span<const BuiltinToolInfo> AllBuiltinTools();
[[nodiscard]] const BuiltinToolInfo* FindBuiltinTool(std::string_view name);

/// What the argument of the need is when a call leaves it out.
inline constexpr std::string_view kDefaultRoot = ".";

}  // namespace wfc::ir
