// The part of the state machine that lets another driver go on with the run.
#include <algorithm>
#include <vector>

#include "backend-runtime/runtime/machine/state_machine.h"

namespace wfc::runtime {

/// Who drove the run is gone, and with it the calls that ran and the commands that were given.
void StateMachine::BeginEpoch() {
  for (const InstanceId id : instances_.ids()) {
    if (!instances_[id].is_running) continue;
    for (const SlotId slot : instances_[id].slots) {
      const bool has_call =
          status_[slot] == NodeStatus::Running && (flags_[slot] & kDoesNotCount) == 0;
      if (has_call) LoseCall(slot);
    }
  }
  SettleConsequences();
  GiveCommandsAgain();
}

/// Of a call that changes something nobody knows how far it came, unless it was to end anyway.
void StateMachine::LoseCall(SlotId slot) {
  const bool is_for_a_person = (flags_[slot] & (kIsUnkeyed | kCancelRequested)) == kIsUnkeyed;
  if (!is_for_a_person) return InterruptCall(slot);
  StopCounting(slot);
  flags_[slot] |= kIsInDoubt;
  ++in_doubt_count_;
}

/// An attempt that was interrupted has not begun; it is made again, unless its instance ends.
void StateMachine::InterruptCall(SlotId slot) {
  const bool may_be_done = (flags_[slot] & kIsUnkeyed) != 0;
  EndAttempt(slot);
  if (is_cancel_requested(slot)) {
    if (may_be_done) InstanceOf(slot).may_be_done = true;
    Tell({.kind = Note::Kind::Cancelled, .may_be_done = may_be_done, .index = slot.index()});
    return SettleAlone(slot, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
  }
  --attempts_[slot];
  const uint8_t kept = flags_[slot] & (kIsRetry | kIsInBody);
  status_[slot] = (kept & kIsRetry) != 0 ? NodeStatus::BackingOff : NodeStatus::Waiting;
  flags_[slot] = kept;
  MakeReady(slot);
}

/// Gives the commands that the state calls for, and only these.
void StateMachine::GiveCommandsAgain() {
  commands_.clear();
  next_command_ = 0;
  std::vector<InstanceId> open;
  for (const InstanceId id : instances_.ids()) {
    if (instances_[id].is_open()) open.push_back(id);
  }
  std::ranges::sort(open, {}, [this](InstanceId id) { return instances_[id].body; });
  for (const InstanceId id : open) {
    if (instances_[id].outcome == BodyOutcome::NeedsOutput) {
      Enqueue({.kind = Command::Kind::FormOutput, .index = id.index()});
      continue;
    }
    for (const SlotId slot : instances_[id].slots) {
      if (!NeedsRecourse(slot) || bodies_that_need_output_.contains(slot)) continue;
      Enqueue({.kind = Command::Kind::TakeRecourse, .index = slot.index()});
    }
  }
  if (!instances_.workflow().is_running) Enqueue({.kind = Command::Kind::EndRun});
}

}  // namespace wfc::runtime
