// What a simulation has reached and found, on standard output.
#pragma once

#include <string>

#include "backend-runtime/simulate/simulation.h"
#include "driver/wfc_run/options.h"

namespace wfc::driver {

struct SimulationSummary {
  const SimulateOptions& options;
  const plan::PlanView& plan;
  const simulate::Targets& targets;
  const simulate::SimulationReport& report;
  bool is_interrupted = false;
};

[[nodiscard]] bool PrintSimulation(const SimulationSummary& summary);

/// "no surprises", "1 surprise", "2 surprises".
[[nodiscard]] std::string CountSurprises(const simulate::SimulationReport& report);

/// "stage `count`, attempt 1: expression: …" on one line; without a stage "the output: …".
[[nodiscard]] std::string Describe(const plan::PlanView& plan, const simulate::Surprise& surprise);

/// `{stage, attempt, code, message}`; stage null: the workflow's output.
[[nodiscard]] Value ToValue(const plan::PlanView& plan, const simulate::Surprise& surprise);

}  // namespace wfc::driver
