// Runs a plan once from a scenario: the real driver on a simulated machine. Simulation uses
// it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/driver.h"
#include "backend-runtime/simulate/observer.h"
#include "backend-runtime/simulate/scenario.h"
#include "backend-runtime/simulate/targets.h"
#include "ir/types/vm/draw.h"

namespace wfc::simulate {

/// What all runs of a simulation share; it must outlive them.
struct World {
  const plan::PlanView& plan;
  const Targets& targets;
  const types::Drawer& drawer;
  /// Replaces parts of a drawn input by what the user gave. The error says why the result does not
  /// fit.
  std::function<Result<Value>(const Value& drawn)> complete_input = {};
  /// Reads variables that are set; the values of others are drawn.
  runtime::ReadVariable environment = {};
  /// The machine's clock, by which a run that takes too long is ended; null means no limit.
  const host::Clock* clock = nullptr;
};

/// How a simulated run went.
struct SimulatedRun {
  runtime::RunResult result;
  Observation observation;
  Value input;
  /// The run was killed because it exceeded the limit of events, of virtual time, or of the
  /// machine's time.
  bool was_cut_short = false;
};

/// Runs the scenario. Fails, with a message for people, if no input was found that fits, or if the
/// run cannot be prepared. `watcher`, which may be null, receives all events.
[[nodiscard]] Result<SimulatedRun> RunScenario(const World& world, const Scenario& scenario,
                                               runtime::Recorder* watcher);

}  // namespace wfc::simulate
