// StageTrack: how the stages of a recorded run stand, as its events and facts tell. Called by the
// verbs that show a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/recorder.h"
#include "backend-runtime/runtime/machine/record.h"

namespace wfc::driver {

/// How a stage stands. Times are run time.
struct StageState {
  /// Running, BackingOff or how it settled; no value: it has not begun.
  std::optional<NodeStatus> status = {};
  uint32_t attempts = 0;
  int64_t first_began = 0;  ///< the first attempt
  int64_t began = 0;        ///< the last attempt
  int64_t settled = 0;
  SkipReason reason = SkipReason::None;
  std::optional<runtime::Failure> failure = {};  ///< the last one
  /// Of the call that the last attempt has announced.
  std::optional<CallClass> call_class = {};
};

class StageTrack : public runtime::Recorder {
 public:
  explicit StageTrack(const plan::PlanView& plan);

  void Record(const runtime::Event& event) override;
  void BeginEpoch(int64_t time_ns, TimeValue wall) override;
  /// Called behind the events of each fact.
  void TakeFact(const runtime::Record& record);

  [[nodiscard]] const plan::PlanView& plan() const { return plan_; }
  [[nodiscard]] const StageState& of(plan::NodeId node) const { return stages_[node.index()]; }
  /// The run time at which a driver last took the run, and the time of day then.
  [[nodiscard]] int64_t epoch_began() const { return epoch_began_; }
  [[nodiscard]] TimeValue epoch_wall() const { return epoch_wall_; }
  /// The last fact: what came to an end, if it was the run's.
  [[nodiscard]] const runtime::Record& last() const { return last_; }

 private:
  const plan::PlanView& plan_;
  std::vector<StageState> stages_;  // by node
  int64_t epoch_began_ = 0;
  TimeValue epoch_wall_;
  runtime::Record last_;
};

}  // namespace wfc::driver
