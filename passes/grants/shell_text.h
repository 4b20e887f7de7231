// Words of a command that only a shell would read: `|`, `$HOME`, `*.txt`, `cd`. There is no shell,
// so the program gets them as they stand. Shared by K006 and by what S013 proposes.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wfc::passes {

/// One such word, and what to write instead.
struct ShellText {
  size_t word = 0;  ///< its index in the command
  std::string text;
  std::string advice;
};

/// The first of `words`, the known words at the beginning of a command, that only a shell would
/// read. Programs that are shells, or that take such words themselves (`find … -exec … ;`), have
/// none.
[[nodiscard]] std::optional<ShellText> FindShellText(std::span<const std::string> words);

/// Of a value of `env`: `$NAME` stands for nothing there.
[[nodiscard]] std::optional<ShellText> FindShellVariable(std::string_view value);

/// "`|` is one word here, since there is no shell; make each command a stage …".
[[nodiscard]] std::string Describe(const ShellText& found);

}  // namespace wfc::passes
