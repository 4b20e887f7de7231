#include "driver/wfc_run/workspace.h"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/core.h>

namespace wfc::driver {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRunRootInWorkspace = ".wfc/runs";

Result<std::unique_ptr<host::Files>> Open(const std::string& what, const fs::path& path) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error) return Error{fmt::format("the {} `{}`: {}", what, path.string(), error.message())};
  host::FileResult<std::unique_ptr<host::Files>> files = host::OpenFiles(real.string());
  if (!files) return Error{fmt::format("the {}: {}", what, files.error().message)};
  return std::move(*files);
}

}  // namespace

Result<std::unique_ptr<host::Files>> OpenWorkspace(const RunOptions& options,
                                                   const plan::PlanView& plan) {
  if (!options.workspace.empty()) return Open("workspace", options.workspace);
  Result<std::unique_ptr<host::Files>> project =
      Open("project's folder", options.project.empty() ? "." : options.project);
  const plan::StringId workspace(plan.root().workspace());
  if (!project || !workspace.has_value()) return project;
  // A workspace that the project names must be inside the project; only the command line may name
  // one elsewhere.
  const std::string_view path = plan.text(workspace);
  const host::FileResult<host::FileInfo> info = (*project)->Inspect(path);
  if (!info) {
    return Error{fmt::format("the workspace {}; a folder elsewhere is given with `--workspace`",
                             info.error().message)};
  }
  return Open("workspace", fs::path((*project)->root()) / info->real_path);
}

std::string RunRootPath(const RunOptions& options, const host::Files& workspace) {
  if (options.run_root.empty()) return fmt::format("{}/{}", workspace.root(), kRunRootInWorkspace);
  std::error_code error;
  const fs::path path = fs::absolute(options.run_root, error);
  return (error ? fs::path(options.run_root) : path).lexically_normal().string();
}

Result<RunRoot> OpenRunRoot(const RunOptions& options, host::Files& workspace) {
  if (options.run_root.empty()) {
    return RunRoot{
        .files = &workspace, .owned = nullptr, .folder = fmt::format("{}/", kRunRootInWorkspace)};
  }
  std::error_code error;
  fs::create_directories(options.run_root, error);
  if (error) {
    return Error{
        fmt::format("cannot make the run root `{}`: {}", options.run_root, error.message())};
  }
  Result<std::unique_ptr<host::Files>> files = Open("run root", options.run_root);
  if (!files) return files.error();
  host::Files* root = files->get();
  return RunRoot{.files = root, .owned = std::move(*files), .folder = ""};
}

}  // namespace wfc::driver
