// Projection: tells a recorder what happens in a run, as its events. It follows from the records
// and from what the machine concludes from them, so that it can be made again from the records.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>

#include "backend-runtime/plan/bodies.h"
#include "backend-runtime/runtime/drive/recorder.h"
#include "backend-runtime/runtime/evaluate/run_state.h"

namespace wfc::runtime {

class Projection {
 public:
  /// All must outlive the object.
  Projection(const plan::PlanView& plan, const StateMachine& machine, const RunState& state,
             Recorder& recorder)
      : plan_(plan), machine_(machine), state_(state), recorder_(recorder), bodies_(plan) {}

  /// Tells of a record about `slot`, which the machine and the state have taken; `begins` says
  /// whether its fact began an attempt.
  void Tell(const Record& record, SlotId slot, bool begins);
  /// Tells of a consequence of the record.
  void Tell(const Note& note, int64_t time);

 private:
  /// A slot that has begun and not settled, unless it settled at once.
  struct Active {
    int64_t first_began = 0;  // when its first attempt began
    int64_t began = 0;        // when its last attempt began
    std::set<RegionId> entered = {};
  };

  [[nodiscard]] NodeId NodeOf(SlotId slot) const { return machine_.instances().node_of(slot); }
  /// An event about a slot, with all that is known of it.
  [[nodiscard]] Event Make(EventType type, SlotId slot, int64_t time) const;
  void TellRunStarted(const Record& record);
  void TellRunEnded(const Record& record);
  void TellBegan(SlotId slot, int64_t time);
  void TellRoute(const Record& record, SlotId slot);
  void TellAttemptFailed(SlotId slot, const FailureAction& action, int64_t time);
  void TellSettled(SlotId slot, int64_t time, bool is_simulated);
  void TellCancelledInDoubt(SlotId slot, int64_t time);
  void TellBodyEnded(const Instance& body, int64_t time);
  void TellUnneeded(NodeId owner, const std::set<RegionId>& entered, int64_t time);
  void TellUnneededBody(RegionId body, int64_t time);

  const plan::PlanView& plan_;
  const StateMachine& machine_;
  const RunState& state_;
  Recorder& recorder_;
  plan::BodiesByOwner bodies_;
  std::unordered_map<SlotId, Active> active_;  // only looked up
  bool has_told_of_failing_ = false;
};

}  // namespace wfc::runtime
