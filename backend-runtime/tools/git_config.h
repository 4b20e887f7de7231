// What is taken over from a repository's `config`: plain values that tell git how to read objects
// and the work tree. Nothing else of that file is believed, least of all the programs that it
// names. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"

namespace wfc::tools {

struct GitSettings {
  /// Lines of `[core]` that `MakeGitConfig` repeats: `ignorecase = true`.
  std::vector<std::string> core = {};
  bool is_sha256 = false;
  /// `core.worktree` as written, relative to the git folder.
  std::optional<std::string> work_tree = {};
};

/// Reads the bytes of a `config`. Lines that are not well formed, sections with a name of their own
/// and includes are passed over. An error, for people, is a way of storing that is not read here.
[[nodiscard]] Result<GitSettings> ReadGitConfig(std::string_view bytes);

/// The whole configuration that git is given.
[[nodiscard]] std::string MakeGitConfig(const GitSettings& settings);

}  // namespace wfc::tools
