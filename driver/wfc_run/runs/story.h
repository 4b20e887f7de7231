// RunStory and StageStory: what happened in a recorded run that somebody wants to understand: the
// stage that failed, what it was called with and printed, and what led there. Called by the verb
// `runs show`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backend-runtime/runtime/machine/record.h"
#include "driver/wfc_run/runs/recorded_run.h"
#include "driver/wfc_run/runs/run_status.h"
#include "driver/wfc_run/runs/stage_track.h"

namespace wfc::driver {

/// One attempt of a stage. Times are run time.
struct AttemptStory {
  uint32_t attempt = 0;
  int64_t began = 0;
  std::optional<int64_t> ended = {};
  Value called = {};  ///< what was called, as facts.def describes it; Null if nothing was
  std::optional<runtime::EndedCommand> command = {};
  std::optional<runtime::Failure> failure = {};
};

/// An event that decided how the run went on.
struct Decision {
  plan::NodeId node;
  int64_t time_ns = 0;
  std::string line;  ///< for people
  Value event;       ///< as `--format json` shows it
};

struct StageStory {
  plan::NodeId node;
  std::string stage;
  std::string verb;
  StageState state = {};
  std::vector<AttemptStory> attempts = {};
  std::optional<Value> output = {};
  std::string transcript = {};  ///< path of the file; empty if there is none
  /// What led to how it went, in order: decisions about it and about stages before it.
  std::vector<Decision> decisions = {};
};

struct RunStory {
  RunStatusReport report;
  /// The stage that was asked for; otherwise the one that made the run fail, the first that failed
  /// and was tolerated, or the first that is in doubt. None if there is none of these.
  std::optional<StageStory> stage = {};
  Value output = {};         ///< of the run
  Value input = {};          ///< of the run
  std::string project = {};  ///< the folder that the run was started from; empty if not known
};

/// Reads the story of the run in `folder`. `stage` is the path of a stage, or empty.
[[nodiscard]] Result<RunStory> ReadStory(const std::string& folder, const std::string& stage);

}  // namespace wfc::driver
