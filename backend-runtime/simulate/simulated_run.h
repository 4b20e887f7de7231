// One run of a plan from a scenario: the interpreter as it is, on a machine that exists in a seed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/interpreter.h"
#include "backend-runtime/simulate/observer.h"
#include "backend-runtime/simulate/scenario.h"
#include "backend-runtime/simulate/targets.h"
#include "ir/types/vm/draw.h"

namespace wfc::simulate {

/// What the runs of a simulation have in common; all outlives them.
struct World {
  const plan::PlanView& plan;
  const Targets& targets;
  const types::Drawer& drawer;
  /// Puts what the user gave over a drawn input; the error says why that fits no input.
  std::function<Result<Value>(const Value& drawn)> complete_input = {};
  /// Variables that are set; the values of others are drawn.
  std::function<std::optional<std::string>(std::string_view name)> environment = {};
  /// The machine's, by which a run is killed that takes too long of it; none: none is.
  const host::Clock* clock = nullptr;
};

struct SimulatedRun {
  runtime::RunResult result;
  Observation observation;
  Value input;
  bool was_cut_short =
      false;  ///< it was killed after more events, or more time, than anyone has patience for
};

/// The error: no input was found that fits. `watcher` (may be null) hears all events.
[[nodiscard]] Result<SimulatedRun> RunScenario(const World& world, const Scenario& scenario,
                                               runtime::Recorder* watcher);

}  // namespace wfc::simulate
