// How GitTools calls `git`: arguments, environment and limits that take nothing from the settings
// of a user, the machine or the repository. The functions are pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/host/processes.h"

namespace wfc::tools {

/// The folders that git is told to use, as absolute paths.
struct GitFolders {
  std::string git = {};      ///< the path of a PrivateGitFolder
  std::string objects = {};  ///< the repository's object folder
  /// The top folder of the work tree.
  std::string work_tree = {};
};

/// The complete environment for git, as `NAME=value`.
[[nodiscard]] std::vector<std::string> GitEnvironment(const GitFolders& folders,
                                                      std::string_view search_path);

/// The limits of one call, since a hostile repository can make git use time and memory without end.
[[nodiscard]] host::ProcessLimits GitLimits();

/// How long one call may take, in nanoseconds.
[[nodiscard]] int64_t GitDeadline();

/// The argv of `git log` for at most `max` commits. `path` is relative to the folder in which git
/// runs; empty means all commits.
[[nodiscard]] std::vector<std::string> LogArguments(uint64_t max, const std::string& path);

/// The argv of `git diff` from the merge base with the commit `base` to the work tree, limited to
/// `path`. `base` must not begin with `-`.
[[nodiscard]] std::vector<std::string> DiffArguments(const std::string& base,
                                                     const std::string& path);

/// `path` relative to `root`, both of which are relative to the workspace; begins with as many
/// `../` as needed.
[[nodiscard]] std::string PathFrom(std::string_view root, std::string_view path);

}  // namespace wfc::tools
