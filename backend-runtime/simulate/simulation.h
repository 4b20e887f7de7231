// Simulation: many runs of one plan, with what they have reached and found. `wfc simulate` drives
// it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/evaluate/vars.h"
#include "backend-runtime/simulate/explorer.h"
#include "backend-runtime/simulate/simulated_run.h"

namespace wfc::simulate {

/// How a simulation is set up.
struct SimulationOptions {
  uint64_t seed = 1;
  std::optional<Mode> mode = {};  ///< no value: all modes that the plan lists
  // The following are passed on to World.
  std::function<Result<Value>(const Value& drawn)> complete_input = {};
  runtime::ReadVariable environment = {};
  const host::Clock* clock = nullptr;
};

/// Surprises with the same cause, as far as can be told, in any number of runs.
struct Finding {
  Surprise example;        ///< the surprise of the first run
  uint64_t first_run = 0;  ///< counts from 1
  uint64_t last_run = 0;
  uint64_t run_count = 0;
};

/// The results of the runs so far.
struct SimulationReport {
  uint64_t run_count = 0;
  std::vector<bool> reached;  ///< by index in Targets
  bool has_reached_all = false;
  std::vector<Finding> findings;  ///< surprises in the order of their discovery, then denials
  std::vector<NodeId> undrawn;    ///< nodes for whose output no value was found, sorted
  uint64_t cut_short_count = 0;   ///< runs that exceeded a limit
};

/// Not thread-safe.
class Simulation {
 public:
  /// `plan` must outlive the simulation.
  Simulation(const plan::PlanView& plan, SimulationOptions options);
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  /// Makes the next run. The same seed gives the same runs in the same order. Fails if no input was
  /// found that fits. `watcher`, which may be null, receives all events.
  [[nodiscard]] Result<SimulatedRun> RunNext(runtime::Recorder* watcher);

  [[nodiscard]] const SimulationReport& report() const { return report_; }
  [[nodiscard]] const Targets& targets() const { return targets_; }
  /// The scenario of the last run.
  [[nodiscard]] const Scenario& scenario() const { return scenario_; }

 private:
  void Collect(const SimulatedRun& run);
  void AddSurprise(const Surprise& surprise);
  void AddUses(const std::vector<Use>& uses);
  [[nodiscard]] std::vector<Finding> FindDenied() const;

  /// What the calls of a stage would have used, over all runs.
  struct UsesOfNode {
    Use first;
    bool varies = false;  ///< it differs between calls, so it depends on drawn values
    uint64_t first_run = 0;
    uint64_t last_run = 0;
    uint64_t run_count = 0;
  };

  Upstream upstream_;
  Targets targets_;
  types::Drawer drawer_;
  World world_;
  Explorer explorer_;
  Scenario scenario_;
  SimulationReport report_;
  std::vector<Finding> failures_;
  std::map<std::pair<NodeId, Use::Kind>, UsesOfNode> uses_;
};

}  // namespace wfc::simulate
