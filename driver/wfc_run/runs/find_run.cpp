#include "driver/wfc_run/runs/find_run.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace wfc::driver {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLatest = "latest";
/// A message names this many runs at most.
constexpr size_t kMostNamed = 5;

/// The folders in `folder` that are no links and are not hidden, in no order. Those that cannot be
/// read are left out.
std::vector<fs::path> FoldersIn(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code unknown;
    const bool is_folder = entry->symlink_status(unknown).type() == fs::file_type::directory;
    const bool is_hidden = entry->path().filename().string().starts_with('.');
    if (is_folder && !is_hidden) found.push_back(entry->path());
  }
  return found;
}

bool HasRecord(const std::string& folder) {
  std::error_code error;
  return fs::exists(fs::path(folder) / "run.db", error);
}

/// The runs that a person can mean, in the first run root that has one.
std::vector<RunPlace> FindCandidates(const std::string& run) {
  for (const std::string& root : FindRunRoots()) {
    std::vector<RunPlace> runs = RunsIn(root);
    if (run == kLatest)
      std::erase_if(runs, [](const RunPlace& place) { return !HasRecord(place.folder); });
    if (run == kLatest && !runs.empty()) return {runs.front()};
    std::erase_if(runs, [&](const RunPlace& place) { return !place.id.starts_with(run); });
    if (!runs.empty()) return runs;
  }
  return {};
}

std::string HasNoRecord(const std::string& folder) {
  return fmt::format(
      "{} has no run.db: it is no run's folder, or the run was started with --ephemeral", folder);
}

std::string DescribeMany(const std::string& run, const std::vector<RunPlace>& found) {
  std::vector<std::string> folders;
  for (const RunPlace& place : found) {
    if (folders.size() < kMostNamed) folders.push_back(place.folder);
  }
  const size_t unnamed = found.size() - folders.size();
  return fmt::format("`{}` is the beginning of {} runs: {}{}", run, found.size(),
                     fmt::join(folders, ", "),
                     unnamed == 0 ? "" : fmt::format(" and {} more", unnamed));
}

}  // namespace

std::vector<std::string> WorkflowFoldersIn(const std::string& root) {
  std::vector<std::string> folders;
  for (const fs::path& workflow : FoldersIn(root)) folders.push_back(workflow.string());
  std::ranges::sort(folders);
  return folders;
}

std::string WorkflowFolderOf(const RunPlace& run) {
  return fs::path(run.folder).parent_path().string();
}

std::vector<RunPlace> RunsIn(const std::string& root) {
  std::vector<RunPlace> runs;
  for (const fs::path& workflow : FoldersIn(root)) {
    for (const fs::path& run : FoldersIn(workflow)) {
      runs.push_back({.folder = run.string(),
                      .workflow = workflow.filename().string(),
                      .id = run.filename().string()});
    }
  }
  const auto key = [](const RunPlace& run) { return std::pair(run.id, run.workflow); };
  std::ranges::sort(runs, std::ranges::greater(), key);
  return runs;
}

std::vector<std::string> FindRunRoots() {
  std::vector<std::string> roots;
  std::error_code error;
  fs::path folder = fs::current_path(error);
  if (error) return roots;
  while (true) {
    const fs::path root = folder / ".wfc" / "runs";
    if (fs::is_directory(root, error)) roots.push_back(root.string());
    if (folder == folder.parent_path()) return roots;
    folder = folder.parent_path();
  }
}

Result<std::string> ChooseRunRoot(const std::string& typed) {
  if (typed.empty()) {
    std::vector<std::string> roots = FindRunRoots();
    if (!roots.empty()) return std::move(roots.front());
    return Error{"there is no .wfc/runs, neither here nor in a folder around this one"};
  }
  std::error_code error;
  const fs::path root = fs::canonical(typed, error);
  if (!error && fs::is_directory(root, error)) return root.string();
  return Error{fmt::format("there is no folder {}", typed)};
}

Result<std::string> FindRunFolder(const std::string& run) {
  if (run.empty()) return Error{"the name of the run is empty"};
  std::error_code error;
  if (fs::exists(fs::path(run) / "run.db", error)) {
    return fs::canonical(run, error).string();
  }
  if (fs::is_directory(run, error)) return Error{HasNoRecord(run)};
  const std::vector<RunPlace> found = FindCandidates(run);
  if (found.size() == 1) {
    const std::string& folder = found.front().folder;
    if (!fs::exists(fs::path(folder) / "run.db", error)) return Error{HasNoRecord(folder)};
    return folder;
  }
  if (!found.empty()) return Error{DescribeMany(run, found)};
  if (run == kLatest) {
    return Error{"there is no run in .wfc/runs, neither here nor in a folder around this one"};
  }
  return Error{
      fmt::format("there is no run `{}` in .wfc/runs, neither here nor in a folder around this "
                  "one; give its folder, or its id from where the run was started",
                  run)};
}

std::string NameFromHere(const std::string& folder) {
  std::string id = fs::path(folder).filename().string();
  const Result<std::string> found = FindRunFolder(id);
  return found && *found == folder ? id : folder;
}

}  // namespace wfc::driver
