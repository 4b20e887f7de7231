// RunRecorder writes the files of a run as it goes on, and shows its events as progress. Called by
// the run.
#pragma once

#include <cstdint>
#include <string>

#include "backend-runtime/host/reactor.h"
#include "backend-runtime/plan/view.h"
#include "driver/wfc_run/progress.h"
#include "driver/wfc_run/run_files.h"

namespace wfc::driver {

/// The recorder of a real run.
class RunRecorder : public runtime::Recorder {
 public:
  /// All references must outlive the recorder. `manifest` is as for RunFiles.
  RunRecorder(const plan::PlanView& plan, store::RunStore& store, Progress& progress,
              host::Reactor& reactor, store::Manifest manifest)
      : plan_(plan),
        files_(plan, store, std::move(manifest)),
        progress_(progress),
        reactor_(reactor) {}

  void Record(const runtime::Event& event) override;
  void BeginEpoch(int64_t time_ns, TimeValue wall) override { files_.BeginEpoch(time_ns, wall); }
  void RecordNote(const runtime::RecordedNote& note) override { files_.RecordNote(note); }

  /// Between these calls the events are those of earlier drivers of the run, told again: they are
  /// not shown.
  void BeginPast() { is_past_ = true; }
  void EndPast() { is_past_ = false; }

  /// Writes the manifest and all buffered records; also called when the run has ended and its
  /// record is closed, so that whoever watches the folder sees them.
  void Heartbeat();

  [[nodiscard]] RunFiles& files() { return files_; }
  [[nodiscard]] const store::Manifest& manifest() const { return files_.manifest(); }

 private:
  void ScheduleRefresh();

  const plan::PlanView& plan_;
  RunFiles files_;
  Progress& progress_;
  host::Reactor& reactor_;
  int64_t next_manifest_at_ = 0;  // earliest time of the next write, in nanoseconds of the clock
  bool is_refresh_due_ = false;
  bool is_past_ = false;
};

}  // namespace wfc::driver
