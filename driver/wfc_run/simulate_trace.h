// One simulated run, event by event, on standard output.
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

class SimulationTrace : public runtime::Recorder {
 public:
  /// `number`: of the run, from 1. Both references outlive it.
  SimulationTrace(const plan::PlanView& plan, const SimulateOptions& options, uint64_t number);

  void Record(const runtime::Event& event) override;
  void RecordDecision(const runtime::Decision&) override {}
  void RecordTranscript(std::string_view, const Value&) override {}

  /// Prints everything; Failed when the run had a surprise.
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
  std::string lines_;          // Text
  std::vector<Value> events_;  // Json
};

}  // namespace wfc::driver
