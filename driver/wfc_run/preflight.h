// Finds the reasons why a run is certain to fail before it begins: secrets that are not set or
// cannot be hidden, and programs that do not exist. Called while a run is prepared.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend-runtime/host/files.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/evaluate/vars.h"

namespace wfc::driver {

/// The run to check. All references must outlive the check.
struct PreflightInput {
  const plan::PlanView& plan;
  Mode mode;
  host::Files& workspace;
  const runtime::SecretValues& secrets;
  const IdVector<plan::SecretId, std::string>& unread;  ///< as Secrets::problems
};

/// The reasons why the run cannot begin, one sentence each; empty if it can.
[[nodiscard]] std::vector<std::string> FindBlockingProblems(const PreflightInput& input);

}  // namespace wfc::driver
