// Reads the first line of a script, `#!INTERPRETER [ARGUMENT]`, as Linux does, to find out before a
// run whether the interpreter is there. Called by the preflight.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wfc::preflight {

/// What the first line of a script says.
struct ScriptLine {
  std::string interpreter;  ///< a path as it is written
  std::string argument;     ///< all that follows, which the system passes as one word
};

/// Reads a script's beginning. Nothing if it does not begin with `#!` and an interpreter.
[[nodiscard]] std::optional<ScriptLine> ParseScriptLine(std::string_view beginning);

/// Why the program at an absolute path cannot be started because of its first line: its interpreter
/// is missing, or the program that `env` is to find in `search_path`. Nothing if it can, and where
/// that cannot be decided here. Reads the first bytes of the file.
[[nodiscard]] std::optional<std::string> FindScriptProblem(const std::string& path,
                                                           const std::string& search_path);

}  // namespace wfc::preflight
