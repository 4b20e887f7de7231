// Finds words of a command that only a shell would interpret: `|`, `$HOME`, `*.txt`, `cd`. Commands
// run without a shell, so the program receives such words unchanged. K006 and the grants that S013
// proposes share the rules.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wfc::passes {

/// A word that only a shell would interpret, and what to write instead.
struct ShellText {
  size_t word = 0;  ///< its index in the command
  std::string text;
  std::string advice;
};

/// The first of `words`, the known words at the beginning of a command, that only a shell would
/// interpret. None if the program is a shell, or takes such words itself (`find … -exec … ;`).
[[nodiscard]] std::optional<ShellText> FindShellText(std::span<const std::string> words);

/// A `$NAME` in a value of `env`, where nothing expands it.
[[nodiscard]] std::optional<ShellText> FindShellVariable(std::string_view value);

/// The finding for a message: "`|` is one word here, since there is no shell; make each command a
/// stage …".
[[nodiscard]] std::string Describe(const ShellText& found);

}  // namespace wfc::passes
