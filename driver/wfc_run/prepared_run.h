// Everything that a run needs and that can be refused before it begins: the plan, the mode, the
// input, the workspace, the run's folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/host/files.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/vars.h"
#include "backend-runtime/store/manifest.h"
#include "backend-runtime/store/redactor.h"
#include "backend-runtime/store/run_store.h"
#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/options.h"
#include "driver/wfc_run/workspace.h"

namespace wfc::driver {

/// Neither moves nor copies: its parts refer to each other.
struct PreparedRun {
  explicit PreparedRun(plan::PlanView read) : plan(std::move(read)) {}

  plan::PlanView plan;
  Mode mode = Mode::Implement;
  Value input;
  runtime::SecretValues secrets = {};
  store::Redactor redactor = {};
  std::unique_ptr<host::Files> workspace = {};
  RunRoot root = {};
  std::string folder = {};        ///< of the run, relative to `root.files`
  std::string shown_folder = {};  ///< for people and `run.dir`
  store::Manifest manifest = {};  ///< without its stages
  std::unique_ptr<store::RunStore> store = {};
};

/// Why a run does not begin; for people.
struct Refusal {
  ExitCode code = ExitCode::Usage;
  std::string message;
};

/// Makes the run's folder last, so that a run that is refused leaves none.
[[nodiscard]] std::variant<std::unique_ptr<PreparedRun>, Refusal> PrepareRun(
    const RunOptions& options, const host::Clock& clock);

}  // namespace wfc::driver
