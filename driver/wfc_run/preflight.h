// What a run would fail by for certain, found before anything runs: secrets that are not set or
// cannot be hidden, programs that are not there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend-runtime/host/files.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/vars.h"

namespace wfc::driver {

/// What a preflight looks at; all outlives it.
struct Departure {
  const plan::PlanView& plan;
  Mode mode;
  host::Files& workspace;
  const runtime::SecretValues& secrets;
};

/// What is wrong, a sentence each, for people; empty when the run may begin.
[[nodiscard]] std::vector<std::string> FindObstacles(const Departure& departure);

}  // namespace wfc::driver
