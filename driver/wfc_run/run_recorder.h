// RunRecorder: writes what happens in a run into its folder and shows it to whoever waits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "backend-runtime/host/reactor.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/recorder.h"
#include "backend-runtime/store/manifest.h"
#include "backend-runtime/store/run_store.h"
#include "driver/wfc_run/progress.h"

namespace wfc::driver {

class RunRecorder : public runtime::Recorder {
 public:
  /// All outlive the recorder. `manifest` has the run's own fields filled in; its stages are made
  /// here.
  RunRecorder(const plan::PlanView& plan, store::RunStore& store, Progress& progress,
              host::Reactor& reactor, store::Manifest manifest);

  void Record(const runtime::Event& event) override;
  void RecordDecision(const runtime::Decision& decision) override;
  void RecordTranscript(std::string_view stage, const Value& line) override;

  /// Writes the manifest and what is buffered: someone may be watching.
  void Heartbeat();

  [[nodiscard]] const store::Manifest& manifest() const { return manifest_; }

 private:
  [[nodiscard]] std::string_view NameOf(plan::NodeId node) const;
  [[nodiscard]] TimeValue WallTime(int64_t time_ns) const;
  void Apply(const runtime::Event& event, store::StageEntry& stage);
  void WriteFailure(const runtime::Event& event, store::StageEntry& stage);
  void WriteMetric(const runtime::Event& event, const store::StageEntry& stage);
  void FinishRun(const runtime::Event& event);
  void ScheduleRefresh();

  const plan::PlanView& plan_;
  store::RunStore& store_;
  Progress& progress_;
  host::Reactor& reactor_;
  store::Manifest manifest_;
  int64_t next_manifest_at_ = 0;  // of the clock
  bool is_refresh_due_ = false;
};

}  // namespace wfc::driver
