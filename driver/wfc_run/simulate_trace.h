// SimulationTrace prints one simulated run on standard output, event by event. Called by the verb
// `simulate`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/simulate/simulated_run.h"
#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/options.h"
#include "driver/wfc_run/progress.h"

namespace wfc::driver {

/// Records the events of a simulated run and prints them at its end.
class SimulationTrace : public runtime::Recorder {
 public:
  /// `number` is the number of the run, counted from 1. Both references must outlive the trace.
  SimulationTrace(const plan::PlanView& plan, const SimulateOptions& options, uint64_t number);

  void Record(const runtime::Event& event) override;

  /// Prints all events. Returns Failed if the run had a surprise.
  [[nodiscard]] ExitCode Finish(const simulate::SimulatedRun& run,
                                const simulate::Scenario& scenario) const;

 private:
  [[nodiscard]] std::string ToText(const simulate::SimulatedRun& run,
                                   const simulate::Scenario& scenario) const;
  [[nodiscard]] Value ToJson(const simulate::SimulatedRun& run,
                             const simulate::Scenario& scenario) const;

  const plan::PlanView& plan_;
  const SimulateOptions& options_;
  uint64_t number_;
  ProgressOptions shown_;
  std::string lines_;          // for the form Text
  std::vector<Value> events_;  // for the form Json
};

}  // namespace wfc::driver
