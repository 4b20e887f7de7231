// The tools that come with wfc, as builtin_tools.def lists them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ir/base/words.h"

namespace wfc {

/// Those that are supported, by their numbers in plans.
enum class BuiltinTool : uint8_t {
#define WFC_BUILTIN_TOOL(id, name, since, effect, need, argument, list, limit, help) \
  WFC_ENTRY_##since(id)
#include "ir/base/builtin_tools.def"
};

/// What a call needs to be allowed: a path, or a root and all below it.
enum class BuiltinNeed : uint8_t { None, FsReadRoot, FsReadPath, FsWritePath };

/// The capability of a need that is not None.
[[nodiscard]] constexpr Capability CapabilityOf(BuiltinNeed need) {
  return need == BuiltinNeed::FsWritePath ? Capability::FsWrite : Capability::FsRead;
}

struct BuiltinToolInfo {
  BuiltinTool id;
  std::string_view name;
  Effect effect;
  BuiltinNeed need;
  std::string_view argument;  ///< of `with`: what the need is for; "" without a need
  std::string_view list;      ///< of what it returns: the list that `limit` bounds; "" none
  std::string_view limit;     ///< the argument that says how many items the list has at most
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

/// Also of those that are not supported yet.
inline constexpr auto kBuiltinToolNames = std::to_array<std::string_view>({
#define WFC_BUILTIN_TOOL(id, name, since, effect, need, argument, list, limit, help) name,
#include "ir/base/builtin_tools.def"
});

}  // namespace internal

[[nodiscard]] constexpr std::span<const BuiltinToolInfo> AllBuiltinTools() {
  return internal::kBuiltinTools;
}
[[nodiscard]] constexpr const BuiltinToolInfo& GetInfo(BuiltinTool tool) {
  return internal::kBuiltinTools[static_cast<size_t>(tool)];
}
/// One that is supported; null: there is none of that name.
[[nodiscard]] constexpr const BuiltinToolInfo* FindBuiltinTool(std::string_view name) {
  for (const BuiltinToolInfo& info : internal::kBuiltinTools) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

/// All names, those of tools that are not supported yet among them.
[[nodiscard]] constexpr std::span<const std::string_view> BuiltinToolNames() {
  return internal::kBuiltinToolNames;
}
[[nodiscard]] constexpr bool IsLaterBuiltinTool(std::string_view name) {
  if (FindBuiltinTool(name) != nullptr) return false;
  for (const std::string_view known : BuiltinToolNames()) {
    if (known == name) return true;
  }
  return false;
}

/// What the argument of a root is when a call leaves it out.
inline constexpr std::string_view kDefaultRoot = ".";

}  // namespace wfc
