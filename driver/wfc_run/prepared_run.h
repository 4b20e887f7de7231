// Prepares a run: the plan, the mode, the input, the workspace and the run's folder, each of which
// may be refused before the run begins. Called by the verb `run`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/host/files.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/evaluate/vars.h"
#include "backend-runtime/runtime/redact/redactor.h"
#include "backend-runtime/store/manifest.h"
#include "backend-runtime/store/run_store.h"
#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/options.h"
#include "driver/wfc_run/run_check.h"
#include "driver/wfc_run/workspace.h"

namespace wfc::driver {

/// All that a run needs. It must not be moved or copied, because its parts refer to each other.
struct PreparedRun {
  explicit PreparedRun(plan::PlanView read) : plan(std::move(read)) {}

  plan::PlanView plan;
  Mode mode = Mode::Implement;
  Value input;          ///< of a new run
  Value origin;         ///< what a resumed run needs to know besides its plan; see MakeOrigin
  bool is_kept = true;  ///< there is a record from which it can be resumed
  std::optional<Sha256Digest> seal;  ///< of the record of a run that rested
  runtime::SecretValues secrets = {};
  redact::Redactor redactor = {};
  std::unique_ptr<host::Files> workspace = {};
  RunRoot root = {};
  std::string folder = {};        ///< path of the run's folder, relative to `root.files`
  std::string shown_folder = {};  ///< full path of the run's folder, for the user and `run.dir`
  store::Manifest manifest = {};  ///< the fields of the run; RunRecorder adds the stages
  std::unique_ptr<store::RunStore> store = {};
};

/// The reason why a run does not begin.
struct Refusal {
  ExitCode code = ExitCode::Usage;
  std::string message;
  std::vector<std::string> details = {};  ///< lines that belong below the message
};
[[nodiscard]] inline Refusal Refuse(std::string message) {
  return {.code = ExitCode::Usage, .message = std::move(message)};
}
/// Prints why the run does not begin. Returns the exit code.
[[nodiscard]] ExitCode Print(const Refusal& refusal);

/// Where a run comes from, as its record says: {outside, project, workspace}, absolute paths.
struct RunOrigin {
  std::string project;  ///< the folder to which the paths of secrets are relative
  std::string workspace;
  files::Outside outside = files::Outside::Refuse;
};
[[nodiscard]] Value ToValue(const RunOrigin& origin);

/// Reads the secrets, and looks for all that would stop the run.
[[nodiscard]] std::optional<Refusal> PrepareSecrets(PreparedRun& run, const RunOrigin& origin,
                                                    const RunCheck& check);

/// Opens the records of a run that is resumed, to go on with them. Called by who holds the run.
[[nodiscard]] std::optional<Refusal> OpenStoreAgain(PreparedRun& run);

/// Prepares a run. The run's folder is created last, so that a refused run leaves none.
[[nodiscard]] std::variant<std::unique_ptr<PreparedRun>, Refusal> PrepareRun(
    const RunOptions& options, const host::Clock& clock);

}  // namespace wfc::driver
