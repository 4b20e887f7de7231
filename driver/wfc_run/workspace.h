// Determines from the command line and the plan which folder a run works in, and in which it is
// recorded. Called while a run is prepared.
#pragma once

#include <memory>
#include <string>

#include "backend-runtime/host/files.h"
#include "backend-runtime/plan/view.h"
#include "driver/wfc_run/options.h"
#include "ir/base/result.h"

namespace wfc::driver {

/// Opens the folder that the run works in: the one of `--workspace`, otherwise the plan's
/// `execution.workspace` below the project's folder, otherwise the project's folder. The error is a
/// message for the user, here and below.
[[nodiscard]] Result<std::unique_ptr<host::Files>> OpenWorkspace(const RunOptions& options,
                                                                 const plan::PlanView& plan);

/// The folder in which the folders of runs are created.
struct RunRoot {
  host::Files* files = nullptr;        ///< the workspace, or `owned`
  std::unique_ptr<host::Files> owned;  ///< the folder of `--run-root`; null without that option
  std::string folder;                  ///< relative to `files`; empty or ending with `/`
};

/// The absolute path of the run root, which may not exist yet.
[[nodiscard]] std::string RunRootPath(const RunOptions& options, const host::Files& workspace);

/// Opens the run root; creates the folder of `--run-root` if it does not exist.
[[nodiscard]] Result<RunRoot> OpenRunRoot(const RunOptions& options, host::Files& workspace);

}  // namespace wfc::driver
