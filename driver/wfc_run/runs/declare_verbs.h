// Reads the command line of the verbs on runs that are recorded. Called by options.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "driver/wfc_run/runs/runs_options.h"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's
class App;
}

namespace wfc::driver {

/// The options as typed, of whichever of the verbs was asked for.
struct TypedRuns {
  std::string run;
  std::string stage;
  std::string run_root;
  std::string workflow;
  uint64_t limit = 0;
  bool watches = false;
  std::string older_than;
  std::string max_size;
  std::string keep;
  bool is_dry_run = false;
  std::string form = "text";
};

/// Adds the verbs to `app`. Parsing then fills in `typed`, which must outlive it.
void DeclareRunsVerbs(CLI::App& app, TypedRuns& typed);

/// The verb that was asked for; nothing if it was none of these. Parsing has checked all values.
[[nodiscard]] std::optional<RunsCommand> FinishRunsVerb(const CLI::App& app,
                                                        const TypedRuns& typed);

}  // namespace wfc::driver
