// The tools that come with wfc, as rows of builtin_tools.def. The compiler resolves and checks
// calls by these rows, and the runtime performs the calls.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ir/base/words.h"

namespace wfc {

/// The supported built-in tools. Plans store these numbers.
enum class BuiltinTool : uint8_t {
#define WFC_ENTRY_Now(id) id,
#define WFC_ENTRY_Later(id)
#define WFC_BUILTIN_TOOL(id, name, since, effect, need, argument, list, limit, help) \
  WFC_ENTRY_##since(id)
#include "ir/base/builtin_tools.def"
#undef WFC_ENTRY_Now
#undef WFC_ENTRY_Later
};

/// What must be granted for a call: one path, or a root folder with everything below it.
enum class BuiltinNeed : uint8_t { None, FsReadRoot, FsReadPath, FsWritePath };

/// The capability that a need asks for. Precondition: `need` is not None.
[[nodiscard]] constexpr Capability CapabilityOf(BuiltinNeed need) {
  return need == BuiltinNeed::FsWritePath ? Capability::FsWrite : Capability::FsRead;
}

/// One row of builtin_tools.def: a supported tool.
struct BuiltinToolInfo {
  BuiltinTool id;
  std::string_view name;
  Effect effect;
  BuiltinNeed need;
  /// The argument in `with` that names the path of `need`; "" when `need` is None.
  std::string_view argument;
  std::string_view list;   ///< the list in the result that `limit` bounds; "" means none
  std::string_view limit;  ///< the argument that bounds the length of `list`; "" means none
  std::string_view help;
};

namespace internal {

#define WFC_INFO_Now(...) BuiltinToolInfo{__VA_ARGS__},
#define WFC_INFO_Later(...)
inline constexpr auto kBuiltinTools = std::to_array<BuiltinToolInfo>({
#define WFC_BUILTIN_TOOL(id, name, since, effect, need, argument, list, limit, help)         \
  WFC_INFO_##since(BuiltinTool::id, name, Effect::effect, BuiltinNeed::need, argument, list, \
                   limit, help)
#include "ir/base/builtin_tools.def"
});
#undef WFC_INFO_Now
#undef WFC_INFO_Later

/// Includes the tools that are not supported yet.
inline constexpr auto kBuiltinToolNames = std::to_array<std::string_view>({
#define WFC_BUILTIN_TOOL(id, name, since, effect, need, argument, list, limit, help) name,
#include "ir/base/builtin_tools.def"
});

}  // namespace internal

/// The supported tools, in the order of BuiltinTool.
[[nodiscard]] constexpr std::span<const BuiltinToolInfo> AllBuiltinTools() {
  return internal::kBuiltinTools;
}
/// The row of a tool; every supported tool has one.
[[nodiscard]] constexpr const BuiltinToolInfo& GetInfo(BuiltinTool tool) {
  return internal::kBuiltinTools[static_cast<size_t>(tool)];
}
/// The supported tool of that name; null when there is none.
[[nodiscard]] constexpr const BuiltinToolInfo* FindBuiltinTool(std::string_view name) {
  for (const BuiltinToolInfo& info : internal::kBuiltinTools) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

/// The names of all tools, including those that are not supported yet.
[[nodiscard]] constexpr std::span<const std::string_view> BuiltinToolNames() {
  return internal::kBuiltinToolNames;
}
/// Whether `name` is a built-in tool that is recognised but not supported yet (L001).
[[nodiscard]] constexpr bool IsLaterBuiltinTool(std::string_view name) {
  if (FindBuiltinTool(name) != nullptr) return false;
  for (const std::string_view known : BuiltinToolNames()) {
    if (known == name) return true;
  }
  return false;
}

/// The value of a root argument that a call leaves out.
inline constexpr std::string_view kDefaultRoot = ".";

}  // namespace wfc
