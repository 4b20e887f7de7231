// The record of a run on the disk: made for a new run, opened for one that is resumed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/host/reactor.h"
#include "backend-runtime/store/driven_run.h"
#include "driver/wfc_run/options.h"
#include "driver/wfc_run/prepared_run.h"

namespace wfc::driver {

/// The run from which a new one takes over, and the stage from which that goes on live; empty if
/// there is none.
struct RunParent {
  std::string run_id;
  std::string stage;
};

/// Makes the record of a new run in its folder.
[[nodiscard]] store::DrivenRun::Opened KeepRun(const PreparedRun& run, host::Reactor& reactor,
                                               const RunParent& parent = {});

/// Prepares to go on with the run in `folder`: reads its plan, and from its record what it was
/// started with. What its stages miss is refused, unless the run is only cancelled.
[[nodiscard]] std::variant<std::unique_ptr<PreparedRun>, Refusal> PrepareResume(
    const std::string& folder, Cancels cancels);

/// Opens the record of a run that is resumed, for this process to drive it.
[[nodiscard]] store::DrivenRun::Opened DriveAgain(const PreparedRun& run,
                                                  const ResumeOptions& options,
                                                  host::Reactor& reactor);

}  // namespace wfc::driver
