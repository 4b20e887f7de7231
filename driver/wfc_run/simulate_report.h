// Reports on standard output what a simulation has reached and found. Called by the verb
// `simulate`.
#pragma once

#include <string>

#include "backend-runtime/simulate/simulation.h"
#include "driver/wfc_run/options.h"

namespace wfc::driver {

/// A simulation that has ended. All references must be valid while it is printed.
struct SimulationSummary {
  const SimulateOptions& options;
  const plan::PlanView& plan;
  const simulate::Targets& targets;
  const simulate::SimulationReport& report;
  bool is_interrupted = false;
};

/// Prints the report. False if it cannot be written, which has been printed.
[[nodiscard]] bool PrintSimulation(const SimulationSummary& summary);

/// The number of surprises in words: "no surprises", "1 surprise", "2 surprises".
[[nodiscard]] std::string CountSurprises(const simulate::SimulationReport& report);

/// A surprise on one line: "stage `count`, attempt 1: expression: …" or, without a stage,
/// "the output: …".
[[nodiscard]] std::string Describe(const plan::PlanView& plan, const simulate::Surprise& surprise);

/// A surprise as `{stage, attempt, code, message}`; `stage` is null for the workflow's output.
[[nodiscard]] Value ToValue(const plan::PlanView& plan, const simulate::Surprise& surprise);

}  // namespace wfc::driver
