// RunStatusReport: how a recorded run stands now: who drives it, what runs, and what to do next.
// Called by the verb `status`, and by `runs show` for what to type next.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/host/process_identity.h"
#include "backend-runtime/runtime/drive/history.h"
#include "backend-runtime/store/run_lock.h"
#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/runs/recorded_run.h"
#include "driver/wfc_run/runs/stage_track.h"
#include "ir/value/value.h"

namespace wfc::driver {

/// A stage that has begun and not ended.
struct OpenStage {
  std::string stage;
  NodeStatus status = NodeStatus::Running;  ///< or BackingOff
  uint32_t attempt = 0;
  int64_t for_ns = 0;  ///< since the attempt began; of a run that nobody drives, until it was left
};

struct RunStatusReport {
  std::string run;
  std::string workflow;
  std::string folder;
  std::string name;  ///< how the run is named on the command line from here
  Mode mode = Mode::Implement;
  RunStatus status = RunStatus::Running;
  bool is_driven = false;
  TimeValue started_at;
  int64_t duration_ns = 0;                       ///< for how long it has been driven
  std::optional<runtime::Failure> failure = {};  ///< why it failed
  std::string failed_stage = {};
  /// Who drives it, or drove it last.
  std::optional<host::ProcessIdentity> driver = {};
  int64_t driven_since = 0;                   ///< nanoseconds since 1970-01-01 UTC
  std::optional<int64_t> heartbeat_age = {};  ///< in nanoseconds; none if there is no manifest
  int64_t stage_count = 0;
  std::map<std::string_view, int64_t> by_status = {};  ///< as the manifest spells them
  std::vector<OpenStage> open = {};
  std::vector<std::string> in_doubt = {};  ///< the stages whose calls may have been made
  int64_t model_calls = 0;

  /// It has not ended, and nobody drives it.
  [[nodiscard]] bool is_interrupted() const { return !is_driven && status == RunStatus::Running; }
  /// Its driver has not written its manifest for a while.
  [[nodiscard]] bool is_stale() const;
};

/// Asks the lock, and makes the report of a run that was read completely after that. `wall_now` is
/// the time of day.
[[nodiscard]] RunStatusReport MakeStatusReport(RecordedRun& run, const runtime::History& history,
                                               const StageTrack& track,
                                               const store::LockState& lock, int64_t wall_now);

/// The status, or `interrupted`.
[[nodiscard]] std::string_view SpellStatus(const RunStatusReport& report);

/// What to type to get on with the run; empty where there is nothing to do.
[[nodiscard]] std::vector<std::string> WhatToType(const RunStatusReport& report);

/// The report as schemas/run-status.schema.json describes it.
[[nodiscard]] Value ToValue(const RunStatusReport& report);
/// The report for people, in lines: what there is to say, and then what to type.
[[nodiscard]] std::string ToText(const RunStatusReport& report);
[[nodiscard]] std::string HeadText(const RunStatusReport& report);
[[nodiscard]] std::string NextText(const std::vector<std::string>& commands);

[[nodiscard]] ExitCode ExitCodeOf(const RunStatusReport& report);

}  // namespace wfc::driver
