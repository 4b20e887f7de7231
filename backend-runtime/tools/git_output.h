// Parses what git prints, for git.log and git.diff. The functions are pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc::tools {

/// The format that `ParseGitLog` expects, for `git log -z --format=`.
inline constexpr std::string_view kGitLogFormat = "%H%x1f%an%x1f%aI%x1f%s";

/// The output of git.log: `{commits: [{sha, author, date, subject}]}`. Fails if the text is not in
/// kGitLogFormat.
[[nodiscard]] Result<Value> ParseGitLog(std::string_view output);

/// One file of a diff. Paths are bytes and need not be UTF-8.
struct ChangedFile {
  std::string path;
  std::string old_path = {};  ///< empty unless the file was renamed
  std::string status;         ///< added, modified, deleted or renamed
  std::string patch = {};
  bool is_other_kind = false;  ///< the type changed, such as from a file to a link
};

/// Parses the output of `git diff --raw --patch` with quoted paths (without `-z`). Fails if the
/// number of patches does not match the files.
[[nodiscard]] Result<std::vector<ChangedFile>> ParseGitDiff(std::string_view output);

/// Decodes a path that git has quoted (`"a\tb\303\244"`); a path without quotes is returned as it
/// is. Nothing if the quoting is malformed.
[[nodiscard]] std::optional<std::string> UnquoteGitPath(std::string_view text);

}  // namespace wfc::tools
