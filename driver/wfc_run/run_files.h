// RunFiles: what a run's folder holds beside its record, as it follows from it: the manifest,
// metrics, errors, transcripts and the audit log. They are written as the run goes on, anew when it
// is resumed, and again by whoever checks or rebuilds them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/recorder.h"
#include "backend-runtime/runtime/evaluate/run_state.h"
#include "backend-runtime/store/manifest.h"
#include "backend-runtime/store/run_store.h"

namespace wfc::driver {

/// The fields of a recorded run that do not change.
[[nodiscard]] store::Manifest ManifestOf(const plan::PlanView& plan,
                                         const runtime::RunIdentity& identity, std::string project);

class RunFiles : public runtime::Recorder {
 public:
  /// The plan and the store must outlive the object. `manifest` must have the fields of the run;
  /// its stages are added here.
  RunFiles(const plan::PlanView& plan, store::RunStore& store, store::Manifest manifest);

  void Record(const runtime::Event& event) override;
  void BeginEpoch(int64_t time_ns, TimeValue wall) override;
  void RecordNote(const runtime::RecordedNote& note) override;

  /// The status of a run that was left before its end, and why, for people.
  void SetStatus(RunStatus status, std::string detail);
  /// The seal of the run's record, which the manifest holds from then on.
  void SetSeal(const std::string& seal) { manifest_.seal = seal; }
  /// Writes the manifest and all buffered records. `now` is the time of day.
  void Write(TimeValue now);

  [[nodiscard]] const store::Manifest& manifest() const { return manifest_; }

 private:
  [[nodiscard]] std::string_view NameOf(plan::NodeId node) const;
  [[nodiscard]] TimeValue WallTime(int64_t time_ns) const;
  void Apply(const runtime::Event& event, store::StageEntry& stage);
  void WriteFailure(const runtime::Event& event, store::StageEntry& stage);
  void WriteMetric(const runtime::Event& event, const store::StageEntry& stage);
  void FinishRun(const runtime::Event& event);

  const plan::PlanView& plan_;
  store::RunStore& store_;
  store::Manifest manifest_;
  int64_t pause_ns_ = 0;  // for how long nobody has driven the run so far
};

}  // namespace wfc::driver
