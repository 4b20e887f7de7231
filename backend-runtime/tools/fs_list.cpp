// The built-in tool fs.list: the files below a folder.
#include <utility>
#include <vector>

#include "backend-runtime/tools/file_tools.h"
#include "ir/base/path_pattern.h"

namespace wfc::tools {
namespace {

constexpr uint64_t kMostFiles = 100'000;

}  // namespace

ToolResult ListFiles(const Value& with, const Workspace& workspace) {
  Arguments arguments(with);
  const std::string root = arguments.Text("root", ".");
  const std::string glob = arguments.Text("glob", "**");
  const uint64_t max_files = arguments.Count("max_files", 1000, kMostFiles);
  if (arguments.failure()) return *arguments.failure();
  Result<std::string, runtime::Failure> path = UsePath(workspace, Capability::FsRead, root);
  if (!path) return path.error();

  std::vector<Value> files;
  const auto visit = [&](const WalkedFile& file) {
    if (!MatchesPathPattern(glob, file.path)) return Walk::GoOn;
    if (files.size() == max_files) return Walk::Stop;
    files.push_back(Value::Record({{"path", Value::String(file.path)},
                                   {"size", Value::Int(static_cast<int64_t>(file.size))}}));
    return Walk::GoOn;
  };
  const Result<bool, runtime::Failure> is_complete = WalkFiles(workspace, *path, visit);
  if (!is_complete) return is_complete.error();
  return Value::Record(
      {{"files", Value::List(std::move(files))}, {"truncated", Value::Bool(!*is_complete)}});
}

}  // namespace wfc::tools
