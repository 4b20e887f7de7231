#include "ir/builtin_tools.h"

#include <array>

namespace wfc::ir {

namespace {

struct Shapes {
  std::string_view input;
  std::string_view returns;
};

constexpr Shapes kEcho = {"", ""};
constexpr Shapes kFsList = {
    R"({"fields": {"root": {"type": "string", "default": "."},
                   "glob": {"type": "string", "default": "**"},
                   "max_files": {"type": "integer", "minimum": 1, "default": 1000}}})",
    R"({"fields": {"files": {"list": {"fields": {"path": "string", "size": {"type": "integer", "minimum": 0}}}},
                   "truncated": "boolean"}})"};
constexpr Shapes kFsRead = {
    R"({"fields": {"path": "string",
                   "max_bytes": {"type": "integer", "minimum": 1, "default": 1048576}}})",
    R"({"fields": {"path": "string", "text": "string", "sha256": "string",
                   "truncated": "boolean"}})"};
constexpr Shapes kFsWrite = {
    R"({"fields": {"path": "string", "text": "string",
                   "how": {"enum": ["replace", "create", "append"], "default": "replace"}}})",
    R"({"fields": {"path": "string", "sha256": "string", "size": {"type": "integer", "minimum": 0}}})"};
constexpr Shapes kTextSearch = {
    R"({"fields": {"pattern": "string", "root": {"type": "string", "default": "."},
                   "glob": {"type": "string", "default": "**"},
                   "max_matches": {"type": "integer", "minimum": 1, "default": 200}}})",
    R"({"fields": {"matches": {"list": {"fields": {"path": "string", "text": "string",
                                                   "line": {"type": "integer", "minimum": 1},
                                                   "column": {"type": "integer", "minimum": 1}}}},
                   "truncated": "boolean"}})"};
constexpr Shapes kGitLog = {
    R"({"fields": {"root": {"type": "string", "default": "."}, "path": "string",
                   "max": {"type": "integer", "minimum": 1, "default": 50}},
        "optional": ["path"]})",
    R"({"fields": {"commits": {"list": {"fields": {"sha": "string", "author": "string",
                                                   "date": "string", "subject": "string"}}}}})"};
constexpr Shapes kGitDiff = {
    R"({"fields": {"base": "string", "root": {"type": "string", "default": "."},
                   "path": "string"},
        "optional": ["path"]})",
    R"({"fields": {"files": {"list": {
          "fields": {"path": "string", "old_path": "string",
                     "status": {"enum": ["added", "modified", "deleted", "renamed"]},
                     "patch": "string"},
          "optional": ["old_path"]}}}})"};

constexpr auto kInfos = std::to_array<BuiltinToolInfo>({
#define WFC_BUILTIN_TOOL(id, name, effect, need, argument, list, limit, help)             \
  {BuiltinTool::id, name, Effect::effect, BuiltinNeed::need, argument, help, k##id.input, \
   k##id.returns,   list, limit},
#include "ir/base/builtin_tools.def"
});

}  // namespace

std::span<const BuiltinToolInfo> AllBuiltinTools() {
  return kInfos;
}

const BuiltinToolInfo* FindBuiltinTool(std::string_view name) {
  for (const BuiltinToolInfo& info : kInfos) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

}  // namespace wfc::ir
