// RunStart: what a run was started with, as its first record says.
#pragma once

#include <cstdint>
#include <memory>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/recorder.h"
#include "backend-runtime/runtime/drive/run.h"
#include "backend-runtime/runtime/evaluate/run_state.h"
#include "backend-runtime/runtime/machine/record.h"

namespace wfc::runtime {

/// All but the folder, which may have moved, and the secrets, which no record has.
struct RunStart {
  RunIdentity identity;
  RunState::Inputs inputs;
  uint32_t concurrency = 0;
  Value origin;  ///< as in RunOptions
};

/// The run that was started so, as a run of which nothing has happened yet. Secrets that `start`
/// does not have are not known in it. `plan` and `recorder` must outlive it.
[[nodiscard]] std::unique_ptr<Run> MakeRun(const plan::PlanView& plan, RunStart start,
                                           Recorder& recorder);

/// Reads the first record of a run of this plan. The error is for people, and the rest of a
/// sentence.
[[nodiscard]] Result<RunStart> ReadRunStart(const plan::PlanView& plan, const Record& record);

}  // namespace wfc::runtime
