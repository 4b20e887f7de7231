// How `git` is called: arguments and environment that leave nothing to the settings of a user, the
// machine or the repository. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wfc::tools {

/// `GIT_…` variables and PATH. `workspace` is absolute: no repository above it is found. Each of
/// `settings` (key, value) overrides what the repository says.
[[nodiscard]] std::vector<std::string> GitEnvironment(
    std::string_view workspace, std::string_view search_path,
    const std::vector<std::pair<std::string, std::string>>& settings);

/// Settings that make git run or fetch nothing.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> SafeGitSettings();

/// Settings that disarm the filters whose names `git config --name-only --get-regexp` printed,
/// NUL-separated: they are programs that the repository chose.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> DisarmedFilters(
    std::string_view names);

/// `path` as seen from `root`, both relative to the workspace: `../` as far as needed.
[[nodiscard]] std::string PathFrom(std::string_view root, std::string_view path);

}  // namespace wfc::tools
