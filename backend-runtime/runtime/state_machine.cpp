#include "backend-runtime/runtime/state_machine.h"

#include <algorithm>
#include <utility>

#include "backend-runtime/runtime/backoff.h"

namespace wfc::runtime {

StateMachine::StateMachine(const plan::PlanTables& plan, const MachineOptions& options)
    : plan_(plan), options_(options), instances_(plan.regions) {
  const uint32_t node_count = plan.regions[plan::kWorkflowRegion].nodes().count();
  const bool has_bodies = node_count < plan.nodes.size();
  workflow_edge_count_ =
      has_bodies ? plan.nodes[NodeId(node_count)].first_edge() : plan.edges.size();
  // Mostly each body is entered once at a time; what is only reserved costs nothing.
  pending_.reserve(plan.nodes.size());
  status_.reserve(plan.nodes.size());
  reason_.reserve(plan.nodes.size());
  flags_.reserve(plan.nodes.size());
  attempts_.reserve(plan.nodes.size());
}

// Instances

void StateMachine::Start() {
  BeginInstance(kWorkflowInstance);
}

/// Sets the slots of an instance that has just been opened to their first state.
void StateMachine::BeginInstance(InstanceId id) {
  Instance& instance = instances_[id];
  instance.unsettled_count = static_cast<uint32_t>(instance.slots.size());
  instance.is_running = true;
  GrowTo(instances_.slot_count());
  const bool is_workflow = id == kWorkflowInstance;
  const uint32_t shift = instances_.SlotShift(instance);
  for (const SlotId slot : instance.slots) {
    pending_[slot] = plan_.nodes[NodeId(slot.index() - shift)].in_degree();
  }
  if (is_workflow) {
    frontier_end_ = instance.unsettled_count;
    fast_path_end_ = frontier_end_;
    if (instance.slots.empty()) EndInstance(id);
    return;
  }
  for (const SlotId slot : instance.slots) {
    status_[slot] = NodeStatus::Waiting;
    reason_[slot] = SkipReason::None;
    flags_[slot] = kIsInBody;
    attempts_[slot] = 0;
  }
  JudgeOuterReads(id);
  if (instance.slots.empty()) EndInstance(id);
  for (const SlotId slot : instance.slots) OnDependencySettled(slot);
  SettleDead();
}

void StateMachine::GrowTo(size_t slot_count) {
  if (slot_count <= status_.size()) return;
  pending_.resize(slot_count);
  status_.resize(slot_count);
  reason_.resize(slot_count);
  flags_.resize(slot_count);
  attempts_.resize(slot_count);
}

/// Marks in the words of a body's slots what they read of the slots around the body. The owner has
/// waited for them, so they have settled.
void StateMachine::JudgeOuterReads(InstanceId id) {
  const Instance& instance = instances_[id];
  const plan::fb::Range outer = plan_.regions[instance.region].outer();
  for (const plan::fb::OuterRead& read : plan::PlanTables::Slice(plan_.outer_reads, outer)) {
    const SlotId from = instances_.FindSlot(id, NodeId(read.from()));
    const SlotId reader = instances_.FindSlot(id, NodeId(read.node()));
    const Ending ending = EndingOf(status_[from], has_output(from), reason_[from]);
    pending_[reader] |= MarkOf(read.kind(), ending);
  }
}

void StateMachine::EndInstance(InstanceId id) {
  Instance& instance = instances_[id];
  instance.is_running = false;
  running_bodies_.erase(instance.owner);
  Enqueue({.kind = Step::Kind::InstanceEnded, .index = id.index()});
}

InstanceId StateMachine::RunningBodyOf(SlotId slot) const {
  const auto found = running_bodies_.find(slot);
  return found == running_bodies_.end() ? InstanceId() : found->second;
}

// The ready slots. An owner is in the set of its instance while the set of its body is not empty.

void StateMachine::MakeReady(SlotId slot) {
  fast_path_end_ = 0;
  while (slot.has_value()) {
    Instance& instance = InstanceOf(slot);
    const bool was_empty = instance.ready.empty();
    instance.ready.Insert(slot);
    if (!was_empty) return;
    slot = instance.owner;
  }
}

void StateMachine::EraseReady(SlotId slot) {
  while (slot.has_value()) {
    Instance& instance = InstanceOf(slot);
    instance.ready.Erase(slot);
    if (!instance.ready.empty()) return;
    slot = instance.owner;
  }
}

// Steps

Step StateMachine::NextOfAny(int64_t now) {
  if (next_step_ < steps_.size()) {
    const Step step = steps_[next_step_++];
    if (next_step_ == steps_.size()) {
      steps_.clear();
      next_step_ = 0;
    }
    return step;
  }
  ReleaseDue(now);
  if (running_count_ >= options_.concurrency) return {};
  const SlotId slot = TakeFirstReady();
  fast_path_end_ = instances_.workflow().ready.empty() && retries_.empty() ? frontier_end_ : 0;
  if (!slot.has_value()) return {};
  const bool is_retry = (flags_[slot] & kIsRetry) != 0;
  status_[slot] = NodeStatus::Running;
  ++running_count_;
  ++attempts_[slot];
  return {.kind = Step::Kind::Begin, .is_retry = is_retry, .index = slot.index()};
}

/// Makes the slots ready of which the next attempt is due, and drops entries that are not meant any
/// more, so that the first entry is of a slot that waits.
void StateMachine::ReleaseDue(int64_t now) {
  while (!retries_.empty()) {
    const DueRetry retry = retries_.first();
    const bool is_meant = status_[retry.slot] == NodeStatus::BackingOff &&
                          InstanceOf(retry.slot).body == retry.body &&
                          attempts_[retry.slot] == retry.failed_attempt;
    if (is_meant && retry.due > now) return;
    retries_.EraseFirst();
    if (!is_meant) continue;
    flags_[retry.slot] = kIsRetry | (flags_[retry.slot] & kIsInBody);  // also clears kDoesNotCount
    MakeReady(retry.slot);
  }
}

std::optional<int64_t> StateMachine::next_due() const {
  return retries_.empty() ? std::nullopt : std::optional(retries_.first().due);
}

/// The first slot that may begin. The slots of the workflow from `frontier_` on have not been
/// examined and are in no set: while nodes settle in order, as stages evaluated in place do,
/// finding the next one only advances a counter.
SlotId StateMachine::TakeFirstReady() {
  ReadySet& ready = instances_.workflow().ready;
  SlotId first = ready.empty() ? SlotId() : ready.First();
  while (frontier_ < std::min(first.index(), frontier_end_)) {
    const SlotId slot(frontier_++);
    if (MayBegin(slot)) return slot;
  }
  if (!first.has_value()) return first;
  for (InstanceId body = RunningBodyOf(first); body.has_value(); body = RunningBodyOf(first)) {
    first = instances_[body].ready.First();
  }
  EraseReady(first);
  return first;
}

SkipReason StateMachine::FindSkipReason(SlotId slot) const {
  const uint32_t word = pending_[slot];
  if ((word & kRouted) != 0 && (word & kChosen) == 0) return SkipReason::NotChosen;
  if ((word & kHardFailed) == 0) return SkipReason::None;
  switch (NodeOf(slot).join()) {
    case plan::fb::Join::All:
      return SkipReason::Dependency;
    case plan::fb::Join::Any:
      return (word & kHardHeld) != 0 ? SkipReason::None : SkipReason::Dependency;
    case plan::fb::Join::Settled:
      return SkipReason::None;
  }
  return SkipReason::None;
}

void StateMachine::Settle(SlotId slot, NodeStatus status, HasOutput has_output, SkipReason reason) {
  SettleAlone(slot, status, has_output, reason);
  SettleDead();
}

void StateMachine::SettleAlone(SlotId slot, NodeStatus status, HasOutput has_output,
                               SkipReason reason) {
  status_[slot] = status;
  reason_[slot] = reason;
  if (has_output == HasOutput::No) flags_[slot] |= kHasNoOutput;
  const InstanceId id = instances_.instance_of(slot);
  Instance& instance = instances_[id];
  const uint32_t shift = instances_.SlotShift(instance);
  NotifyDependents(NodeId(slot.index() - shift), shift,
                   kMarks[EndingOf(status, has_output == HasOutput::Yes, reason)]);
  ++settled_counts_[static_cast<size_t>(status)];
  if (--instance.unsettled_count == 0) EndInstance(id);
}

/// Skips the slots that were found dead, and those that die of it. A list, not recursion, because a
/// chain of dead nodes is as long as the plan.
void StateMachine::SettleDead() {
  for (size_t i = 0; i < dead_.size(); ++i) {
    const SlotId slot = dead_[i];
    if (!MayBegin(slot)) continue;  // it has been cancelled meanwhile
    const SkipReason reason = FindSkipReason(slot);
    Enqueue({.kind = Step::Kind::Skipped, .reason = reason, .index = slot.index()});
    SettleAlone(slot, NodeStatus::Skipped, HasOutput::No, reason);
  }
  dead_.clear();
}

/// Called when a dependency of a slot has settled that has been examined, or may be dead. Once all
/// have settled, the slot is ready or dead, unless it has been cancelled.
void StateMachine::OnDependencySettled(SlotId slot) {
  if (!MayBegin(slot)) return;
  if (FindSkipReason(slot) != SkipReason::None) {
    dead_.push_back(slot);
  } else if (!IsUnexamined(slot)) {
    MakeReady(slot);
  }
}

// Ends of attempts

void StateMachine::Skip(SlotId slot, SkipReason reason) {
  StopCounting(slot);
  --attempts_[slot];
  Settle(slot, NodeStatus::Skipped, HasOutput::No, reason);
}

/// Whether the slot is of cleanup (`join: settled`), which starts and continues while its instance
/// ends, unless the run is killed.
bool StateMachine::IsSpared(SlotId slot) const {
  return spares_cleanup_ && NodeOf(slot).join() == plan::fb::Join::Settled;
}

/// Whether the slot may start an attempt or a fallback: its instance is not ending, or it is
/// cleanup.
bool StateMachine::MayStartMore(SlotId slot) const {
  return IsSpared(slot) || InstanceOf(slot).end == InstanceEnd::Completed;
}

FailureAction StateMachine::FailAttempt(SlotId slot, FailureCode code, MayRetry may_retry,
                                        int64_t now) {
  StopCounting(slot);
  if (is_cancel_requested(slot)) {
    EndCancelled(slot);
    return {};
  }
  const plan::fb::Policy& policy = plan_.policy_of(NodeOf(slot));
  const bool may_start_more = MayStartMore(slot);
  const plan::fb::Retry* retry = plan_.retry_of(policy);
  if (may_retry == MayRetry::Yes && may_start_more && retry != nullptr) {
    if (attempts(slot) <= retry->further_attempts() && (retry->codes() & Bit(code)) != 0) {
      return BackOff(slot, *retry, now);
    }
  }
  const plan::fb::OnError on_error = policy.on_error();
  if (on_error == plan::fb::OnError::Value) return {.kind = FailureAction::Kind::Value};
  if (on_error == plan::fb::OnError::Fallback && may_start_more) {
    return {.kind = FailureAction::Kind::Fallback};
  }
  if (on_error == plan::fb::OnError::Continue) {
    has_tolerated_ = true;
    Settle(slot, NodeStatus::Tolerated, HasOutput::No, SkipReason::None);
  } else {
    FailFinally(slot);
  }
  return {};
}

FailureAction StateMachine::BackOff(SlotId slot, const plan::fb::Retry& retry, int64_t now) {
  const BodyId body = InstanceOf(slot).body;
  const uint32_t failed = attempts_[slot];
  const int64_t delay = BackoffDelay(
      retry, options_.seed, {.body = body, .node = instances_.node_of(slot), .attempt = failed});
  status_[slot] = NodeStatus::BackingOff;
  retries_.Insert({.due = now + delay, .slot = slot, .body = body, .failed_attempt = failed});
  fast_path_end_ = 0;
  return {.kind = FailureAction::Kind::Retry, .delay_ns = delay};
}

void StateMachine::Recover(SlotId slot) {
  Settle(slot, NodeStatus::Recovered, HasOutput::Yes, SkipReason::None);
}

void StateMachine::FailFinally(SlotId slot) {
  if (is_cancel_requested(slot)) return EndCancelled(slot);
  const InstanceId id = instances_.instance_of(slot);
  // The instance ends before the dependents learn of the failure, so that none of them starts.
  if (instances_[id].end == InstanceEnd::Completed) {
    instances_[id].failed_slot = slot;
    EndEarly(id, InstanceEnd::Failed);
  }
  Settle(slot, NodeStatus::Failed, HasOutput::No, SkipReason::None);
}

void StateMachine::EndCancelled(SlotId slot) {
  Settle(slot, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
}

// Bodies

void StateMachine::Choose(SlotId decide, IdSpan<NodeId> targets) {
  const uint32_t shift = instances_.SlotShift(InstanceOf(decide));
  for (const NodeId target : targets) pending_[SlotId(target.index() + shift)] |= kChosen;
}

InstanceId StateMachine::EnterBody(SlotId slot, RegionId region) {
  StopCounting(slot);
  const InstanceId id = instances_.Open(region, slot);
  running_bodies_.emplace(slot, id);
  BeginInstance(id);
  // The slot may have been asked to end before it entered its body.
  if (is_cancel_requested(slot)) EndEarly(id, InstanceEnd::Cancelled);
  return id;
}

void StateMachine::SettleLike(SlotId slot, SlotId inner) {
  Settle(slot, status_[inner], has_output(inner) ? HasOutput::Yes : HasOutput::No, reason_[inner]);
}

void StateMachine::TimeOut(InstanceId id) {
  if (instances_[id].is_running) EndEarly(id, InstanceEnd::TimedOut);
}

void StateMachine::CancelRun() {
  if (instances_.workflow().is_running) EndEarly(kWorkflowInstance, InstanceEnd::Cancelled);
}

void StateMachine::KillRun() {
  spares_cleanup_ = false;
  CancelRun();
  for (const InstanceId id : instances_.ids()) {
    if (!instances_[id].is_running) continue;
    CancelWaiting(id);
    CancelRunning(id);
  }
}

/// Ends an instance early: from now on only cleanup starts in it and in the bodies that run in it.
void StateMachine::EndEarly(InstanceId id, InstanceEnd end) {
  Instance& instance = instances_[id];
  if (instance.end == InstanceEnd::Completed) {
    instance.end = end;
    CancelWaiting(id);
  }
  // Running slots may only finish (`drains_on_failure`) after a failure, or when the whole run
  // ends; a cancelled or timed-out body does not wait for them.
  const bool may_drain = end == InstanceEnd::Failed || id == kWorkflowInstance;
  if (!may_drain || !options_.drains_on_failure) CancelRunning(id);
}

/// Examines all remaining slots of the workflow at once, because some of them are about to be
/// cancelled: from now on, ready slots are in the ready set.
void StateMachine::DrainFrontier() {
  const uint32_t first = std::exchange(frontier_, frontier_end_);
  for (const SlotId slot : IdRange<SlotId>(first, frontier_end_ - first)) {
    if (MayBegin(slot)) MakeReady(slot);
  }
}

void StateMachine::CancelWaiting(InstanceId id) {
  if (id == kWorkflowInstance) DrainFrontier();
  const Instance& instance = instances_[id];
  for (const SlotId slot : instance.slots) {
    const NodeStatus status = status_[slot];
    if (IsSettled(status) || status == NodeStatus::Running || IsSpared(slot)) continue;
    if (instance.ready.Contains(slot)) EraseReady(slot);
    Enqueue({.kind = Step::Kind::Cancelled, .index = slot.index()});
    // What depends on it is cancelled, too, and not skipped.
    SettleAlone(slot, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
  }
  SettleDead();
}

void StateMachine::CancelRunning(InstanceId id) {
  for (const SlotId slot : instances_[id].slots) {
    if (status_[slot] != NodeStatus::Running || IsSpared(slot)) continue;
    if ((flags_[slot] & kDoesNotCount) == 0 && !is_cancel_requested(slot)) {
      Enqueue({.kind = Step::Kind::CancelAttempt, .index = slot.index()});
    }
    flags_[slot] |= kCancelRequested;
    // The recursion is bounded by kMaxRegionDepth, which the plan's verifier enforces.
    if (const InstanceId body = RunningBodyOf(slot); body.has_value()) {
      EndEarly(body, InstanceEnd::Cancelled);
    }
  }
}

RunStatus StateMachine::run_status() const {
  switch (instances_.workflow().end) {
    case InstanceEnd::Completed:
      return RunStatus::Running;
    case InstanceEnd::Failed:
      return RunStatus::Failed;
    case InstanceEnd::Cancelled:
    case InstanceEnd::TimedOut:
      return RunStatus::Cancelled;
  }
  return RunStatus::Running;
}

RunStatus StateMachine::outcome() const {
  if (instances_.workflow().end != InstanceEnd::Completed) return run_status();
  return has_tolerated_ ? RunStatus::Partial : RunStatus::Completed;
}

}  // namespace wfc::runtime
