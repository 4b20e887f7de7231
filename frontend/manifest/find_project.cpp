#include "frontend/manifest/find_project.h"

#include <filesystem>

#include <fmt/core.h>

#include "ir/files/project_folder.h"

namespace wfc::manifest {
namespace {

namespace fs = std::filesystem;

/// The nearest folder, `folder` itself or one above it, that holds wfc.yaml; empty if none does.
std::string FindFolderAbove(const fs::path& folder) {
  std::error_code error;
  fs::path shown = folder.empty() ? fs::path(".") : folder;
  fs::path absolute = fs::absolute(shown, error).lexically_normal();
  if (!absolute.has_filename()) absolute = absolute.parent_path();  // "/a/b/" is "/a/b"
  while (!error) {
    if (files::IsFileOnDisk(absolute / kRootName)) return shown.empty() ? "." : shown.string();
    if (!absolute.has_relative_path()) break;
    // The parent of `a/b` is shown as `a` and that of `.` as `..`, so that a relative path stays
    // relative to the directory in which wfc was started.
    const bool is_up = shown.empty() || shown == "." || shown.filename() == "..";
    shown = is_up ? (shown == "." ? fs::path("..") : shown / "..") : shown.parent_path();
    absolute = absolute.parent_path();
  }
  return {};
}

/// The folder of the project that `path` refers to; `is_folder` tells whether `path` is itself a
/// folder.
Result<std::string, LoadFailure> FindFolder(const std::string& path, bool& is_folder) {
  const fs::path given = path.empty() ? fs::path(".") : fs::path(path);
  std::error_code error;
  const fs::file_status status = fs::status(given, error);
  if (status.type() == fs::file_type::not_found) {
    return LoadFailure{.message = fmt::format("no such file or folder: {}", path)};
  }
  if (error)
    return LoadFailure{.message = fmt::format("cannot read {}: {}", path, error.message())};
  is_folder = status.type() == fs::file_type::directory;
  std::string folder;
  if (is_folder && !path.empty()) {
    if (files::IsFileOnDisk(given / kRootName)) folder = given.lexically_normal().string();
  } else {
    folder = FindFolderAbove(is_folder ? given : given.parent_path());
  }
  if (!folder.empty()) {
    if (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    return folder;
  }
  constexpr std::string_view kNext =
      "name the folder of a project, or begin one with a wfc.yaml that says `wfc: 1` and has a "
      "workflow";
  return LoadFailure{
      .reason = LoadFailure::Reason::NothingToCheck,
      .message = path.empty() ? fmt::format("no wfc.yaml here or in a folder above; {}", kNext)
                              : fmt::format("no wfc.yaml in {}; {}", path, kNext)};
}

}  // namespace

Result<FoundProject, LoadFailure> FindProject(const std::string& path) {
  bool is_folder = true;
  Result<std::string, LoadFailure> folder = FindFolder(path, is_folder);
  if (!folder) return folder.error();
  return FoundProject{.folder = std::move(*folder), .named = is_folder ? "" : path};
}

bool IsSameFile(const std::string& left, const std::string& right) {
  std::error_code error;
  return fs::equivalent(left, right, error) && !error;
}

}  // namespace wfc::manifest
