// Branch: the beginning of a new run that takes over from a recorded one what does not depend on a
// stage, so that it goes on live from that stage.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/history.h"
#include "backend-runtime/runtime/evaluate/run_state.h"
#include "backend-runtime/runtime/machine/record.h"
#include "ir/base/result.h"

namespace wfc::runtime {

/// The stages of the workflow that a branch from `from` runs again: it and all that wait for it, at
/// any distance. `from` must be a stage of the workflow itself, not of a body.
[[nodiscard]] std::set<NodeId> StagesFrom(const plan::PlanView& plan, NodeId from);

class Branch {
 public:
  /// `again` are the stages that run again; `identity` is that of the new run, but for mode and
  /// seed, which are those of the recorded one. `plan` must outlive the object.
  Branch(const plan::PlanView& plan, std::set<NodeId> again, RunIdentity identity)
      : plan_(plan), again_(std::move(again)), identity_(std::move(identity)) {}

  /// Takes the next row of the recorded run. Fails, with a message for people, if the row cannot be
  /// read or contradicts those before. Nothing may be taken after that.
  [[nodiscard]] Result<void> Take(const journal::Row& row, journal::Blobs& blobs);

  /// The records with which the new run begins, numbered from 1. Fails, with a message for people,
  /// if the run cannot be taken over: it has not ended, or what is not run again failed.
  [[nodiscard]] Result<std::vector<Record>> Finish() const;

 private:
  [[nodiscard]] Record MakeStart(const Record& parent) const;
  [[nodiscard]] bool IsTaken(const Record& record);
  [[nodiscard]] NodeId AncestorOf(const SlotName& slot) const;

  const plan::PlanView& plan_;
  std::set<NodeId> again_;
  RunIdentity identity_;
  SilentRecorder silence_;
  std::unique_ptr<Run> run_;  // the new one, as its records tell it
  std::vector<Record> records_;
  bool has_ended_ = false;                // the recorded one
  std::map<uint64_t, uint64_t> bodies_;   // of the recorded run, and what they are in the new one
  std::map<uint64_t, NodeId> ancestors_;  // by body: the stage of the workflow that it belongs to
};

}  // namespace wfc::runtime
