// Reads the few settings of a repository's `config` that are adopted: plain values that tell git
// how to read objects and the work tree. Nothing else in that file is trusted, least of all the
// programs that it names. GitTools uses it; the functions are pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"

namespace wfc::tools {

/// The settings that are adopted.
struct GitSettings {
  /// Lines of `[core]` that `MakeGitConfig` repeats, such as `ignorecase = true`.
  std::vector<std::string> core = {};
  bool is_sha256 = false;
  /// `core.worktree` as it is written, relative to the git folder.
  std::optional<std::string> work_tree = {};
};

/// Reads the bytes of a `config`. Malformed lines, sections with a subsection name and includes are
/// skipped. Fails, with a message for people, if the repository stores references in a form that is
/// not supported.
[[nodiscard]] Result<GitSettings> ReadGitConfig(std::string_view bytes);

/// The complete configuration that git is given.
[[nodiscard]] std::string MakeGitConfig(const GitSettings& settings);

}  // namespace wfc::tools
