// The preflight: looks, before a run or instead of one, at everything that the plan says the run
// needs from the machine. Called by the verbs `run`, `resume` and `doctor` of wfc-run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backend-runtime/host/files.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/preflight/finding.h"
#include "backend-runtime/runtime/evaluate/vars.h"

namespace wfc::preflight {

/// The run to look at. All references must outlive the call.
struct Input {
  const plan::PlanView& plan;
  Mode mode;
  host::Files* workspace = nullptr;    ///< null if it cannot be opened
  std::string workspace_problem = {};  ///< why not
  const runtime::SecretValues& secrets;
  /// By SecretId: why the secret's file could not be read; empty if it was, or if there is no file.
  const IdVector<plan::SecretId, std::string>& unread;
  /// Reads the variables of this process; without one, the variables of the plan are known already.
  runtime::ReadVariable environment = {};
  std::string own_path = {};  ///< the PATH of this process
  /// The absolute path of the folder in which the run's folder is to be made; empty: it exists.
  std::string run_root = {};
  /// By node of the workflow itself: it will not run any more. Empty: none has run.
  std::vector<bool> is_over = {};
  /// The run may be failing, so that no stage is certain to run any more.
  bool is_end_near = false;
};

/// How much to look at.
enum class Extent : uint8_t {
  Problems,    ///< only what is missing
  Everything,  ///< also what is there, and what may be missing without stopping the run
};

/// Looks at everything that the run needs. A run with a finding that is Missing cannot succeed.
[[nodiscard]] std::vector<Finding> LookAtRun(const Input& input, Extent extent);

/// The bytes that a new run of the plan needs at once for its folder: the plan, the record with the
/// space that it keeps in reserve, and an entry for each stage.
[[nodiscard]] uint64_t BytesForRunFolder(const plan::PlanView& plan);

}  // namespace wfc::preflight
