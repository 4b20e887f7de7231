#include "ir/base/workspace_path.h"

#include <algorithm>

namespace wfc {
namespace {

/// Removes the first segment of `path` and the slash after it, and returns the segment.
std::string_view TakeSegment(std::string_view& path) {
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(segment.size() + 1, path.size()));
  return segment;
}

}  // namespace

std::string_view FindPathProblem(std::string_view path) {
  if (path.empty()) return "is empty; write `.` for the workspace itself";
  if (path.starts_with('/')) return "is absolute; paths are relative to the workspace";
  if (path.find('\0') != std::string_view::npos) return "has a NUL in it";
  while (!path.empty()) {
    if (TakeSegment(path) == "..") return "leads upwards; paths stay in the workspace";
  }
  return "";
}

std::string NormalizeWorkspacePath(std::string_view path) {
  std::string normal;
  while (!path.empty()) {
    const std::string_view segment = TakeSegment(path);
    if (segment.empty() || segment == ".") continue;
    if (!normal.empty()) normal += '/';
    normal += segment;
  }
  return normal.empty() ? "." : normal;
}

bool IsReservedPath(std::string_view path) {
  while (!path.empty()) {
    const std::string_view segment = TakeSegment(path);
    if (segment == ".git" || segment == ".wfc") return true;
  }
  return false;
}

}  // namespace wfc
