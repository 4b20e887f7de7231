// Patterns of `exec` (language.md, "Security"): words, which are the first words of the commands
// that they describe. The compiler's proof and the check at run time both ask here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wfc {

/// The words of a pattern; any number of blanks stands between two.
[[nodiscard]] std::vector<std::string_view> SplitExecPattern(std::string_view pattern);

/// Whether the words of `pattern` are the first of `argv`. Words are compared as a whole and
/// nothing in `argv` is split: `npm run` does not describe the command `npm "run x"`. The pattern
/// `*` describes every command, one without words none.
[[nodiscard]] bool MatchesExecPattern(std::string_view pattern, std::span<const std::string> argv);

/// A command as a person reads it: a word that holds a blank, a quote or nothing is quoted, so that
/// two commands that differ never look the same.
[[nodiscard]] std::string ShowCommand(std::span<const std::string> argv);

}  // namespace wfc
