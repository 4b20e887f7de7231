// RunRecorder writes the events of a run into the run's folder, and shows them as progress. Called
// by the run and the executor.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "backend-runtime/host/reactor.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/recorder.h"
#include "backend-runtime/store/manifest.h"
#include "backend-runtime/store/run_store.h"
#include "driver/wfc_run/progress.h"

namespace wfc::driver {

/// The recorder of a real run.
class RunRecorder : public runtime::Recorder {
 public:
  /// All references must outlive the recorder. `manifest` must have the fields of the run; its
  /// stages are added here.
  RunRecorder(const plan::PlanView& plan, store::RunStore& store, Progress& progress,
              host::Reactor& reactor, store::Manifest manifest);

  void Record(const runtime::Event& event) override;
  void BeginEpoch(int64_t time_ns, TimeValue wall) override;
  void RecordNote(const runtime::RecordedNote& note) override;

  /// Between these calls the events are those of earlier drivers of the run, told again: they are
  /// not shown.
  void BeginPast() { is_past_ = true; }
  void EndPast() { is_past_ = false; }
  /// The status of a run that was left before its end, and why, for people.
  void SetStatus(RunStatus status, std::string detail);
  /// The seal of the run's record, which the manifest holds from then on.
  void SetSeal(const std::string& seal);

  /// Writes the manifest and all buffered records; also called when the run has ended and its
  /// record is closed, so that whoever watches the folder sees them.
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
  int64_t next_manifest_at_ = 0;  // earliest time of the next write, in nanoseconds of the clock
  bool is_refresh_due_ = false;
  bool is_past_ = false;
  int64_t pause_ns_ = 0;  // for how long nobody has driven the run so far
};

}  // namespace wfc::driver
