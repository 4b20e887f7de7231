// The options of the verbs on runs that are recorded, which look at runs and do not drive them.
// declare_verbs.h reads them from the command line, and verbs.h carries the verbs out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "driver/wfc_run/run_form.h"

namespace wfc::driver {

/// The options of `wfc-run runs events`.
struct EventsOptions {
  std::string run;  ///< what names the run; see FindRunFolder
  RunForm form = RunForm::Text;
};

/// The options of `wfc-run runs list`.
struct ListOptions {
  std::string run_root;  ///< empty: the first of FindRunRoots
  std::string workflow;  ///< empty: all
  uint64_t limit = 0;    ///< 0: all
  RunForm form = RunForm::Text;
};

/// The options of `wfc-run status`.
struct StatusOptions {
  std::string run;
  bool watches = false;  ///< until the run ends
  RunForm form = RunForm::Text;
};

/// The options of `wfc-run runs show`.
struct ShowOptions {
  std::string run;
  std::string stage;  ///< its path; empty: the one that failed
  RunForm form = RunForm::Text;
};

/// Whether what would be done is only said.
enum class IsDryRun : uint8_t { No, Yes };

/// The options of `wfc-run runs prune`. A run goes if one of the limits says so.
struct PruneOptions {
  std::string run_root;               ///< as in ListOptions
  std::optional<int64_t> older_than;  ///< since it ended, in nanoseconds
  std::optional<uint64_t> keep;       ///< so many of those that have ended, the newest
  std::optional<int64_t> max_size;    ///< of all runs together, in bytes
  IsDryRun is_dry_run = IsDryRun::No;
  RunForm form = RunForm::Text;
};

/// The options of `wfc-run replay`.
struct ReplayOptions {
  std::string run;
  std::string from;  ///< the stage from which a new run goes on live; empty: none does
  RunForm form = RunForm::Text;
};

/// The options of `wfc-run audit`.
struct AuditOptions {
  std::string run;
  RunForm form = RunForm::Text;
};

/// The options of `wfc-run runs rebuild`.
struct RebuildOptions {
  std::string run;
  RunForm form = RunForm::Text;
};

/// The options of the verb that was asked for.
using RunsCommand = std::variant<ListOptions, ShowOptions, EventsOptions, PruneOptions,
                                 StatusOptions, ReplayOptions, AuditOptions, RebuildOptions>;

}  // namespace wfc::driver
