#include "backend-runtime/runtime/machine/state_machine.h"

#include <algorithm>
#include <utility>

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/machine/backoff.h"

namespace wfc::runtime {

StateMachine::StateMachine(const plan::PlanTables& plan, const MachineOptions& options)
    : plan_(plan), options_(options), instances_(plan.regions) {
  const uint32_t node_count = plan.regions[plan::kWorkflowRegion].nodes().count();
  const bool has_bodies = node_count < plan.nodes.size();
  workflow_edge_count_ =
      has_bodies ? plan.nodes[NodeId(node_count)].first_edge() : plan.edges.size();
  // Usually each body is entered once at a time; what is only reserved costs nothing.
  words_.reserve(plan.nodes.size());
  status_.reserve(plan.nodes.size());
  reason_.reserve(plan.nodes.size());
  flags_.reserve(plan.nodes.size());
  attempts_.reserve(plan.nodes.size());
}

// Facts

Contradiction StateMachine::ApplyOther(const Fact& fact) {
  if (const Contradiction found = Check(fact); found != Contradiction::None) return found;
  now_ = fact.time;
  sequence_ = fact.sequence;
  switch (fact.type) {
    case FactType::RunStarted:
      Start();
      break;
    case FactType::EpochBegan:
      if (std::exchange(has_been_driven_, true)) BeginEpoch();
      break;
    case FactType::CancelAsked:
      CancelRun();
      break;
    case FactType::KillAsked:
      KillRun();
      break;
    case FactType::RunParked:
      break;
    case FactType::RunEnded:
      has_ended_ = true;
      break;
    case FactType::Began:
    case FactType::Succeeded:
    case FactType::AttemptFailed:
    case FactType::FailedFinally:
    case FactType::SkippedByIf:
    case FactType::BodyEntered:
    case FactType::BodyTimedOut:
    case FactType::CallRepeated:
      ApplyToSlot(fact, FindSlot(fact.slot));
      break;
  }
  SettleConsequences();
  return Contradiction::None;
}

void StateMachine::ApplyToSlot(const Fact& fact, SlotId slot) {
  switch (fact.type) {
    case FactType::Began:
      return BeginCall(slot, fact.call_class);
    case FactType::Succeeded:
      return Succeed(slot, fact);
    case FactType::AttemptFailed:
      return FailAttempt(slot, fact.code, fact.may_retry);
    case FactType::FailedFinally:
      return FailFinally(slot, fact.code);
    case FactType::SkippedByIf:
      return Skip(slot, SkipReason::Condition);
    case FactType::BodyEntered:
      return EnterBody(slot, fact.region);
    case FactType::BodyTimedOut:
      return TimeOut(RunningBodyOf(slot));
    case FactType::CallRepeated:
      return InterruptCall(slot);
    case FactType::RunStarted:
    case FactType::EpochBegan:
    case FactType::CancelAsked:
    case FactType::KillAsked:
    case FactType::RunParked:
    case FactType::RunEnded:
      return;
  }
}

SlotId StateMachine::FindSlot(const SlotName& name) const {
  const InstanceId id = instances_.Find(name.body);
  if (!id.has_value()) return {};
  const Instance& instance = instances_[id];
  const uint32_t offset = name.node.index() - plan_.regions[instance.region].nodes().first();
  return offset < instance.slots.size() ? SlotId(instance.slots.front().index() + offset)
                                        : SlotId();
}

void StateMachine::ForgetNotes() {
  for (const Note& note : notes_) {
    if (note.kind == Note::Kind::BodyClosed) instances_.Close(note.instance());
  }
  notes_.clear();
}

void StateMachine::Start() {
  has_started_ = true;
  BeginInstance(kWorkflowInstance);
}

// Instances

/// Sets the slots of an instance that has just been opened to their first state.
void StateMachine::BeginInstance(InstanceId id) {
  Instance& instance = instances_[id];
  instance.unsettled_count = static_cast<uint32_t>(instance.slots.size());
  instance.is_running = true;
  GrowTo(instances_.slot_count());
  if (id == kWorkflowInstance) {
    frontier_end_ = instance.unsettled_count;
    fast_path_end_ = frontier_end_;
    if (instance.slots.empty()) ended_.push_back(id);
    return SettleConsequences();
  }
  for (const SlotId slot : instance.slots) {
    words_[slot] = 0;
    status_[slot] = NodeStatus::Waiting;
    reason_[slot] = SkipReason::None;
    flags_[slot] = kIsInBody;
    attempts_[slot] = 0;
  }
  JudgeOuterReads(id);
  if (instance.slots.empty()) ended_.push_back(id);
  for (const SlotId slot : instance.slots) OnDependencySettled(slot);
}

void StateMachine::GrowTo(size_t slot_count) {
  if (slot_count <= status_.size()) return;
  words_.resize(slot_count);
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
    words_[reader] |= MarkOf(read.kind(), ending);
  }
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

// Commands

Command StateMachine::NextQueued() {
  const Command command = commands_[next_command_++];
  if (next_command_ == commands_.size()) {
    commands_.clear();
    next_command_ = 0;
  }
  return command;
}

Command StateMachine::NextOfAny(int64_t now) {
  if (next_command_ < commands_.size()) return NextQueued();
  ReleaseDue(now);
  if (running_count_ >= options_.concurrency) return {};
  const SlotId slot = TakeFirstReady();
  fast_path_end_ = instances_.workflow().ready.empty() && retries_.empty() ? frontier_end_ : 0;
  if (!slot.has_value()) return {};
  flags_[slot] |= kIsClaimed;
  ++running_count_;
  const bool is_retry = (flags_[slot] & kIsRetry) != 0;
  return {.kind = Command::Kind::Begin, .is_retry = is_retry, .index = slot.index()};
}

/// Makes ready the slots whose next attempt is due, and drops entries that no longer apply (the
/// slot was cancelled, or used again by another body), so that the first entry is of a slot that
/// waits.
void StateMachine::ReleaseDue(int64_t now) {
  while (!retries_.empty()) {
    const DueRetry retry = retries_.first();
    const bool still_applies = StillApplies(retry);
    if (still_applies && retry.due > now) return;
    retries_.EraseFirst();
    if (!still_applies) continue;
    flags_[retry.slot] = kIsRetry | (flags_[retry.slot] & kIsInBody);  // also clears kDoesNotCount
    MakeReady(retry.slot);
  }
}

bool StateMachine::StillApplies(const DueRetry& retry) const {
  const bool waits =
      status_[retry.slot] == NodeStatus::BackingOff && (flags_[retry.slot] & kDoesNotCount) != 0;
  return waits && InstanceOf(retry.slot).body == retry.body &&
         attempts_[retry.slot] == retry.failed_attempt;
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
  const uint32_t word = words_[slot];
  if ((word & kRouted) != 0 && (word & kChosen) == 0) return SkipReason::NotChosen;
  if ((word & kHardMissed) == 0) return SkipReason::None;
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

void StateMachine::SettleAlone(SlotId slot, NodeStatus status, HasOutput has_output,
                               SkipReason reason) {
  status_[slot] = status;
  reason_[slot] = reason;
  if (has_output == HasOutput::No) flags_[slot] |= kHasNoOutput;
  if (!failures_.empty()) failures_.erase(slot);
  if (!bodies_that_need_output_.empty()) LetGoOfBody(slot);
  const InstanceId id = instances_.instance_of(slot);
  Instance& instance = instances_[id];
  const uint32_t shift = instances_.SlotShift(instance);
  NotifyDependents(NodeId(slot.index() - shift), shift,
                   kMarks[EndingOf(status, has_output == HasOutput::Yes, reason)]);
  if (--instance.unsettled_count == 0) ended_.push_back(id);
}

/// Skips the slots that were found dead, ends the bodies of which all slots have settled, and so on
/// with what follows from that. Lists, not recursion, because a chain of dead nodes is as long as
/// the plan.
void StateMachine::SettleConsequences() {
  size_t dead_count = 0;
  size_t ended_count = 0;
  while (dead_count < dead_.size() || ended_count < ended_.size()) {
    if (dead_count == dead_.size()) {
      EndBody(ended_[ended_count++]);
      continue;
    }
    const SlotId slot = dead_[dead_count++];
    if (!MayBegin(slot)) continue;  // it has been cancelled meanwhile
    const SkipReason reason = FindSkipReason(slot);
    Tell({.kind = Note::Kind::Skipped, .reason = reason, .index = slot.index()});
    SettleAlone(slot, NodeStatus::Skipped, HasOutput::No, reason);
  }
  dead_.clear();
  ended_.clear();
}

/// Called when a dependency has settled, for a slot that has been examined or may be dead. Once all
/// have settled, the slot is ready or dead, unless it has been cancelled.
void StateMachine::OnDependencySettled(SlotId slot) {
  if (!MayBegin(slot)) return;
  if (FindSkipReason(slot) != SkipReason::None) {
    dead_.push_back(slot);
  } else if (!IsUnexamined(slot)) {
    MakeReady(slot);
  }
}

// Attempts

void StateMachine::BeginCall(SlotId slot, CallClass call_class) {
  BeginAttempt(slot);
  if (call_class == CallClass::Unkeyed) flags_[slot] |= kIsUnkeyed;
}

/// An attempt of the slot begins, unless it has begun.
void StateMachine::BeginAttempt(SlotId slot) {
  const NodeStatus status = status_[slot];
  if (status != NodeStatus::Waiting && status != NodeStatus::BackingOff) return;
  TakeReady(slot);
  if (status == NodeStatus::BackingOff) flags_[slot] = kIsRetry | (flags_[slot] & kIsInBody);
  ++running_count_;
  ++attempts_[slot];
  status_[slot] = NodeStatus::Running;
}

/// Takes a slot out of those that may begin, or its claim back.
void StateMachine::TakeReady(SlotId slot) {
  if ((flags_[slot] & kIsClaimed) != 0) {
    flags_[slot] &= ~kIsClaimed;
    --running_count_;
  } else if (IsUnexamined(slot)) {
    while (frontier_ < slot.index()) {
      const SlotId before(frontier_++);
      if (MayBegin(before)) MakeReady(before);
    }
    ++frontier_;
  } else if (InstanceOf(slot).ready.Contains(slot)) {
    EraseReady(slot);
  }
}

/// The `if` of a slot that may begin is false. The attempt is not counted.
void StateMachine::Skip(SlotId slot, SkipReason reason) {
  TakeReady(slot);
  SettleAlone(slot, NodeStatus::Skipped, HasOutput::No, reason);
}

/// The attempt, or the body that ran as the attempt, succeeded; or the slot recovered from its
/// failure.
void StateMachine::Succeed(SlotId slot, const Fact& fact) {
  if (fact.route.has_value()) Choose(slot, plan_.targets_of(plan_.routes[fact.route]));
  if (fact.is_recovery) return Recover(slot);
  BeginAttempt(slot);
  EndAttempt(slot);
  SettleAlone(slot, NodeStatus::Succeeded, fact.has_output, SkipReason::None);
}

/// What is true of a running attempt is so no more.
void StateMachine::EndAttempt(SlotId slot) {
  if (is_in_doubt(slot)) --in_doubt_count_;
  StopCounting(slot);
  flags_[slot] &= ~(kIsUnkeyed | kIsInDoubt);
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

void StateMachine::FailAttempt(SlotId slot, FailureCode code, MayRetry may_retry) {
  BeginAttempt(slot);
  EndAttempt(slot);
  if (!bodies_that_need_output_.empty()) LetGoOfBody(slot);
  action_ = React(slot, code, may_retry);
}

FailureAction StateMachine::React(SlotId slot, FailureCode code, MayRetry may_retry) {
  if (is_cancel_requested(slot)) {
    SettleAlone(slot, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
    return {};
  }
  const plan::fb::Policy& policy = plan_.policy_of(NodeOf(slot));
  const bool may_start_more = MayStartMore(slot);
  const plan::fb::Retry* retry = plan_.retry_of(policy);
  if (may_retry == MayRetry::Yes && may_start_more && retry != nullptr) {
    if (attempts(slot) <= retry->further_attempts() && (retry->codes() & Bit(code)) != 0) {
      return BackOff(slot, *retry);
    }
  }
  const plan::fb::OnError on_error = policy.on_error();
  const bool has_fallback = on_error == plan::fb::OnError::Fallback && may_start_more;
  if (has_fallback || on_error == plan::fb::OnError::Value) {
    failures_[slot] = code;
    Enqueue({.kind = Command::Kind::TakeRecourse, .index = slot.index()});
    return {.kind = has_fallback ? FailureAction::Kind::Fallback : FailureAction::Kind::Value};
  }
  if (on_error == plan::fb::OnError::Continue) {
    has_tolerated_ = true;
    SettleAlone(slot, NodeStatus::Tolerated, HasOutput::No, SkipReason::None);
  } else {
    SettleFailed(slot, code);
  }
  return {};
}

FailureAction StateMachine::BackOff(SlotId slot, const plan::fb::Retry& retry) {
  const BodyId body = InstanceOf(slot).body;
  const uint32_t failed = attempts_[slot];
  const int64_t delay = BackoffDelay(
      retry, options_.seed, {.body = body, .node = instances_.node_of(slot), .attempt = failed});
  status_[slot] = NodeStatus::BackingOff;
  retries_.Insert({.due = now_ + delay, .slot = slot, .body = body, .failed_attempt = failed});
  fast_path_end_ = 0;
  return {.kind = FailureAction::Kind::Retry, .delay_ns = delay};
}

/// The value of `on_error` or a fallback's output takes the place of the slot's output.
void StateMachine::Recover(SlotId slot) {
  SettleAlone(slot, NodeStatus::Recovered, HasOutput::Yes, SkipReason::None);
}

/// The slot fails without a further reaction, because a recovery or a fallback failed.
void StateMachine::FailFinally(SlotId slot, FailureCode code) {
  SettleFailed(slot, code);
}

void StateMachine::SettleFailed(SlotId slot, FailureCode code) {
  if (is_cancel_requested(slot)) {
    return SettleAlone(slot, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
  }
  const InstanceId id = instances_.instance_of(slot);
  // The instance ends before the dependents learn of the failure, so that none of them starts.
  if (instances_[id].end == InstanceEnd::Completed) {
    instances_[id].failed_slot = slot;
    instances_[id].failure = code;
    EndEarly(id, InstanceEnd::Failed);
  }
  SettleAlone(slot, NodeStatus::Failed, HasOutput::No, SkipReason::None);
}

// Bodies

/// Marks the targets of the route of a decide that is about to settle as chosen.
void StateMachine::Choose(SlotId decide, IdSpan<NodeId> targets) {
  const uint32_t shift = instances_.SlotShift(InstanceOf(decide));
  for (const NodeId target : targets) words_[SlotId(target.index() + shift)] |= kChosen;
}

/// Opens an instance of `region` that the slot owns. The slot stays Running but no longer counts
/// against `concurrency`.
void StateMachine::EnterBody(SlotId slot, RegionId region) {
  BeginAttempt(slot);
  EndAttempt(slot);
  const InstanceId id = instances_.Open(region, slot, {.sequence = sequence_});
  running_bodies_.emplace(slot, id);
  BeginInstance(id);
  // The slot may have been asked to end before it entered its body.
  if (is_cancel_requested(slot)) EndEarly(id, InstanceEnd::Cancelled);
}

/// All slots of the instance have settled. Settles the owner, where that needs no evaluation.
void StateMachine::EndBody(InstanceId id) {
  Instance& body = instances_[id];
  body.is_running = false;
  if (id == kWorkflowInstance) return Enqueue({.kind = Command::Kind::EndRun});
  running_bodies_.erase(body.owner);
  if (body.may_be_done) InstanceOf(body.owner).may_be_done = true;
  Tell({.kind = Note::Kind::BodyEnded, .index = id.index()});
  switch (body.end) {
    case InstanceEnd::Completed:
      body.outcome = CompleteBody(id);
      break;
    case InstanceEnd::Failed:
      body.outcome = FailBody(id, body.failure);
      break;
    case InstanceEnd::TimedOut:
      body.outcome = FailBody(id, FailureCode::Timeout);
      break;
    case InstanceEnd::Cancelled:
      SettleAlone(body.owner, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
      body.outcome = BodyOutcome::Settled;
      break;
  }
  if (body.outcome != BodyOutcome::NeedsOutput) {
    Tell({.kind = Note::Kind::BodyClosed, .index = id.index()});
  }
}

/// A body of one stage gives its status and output to its owner. A fallback that yields no output
/// does not recover its owner: the owner's failure stands, unless the stage tolerates its own.
BodyOutcome StateMachine::CompleteBody(InstanceId id) {
  const Instance& body = instances_[id];
  const plan::fb::Region& region = plan_.regions[body.region];
  const SlotId inner = region.is_single() ? body.slots.front() : SlotId();
  if (inner.has_value() ? has_output(inner) : plan::ProgramId(region.output()).has_value()) {
    bodies_that_need_output_.emplace(body.owner, id);
    Enqueue({.kind = Command::Kind::FormOutput, .index = id.index()});
    return BodyOutcome::NeedsOutput;
  }
  const NodeStatus status = inner.has_value() ? status_[inner] : NodeStatus::Succeeded;
  if (plan::RuleOf(region.kind()).recovers && status != NodeStatus::Tolerated) {
    SettleFailed(body.owner, failures_.at(body.owner));
  } else {
    SettleAlone(body.owner, status, HasOutput::No,
                inner.has_value() ? reason_[inner] : SkipReason::None);
  }
  return BodyOutcome::Settled;
}

/// A failure inside of a body is one of its owner's attempt; that of a fallback is final. A body in
/// which something may have been done that must not be repeated is not tried again.
BodyOutcome StateMachine::FailBody(InstanceId id, FailureCode code) {
  Instance& body = instances_[id];
  if (plan::RuleOf(plan_.regions[body.region].kind()).recovers) {
    SettleFailed(body.owner, code);
    return BodyOutcome::Settled;
  }
  body.action = React(body.owner, code, body.may_be_done ? MayRetry::No : MayRetry::Yes);
  return BodyOutcome::Failed;
}

/// The owner of a body that needed an output has ended its attempt, or been cancelled.
void StateMachine::LetGoOfBody(SlotId owner) {
  const auto found = bodies_that_need_output_.find(owner);
  if (found == bodies_that_need_output_.end()) return;
  instances_[found->second].outcome = BodyOutcome::None;
  Tell({.kind = Note::Kind::BodyClosed, .index = found->second.index()});
  bodies_that_need_output_.erase(found);
}

/// Cancels the slots of a body's instance, because its owner has run out of time.
void StateMachine::TimeOut(InstanceId id) {
  if (instances_[id].is_running) EndEarly(id, InstanceEnd::TimedOut);
}

/// Cancels the run on request; cleanup (`join: settled`) still runs.
void StateMachine::CancelRun() {
  if (instances_.workflow().is_running) EndEarly(kWorkflowInstance, InstanceEnd::Cancelled);
}

/// Cancels cleanup, too, on a second request.
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
    TakeReady(slot);
    Tell({.kind = Note::Kind::Cancelled, .index = slot.index()});
    // What depends on it is cancelled, too, and not skipped.
    SettleAlone(slot, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
  }
}

void StateMachine::CancelRunning(InstanceId id) {
  for (const SlotId slot : instances_[id].slots) {
    if (status_[slot] != NodeStatus::Running || IsSpared(slot)) continue;
    if ((flags_[slot] & kDoesNotCount) == 0 && !is_cancel_requested(slot)) {
      Enqueue({.kind = Command::Kind::CancelAttempt, .index = slot.index()});
    }
    flags_[slot] |= kCancelRequested;
    if (is_in_doubt(slot)) InterruptCall(slot);
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
