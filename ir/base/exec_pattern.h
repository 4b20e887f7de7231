// Patterns of `exec` grants (docs/language/security.md): a pattern is a list of words that a
// command must begin with. The compiler's proof and the runtime's enforcement both use these
// functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wfc {

/// The words of a pattern, which are separated by any number of spaces and TABs.
[[nodiscard]] std::vector<std::string_view> SplitExecPattern(std::string_view pattern);

/// Whether `argv` begins with the words of `pattern`. Words are compared whole and no word of
/// `argv` is split: `npm run` does not match the command `npm "run x"`. The pattern `*` matches
/// every command; a pattern without words matches none.
[[nodiscard]] bool MatchesExecPattern(std::string_view pattern, std::span<const std::string> argv);

/// A command as shown to people. A word that is empty, or that holds a blank, a quote, a backslash
/// or a control character, is shown as a JSON string, so that two different commands never look
/// alike.
[[nodiscard]] std::string ShowCommand(std::span<const std::string> argv);

}  // namespace wfc
