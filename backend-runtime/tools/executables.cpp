#include "backend-runtime/tools/executables.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "backend-runtime/host/digest_file.h"
#include "backend-runtime/host/processes.h"
#include "backend-runtime/tools/workspace.h"

namespace wfc::tools {
namespace {

/// Why a file in the workspace cannot be executed; empty if it can.
std::string WhyNotRunnable(const host::FileInfo& info) {
  if (info.kind == host::EntryKind::Folder) return "it is a folder";
  if (info.kind != host::EntryKind::File) return "it is not a regular file";
  return info.is_executable ? "" : "it is not marked as executable (`chmod +x`)";
}

Result<std::string> FindInWorkspace(const std::string& name, host::Files& workspace) {
  const Result<std::string, runtime::Failure> normal = NormalizePath(name);
  if (!normal) return Error{normal.error().message};
  const host::FileResult<host::FileInfo> info = workspace.Inspect(*normal);
  if (!info) return Error{fmt::format("the program {}", info.error().message)};
  const std::string why_not = WhyNotRunnable(*info);
  if (!why_not.empty()) {
    return Error{fmt::format("`{}` in the workspace is not a program: {}", name, why_not)};
  }
  return fmt::format("{}/{}", workspace.root(), *normal);
}

/// Why the file at an absolute path cannot be executed.
std::string DescribeUnusable(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return fmt::format("there is no program `{}`", path);
  const bool is_file = std::filesystem::is_regular_file(status);
  return fmt::format("`{}` is not a program: it {}", path,
                     is_file ? "may not be executed (`chmod +x`)" : "is not a regular file");
}

}  // namespace

Result<std::string> FindProgramPath(const std::string& name, const std::string& search_path,
                                    host::Files& workspace) {
  const bool is_absolute = name.starts_with('/');
  if (!is_absolute && name.find('/') != std::string::npos) return FindInWorkspace(name, workspace);
  std::optional<std::string> path = host::FindExecutable(name, search_path);
  if (path) return *std::move(path);
  if (is_absolute) return Error{DescribeUnusable(name)};
  return Error{fmt::format("there is no program `{}` in {}", name, search_path)};
}

Result<Executable> FindOnMachine(const std::string& name, const std::string& search_path,
                                 host::Files& workspace) {
  Result<std::string> path = FindProgramPath(name, search_path, workspace);
  if (!path) return path.error();
  return DigestExecutable(*std::move(path));
}

Executable DigestExecutable(std::string path) {
  const Result<Sha256Digest> digest = host::DigestFile(path);
  return {.path = std::move(path), .sha256 = digest ? ToHex(*digest) : std::string()};
}

void Executables::Find(const std::string& name, Found found) {
  const auto known = known_.find(name);
  if (known != known_.end()) return found(known->second);
  std::vector<Found>& waiting = waiting_[name];
  waiting.push_back(std::move(found));
  if (waiting.size() > 1) return;
  auto result = std::make_shared<std::optional<Result<Executable>>>();
  reactor_.RunOnWorker([this, name, result] { *result = find_(name); },
                       [this, name, result] {
                         known_.emplace(name, **result);
                         for (const Found& each : std::exchange(waiting_[name], {})) each(**result);
                         waiting_.erase(name);
                       });
}

}  // namespace wfc::tools
