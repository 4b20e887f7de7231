// Simulation: many runs of one plan, and what they have reached and found. `wfc simulate` drives
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
#include "backend-runtime/simulate/explorer.h"
#include "backend-runtime/simulate/simulated_run.h"

namespace wfc::simulate {

struct SimulationOptions {
  uint64_t seed = 1;
  std::optional<Mode> mode = {};  ///< none: any that the plan lists
  // As World has them.
  std::function<Result<Value>(const Value& drawn)> complete_input = {};
  std::function<std::optional<std::string>(std::string_view name)> environment = {};
  const host::Clock* clock = nullptr;
};

/// Surprises of one kind, in however many runs.
struct Finding {
  Surprise example;        ///< of the first run
  uint64_t first_run = 0;  ///< from 1
  uint64_t last_run = 0;
  uint64_t run_count = 0;
};

/// The runs so far.
struct SimulationReport {
  uint64_t run_count = 0;
  std::vector<bool> reached;  ///< by index of Targets
  bool has_reached_all = false;
  std::vector<Finding> findings;  ///< in the order they were found
  std::vector<NodeId> undrawn;    ///< of whose output no value was found, sorted
  uint64_t cut_short_count = 0;   ///< runs
};

class Simulation {
 public:
  /// `plan` outlives it.
  Simulation(const plan::PlanView& plan, SimulationOptions options);
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  /// The next run; the same seed gives the same runs in the same order. The error: no input was
  /// found that fits. `watcher` (may be null) hears all events.
  [[nodiscard]] Result<SimulatedRun> RunNext(runtime::Recorder* watcher);

  [[nodiscard]] const SimulationReport& report() const { return report_; }
  [[nodiscard]] const Targets& targets() const { return targets_; }
  /// What the last run was made from.
  [[nodiscard]] const Scenario& scenario() const { return scenario_; }

 private:
  void Collect(const SimulatedRun& run);
  void AddSurprise(const Surprise& surprise);
  void AddUses(const std::vector<Use>& uses);
  [[nodiscard]] std::vector<Finding> FindDenied() const;

  /// What calls of a stage have used, over all runs.
  struct UsesOfNode {
    Use first;
    bool varies = false;  ///< it is not the same each time, so that what is drawn decides
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
