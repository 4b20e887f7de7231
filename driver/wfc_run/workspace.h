// Where a run reads, writes and is recorded, from the command line and the plan.
#pragma once

#include <memory>
#include <string>

#include "backend-runtime/host/files.h"
#include "backend-runtime/plan/view.h"
#include "driver/wfc_run/options.h"
#include "ir/base/result.h"

namespace wfc::driver {

/// `--workspace`, else the plan's `execution.workspace` from the project's folder, else that
/// folder.
[[nodiscard]] Result<std::unique_ptr<host::Files>> OpenWorkspace(const RunOptions& options,
                                                                 const plan::PlanView& plan);

/// Where run folders are made: `files` is the workspace, or a root of its own for `--run-root`.
struct RunRoot {
  host::Files* files = nullptr;
  std::unique_ptr<host::Files> owned;
  std::string folder;  ///< relative to the root; "" or ending with `/`
};

[[nodiscard]] Result<RunRoot> OpenRunRoot(const RunOptions& options, host::Files& workspace);

}  // namespace wfc::driver
