// The verbs that wfc-run carries out. Their options are declared here for `--help` and to catch
// misspelt ones; their values are forwarded as typed, and wfc-run checks them. Called by
// command_line.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "driver/wfc/commands.h"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's
class App;
}

namespace wfc::driver {

/// The options as typed, of whichever of the verbs was asked for.
struct ForwardedOptions {
  std::string action;  ///< what follows a verb that has verbs of its own
  std::string path;
  std::string workflow;
  std::vector<std::string> inputs;  ///< the values of `-i`
  std::string stage;                ///< the second argument, of the verbs that have one
  std::map<std::string, std::optional<std::string>> values;  ///< by option, if given
  std::map<std::string, bool> flags;                         ///< by option; whether it was given
  bool allows_outside = false;
};

/// The help text of `--allow-outside`, which every verb that reads a project has.
inline constexpr const char* kAllowOutsideHelp =
    "read the project's files also through links that lead out of its folder, and say so";

/// Adds the verbs to `app`. Parsing then fills in `typed`, which must outlive it.
void AddForwardedVerbs(CLI::App& app, ForwardedOptions& typed, const std::string& path_help);

/// Converts the typed options for RunProject.
[[nodiscard]] RunOptions ToRunOptions(const std::string& verb, const ForwardedOptions& typed);

}  // namespace wfc::driver
