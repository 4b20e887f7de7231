#include "ir/builtin_shapes.h"

#include <array>

namespace wfc::ir {

namespace {

constexpr BuiltinShapes kEcho = {"", ""};
constexpr BuiltinShapes kFsList = {
    R"({"fields": {"root": {"type": "string", "default": "."},
                   "glob": {"type": "string", "default": "**"},
                   "max_files": {"type": "integer", "minimum": 1, "default": 1000}}})",
    R"({"fields": {"files": {"list": {"fields": {"path": "string", "size": {"type": "integer", "minimum": 0}}}},
                   "truncated": "boolean"}})"};
constexpr BuiltinShapes kFsRead = {
    R"({"fields": {"path": "string",
                   "max_bytes": {"type": "integer", "minimum": 1, "default": 1048576}}})",
    R"({"fields": {"path": "string", "text": "string", "sha256": "string",
                   "truncated": "boolean"}})"};
constexpr BuiltinShapes kFsWrite = {
    R"({"fields": {"path": "string", "text": "string",
                   "how": {"enum": ["replace", "create", "append"], "default": "replace"}}})",
    R"({"fields": {"path": "string", "sha256": "string", "size": {"type": "integer", "minimum": 0}}})"};
constexpr BuiltinShapes kTextSearch = {
    R"({"fields": {"pattern": "string", "root": {"type": "string", "default": "."},
                   "glob": {"type": "string", "default": "**"},
                   "max_matches": {"type": "integer", "minimum": 1, "default": 200}}})",
    R"({"fields": {"matches": {"list": {"fields": {"path": "string", "text": "string",
                                                   "line": {"type": "integer", "minimum": 1},
                                                   "column": {"type": "integer", "minimum": 1}}}},
                   "truncated": "boolean"}})"};
constexpr BuiltinShapes kGitLog = {
    R"({"fields": {"root": {"type": "string", "default": "."}, "path": "string",
                   "max": {"type": "integer", "minimum": 1, "default": 50}},
        "optional": ["path"]})",
    R"({"fields": {"commits": {"list": {"fields": {"sha": "string", "author": "string",
                                                   "date": "string", "subject": "string"}}}}})"};
constexpr BuiltinShapes kGitDiff = {
    R"({"fields": {"base": "string", "root": {"type": "string", "default": "."},
                   "path": "string"},
        "optional": ["path"]})",
    R"({"fields": {"files": {"list": {
          "fields": {"path": "string", "old_path": "string",
                     "status": {"enum": ["added", "modified", "deleted", "renamed"]},
                     "patch": "string"},
          "optional": ["old_path"]}}}})"};

#define WFC_SHAPES_Now(id) k##id,
#define WFC_SHAPES_Later(id)
// One row per supported tool, in the order of BuiltinTool. A tool without a constant of its name
// above does not compile.
constexpr auto kShapes = std::to_array<BuiltinShapes>({
#define WFC_BUILTIN_TOOL(id, name, since, effect, need, argument, list, limit, help) \
  WFC_SHAPES_##since(id)
#include "ir/base/builtin_tools.def"
});

}  // namespace

BuiltinShapes ShapesOf(BuiltinTool tool) {
  return kShapes[static_cast<size_t>(tool)];
}

}  // namespace wfc::ir
