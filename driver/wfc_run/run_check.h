// Refuses a run that lacks something it is certain to need. Called while a run is prepared and
// while one is resumed.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "driver/wfc_run/environment.h"
#include "driver/wfc_run/past_stages.h"

namespace wfc::driver {

struct PreparedRun;
struct Refusal;

/// What becomes of a run of which something is missing that a stage needs. One that is only
/// cancelled goes on without it.
enum class IfMissing : uint8_t { Refuse, Tell };

/// What is known of the run besides its plan.
struct RunCheck {
  /// The absolute path of the folder in which the run's folder is made; empty if the run is
  /// resumed.
  std::string run_root = {};
  /// Reads what a resumed run has behind it. A new run has none.
  std::function<PastStages()> read_past = {};
  IfMissing if_missing = IfMissing::Refuse;
};

/// The reason why the run cannot begin, or cannot go on, with all that is missing; nullopt if
/// nothing is. The run must have its workspace and the values of its secrets.
[[nodiscard]] std::optional<Refusal> CheckRun(const PreparedRun& run, const Secrets& secrets,
                                              const RunCheck& check);

}  // namespace wfc::driver
