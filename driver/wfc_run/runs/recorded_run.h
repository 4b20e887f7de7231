// RecordedRun: a run in its folder, opened to be looked at: one that goes on, rests, was killed or
// is damaged. Nothing of it is changed, and whoever drives it is not held up. Called by the verbs
// on runs that are recorded; what is needed to open a run is shared with those that drive one.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/history.h"
#include "backend-runtime/store/run_reader.h"
#include "ir/base/digest.h"

namespace wfc::driver {

/// The plan of the run in `folder`, verified. The error names the file.
[[nodiscard]] Result<plan::PlanView> ReadPlanIn(const std::string& folder);

/// Whether the run was started with this plan. The error says how they differ.
[[nodiscard]] Result<void> CheckIsPlanOf(store::RunReader& run, const plan::PlanView& plan);

/// The first record of a run; none if nothing has been recorded. The error is for people.
[[nodiscard]] Result<std::optional<runtime::Record>> ReadFirstRecord(store::RunReader& run);

/// The values of a run that is only read.
class ReaderBlobs : public journal::Blobs {
 public:
  explicit ReaderBlobs(store::RunReader& reader) : reader_(reader) {}
  Sha256Digest Put(std::span<const uint8_t>) override { return {}; }
  Result<std::vector<uint8_t>> Get(const Sha256Digest& digest) override {
    return reader_.Blob(digest);
  }

 private:
  store::RunReader& reader_;
};

/// An open run. A driver that ends while a run without a seal is open cannot seal it, so it is kept
/// open for as long as it is read and no longer.
class RecordedRun {
 public:
  using Opened = Result<std::unique_ptr<RecordedRun>>;

  /// Opens the run in `folder`, an absolute path. The error is for people, and names the folder.
  [[nodiscard]] static Opened Open(const std::string& folder);

  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] const plan::PlanView& plan() const { return plan_; }
  [[nodiscard]] const Value& manifest() const { return manifest_; }
  [[nodiscard]] store::RunReader& reader() { return reader_; }

  /// Shows `history`, which is one of this run's plan, all that is recorded so far, and calls
  /// `after` behind each fact. The error is for people, and names the record that is damaged.
  [[nodiscard]] Result<void> Read(runtime::History& history,
                                  const std::function<void()>& after = {});

 private:
  RecordedRun(std::string folder, plan::PlanView plan, Value manifest, store::RunReader reader)
      : folder_(std::move(folder)),
        plan_(std::move(plan)),
        manifest_(std::move(manifest)),
        reader_(std::move(reader)) {}

  std::string folder_;
  plan::PlanView plan_;
  Value manifest_;  // but for its stages; an empty map if there is none that can be read
  store::RunReader reader_;
};

/// Opens the run in `folder`, shows it to `look`, and closes it. If that fails and somebody has
/// begun or ceased to drive the run meanwhile, what was read can be of two states: `look` is called
/// again, and has to begin anew.
[[nodiscard]] Result<void> LookAt(const std::string& folder,
                                  const std::function<Result<void>(RecordedRun&)>& look);

}  // namespace wfc::driver
