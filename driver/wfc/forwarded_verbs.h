// The verbs that wfc-run carries out. Their options are declared here for `--help` and for slips of
// the pen, and handed on as they were typed; wfc-run says what they may be.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "driver/wfc/commands.h"

namespace CLI {
class App;
}

namespace wfc::driver {

/// Of whichever of the verbs was asked for.
struct ForwardedOptions {
  std::string path;
  std::string workflow;
  std::vector<std::string> inputs;            ///< `-i`
  std::map<std::string, std::string> values;  ///< by option; "": not given
  std::map<std::string, bool> flags;
  bool allows_outside = false;
};

/// Of `--allow-outside`, which every verb that reads a project has.
inline constexpr const char* kAllowOutsideHelp =
    "read the project's files also through links that lead out of its folder, and say so";

/// `typed` outlives the parsing.
void AddForwardedVerbs(CLI::App& app, ForwardedOptions& typed, const std::string& path_help);

[[nodiscard]] RunOptions ToRunOptions(const std::string& verb, const ForwardedOptions& typed);

}  // namespace wfc::driver
