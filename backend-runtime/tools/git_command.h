// How `git` is called: arguments, environment and limits that leave nothing to the settings of a
// user, the machine or the repository. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/host/processes.h"

namespace wfc::tools {

/// The folders that git is told to use; all absolute.
struct GitFolders {
  std::string git = {};      ///< a PrivateGitFolder
  std::string objects = {};  ///< of the repository
  std::string work_tree = {};
};

/// The whole environment of git.
[[nodiscard]] std::vector<std::string> GitEnvironment(const GitFolders& folders,
                                                      std::string_view search_path);

/// What one call may use: a hostile repository can make git work and remember without end.
[[nodiscard]] host::ProcessLimits GitLimits();

/// The longest that one call may take, in nanoseconds.
[[nodiscard]] int64_t GitDeadline();

/// `git log`; `path` is seen from where git runs, empty for all commits.
[[nodiscard]] std::vector<std::string> LogArguments(uint64_t max, const std::string& path);

/// `git diff` from the merge base with `base` to the work tree.
[[nodiscard]] std::vector<std::string> DiffArguments(const std::string& base,
                                                     const std::string& path);

/// `path` as seen from `root`, both relative to the workspace: `../` as far as needed.
[[nodiscard]] std::string PathFrom(std::string_view root, std::string_view path);

}  // namespace wfc::tools
