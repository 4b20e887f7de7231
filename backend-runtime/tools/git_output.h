// What git prints, as values: the pure half of git.log and git.diff.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc::tools {

/// The format that `ParseGitLog` reads, for `git log -z --format=`.
inline constexpr std::string_view kGitLogFormat = "%H%x1f%an%x1f%aI%x1f%s";

/// `{commits: [{sha, author, date, subject}]}`.
[[nodiscard]] Result<Value> ParseGitLog(std::string_view output);

struct ChangedFile {
  std::string path;
  std::string old_path = {};  ///< empty unless renamed
  std::string status;         ///< added, modified, deleted, renamed
  std::string patch = {};
  bool is_other_kind = false;  ///< a file became a link, or a link a file
};

/// The output of `git diff --raw --patch` with quoted paths (no `-z`).
[[nodiscard]] Result<std::vector<ChangedFile>> ParseGitDiff(std::string_view output);

/// A path as git quotes it (`"a\tb\303\244"`), or as it is when there are no quotes.
[[nodiscard]] std::optional<std::string> UnquoteGitPath(std::string_view text);

}  // namespace wfc::tools
