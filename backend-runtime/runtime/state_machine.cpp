#include "backend-runtime/runtime/state_machine.h"

#include <algorithm>
#include <utility>

#include "backend-runtime/runtime/backoff.h"

namespace wfc::runtime {
StateMachine::StateMachine(const plan::PlanTables& plan, const MachineOptions& options)
    : plan_(plan),
      options_(options),
      pending_(std::make_unique_for_overwrite<uint32_t[]>(plan.nodes.size())),
      status_(plan.nodes.size(), NodeStatus::Waiting),
      reason_(plan.nodes.size(), SkipReason::None),
      flags_(plan.nodes.size()),
      attempts_(plan.nodes.size()),
      frames_(plan.regions.size()),
      ready_(plan.nodes.size()) {
  for (const RegionId region : plan.regions.ids()) {
    if (region != plan::kWorkflowRegion) owned_.push_back(region);
  }
  std::ranges::sort(owned_, {},
                    [&](RegionId region) { return std::pair(plan.owner_of(region), region); });
  for (const RegionId region : owned_) flags_[plan.owner_of(region)] = kOwnsBodies;
}

// Regions

void StateMachine::Enter(RegionId region) {
  Frame& frame = frames_[region];
  const bool is_again = frame.was_entered;
  frame = {.unsettled_count = plan_.regions[region].nodes().count(),
           .failed_node = {},
           .end = RegionEnd::Completed,
           .is_active = true,
           .was_entered = true};
  if (is_again) {
    ResetRegion(region);
    ResetInnerRegions(region);
  }
  const IdRange<NodeId> nodes = NodesOf(region);
  for (const NodeId node : nodes) pending_[node.index()] = plan_.nodes[node].in_degree();
  if (region == plan::kWorkflowRegion) {
    frontier_ = plan_.regions[region].nodes().first();
    frontier_end_ = frontier_ + plan_.regions[region].nodes().count();
  } else {
    for (const NodeId node : nodes) {
      if (pending_[node.index()] == 0) MakeReady(node);
    }
  }
  EvaluateOuterReads(region);
  if (frame.unsettled_count == 0) {
    Enqueue({.kind = Step::Kind::RegionEnded, .index = region.index()});
  }
}

void StateMachine::ResetRegion(RegionId region) {
  if (attempts_before_.empty()) attempts_before_.resize(attempts_.size());
  for (const NodeId node : NodesOf(region)) {
    status_[node] = NodeStatus::Waiting;
    flags_[node] &= kOwnsBodies;
    attempts_before_[node] = attempts_[node];
  }
}

/// Resets the bodies nested in a body that runs again.
void StateMachine::ResetInnerRegions(RegionId region) {
  std::vector<RegionId> todo = {region};
  while (!todo.empty()) {
    const IdRange<NodeId> nodes = NodesOf(todo.back());
    todo.pop_back();
    for (const NodeId node : nodes) {
      for (const RegionId inner : OwnedRegions(node)) {
        ResetRegion(inner);
        todo.push_back(inner);
      }
    }
  }
}

void StateMachine::EvaluateOuterReads(RegionId region) {
  const plan::fb::Range outer = plan_.regions[region].outer();
  for (const plan::fb::OuterRead& read : plan::PlanTables::Slice(plan_.outer_reads, outer)) {
    const NodeId from(read.from());
    const Ending ending = EndingOf(status_[from], has_output(from), reason_[from]);
    pending_[read.node()] |= MarkOf(read.kind(), ending);
  }
}

std::span<const RegionId> StateMachine::OwnedRegions(NodeId node) const {
  const auto [first, last] = std::ranges::equal_range(
      owned_, node, {}, [this](RegionId region) { return plan_.owner_of(region); });
  return {first, last};
}

// Steps

Step StateMachine::NextOfAny() {
  if (next_step_ < steps_.size()) {
    const Step step = steps_[next_step_++];
    if (next_step_ == steps_.size()) {
      steps_.clear();
      next_step_ = 0;
    }
    return step;
  }
  if (running_count_ >= options_.concurrency) return {};
  const NodeId node = TakeFirstReady();
  fast_path_end_ = ready_.empty() ? frontier_end_ : 0;
  if (!node.has_value()) return {};
  const bool is_retry = (flags_[node] & kIsRetry) != 0;
  if (!is_retry) {
    if (const SkipReason reason = FindSkipReason(node); reason != SkipReason::None) {
      Settle(node, NodeStatus::Skipped, HasOutput::No, reason);
      return {.kind = Step::Kind::Skipped, .reason = reason, .index = node.index()};
    }
  }
  status_[node] = NodeStatus::Running;
  ++running_count_;
  ++attempts_[node];
  return {.kind = Step::Kind::Begin, .is_retry = is_retry, .index = node.index()};
}

/// The lowest node that may start. The nodes of the workflow from `frontier_` on have not been
/// examined and are in no set: while nodes settle in order, as stages evaluated in place do,
/// finding the next one only advances a counter.
NodeId StateMachine::TakeFirstReady() {
  const NodeId first = ready_.empty() ? NodeId() : ready_.First();
  while (frontier_ < std::min(first.index(), frontier_end_)) {
    const NodeId node(frontier_++);
    if ((pending_[node.index()] & kPendingMask) == 0) return node;
  }
  if (first.has_value()) ready_.Erase(first);
  return first;
}

SkipReason StateMachine::FindSkipReason(NodeId node) const {
  const uint32_t word = pending_[node.index()];
  if ((word & kRouted) != 0 && (word & kChosen) == 0) return SkipReason::NotChosen;
  if ((word & kHardFailed) == 0) return SkipReason::None;
  switch (plan_.nodes[node].join()) {
    case plan::fb::Join::All:
      return SkipReason::Dependency;
    case plan::fb::Join::Any:
      return (word & kHardHeld) != 0 ? SkipReason::None : SkipReason::Dependency;
    case plan::fb::Join::Settled:
      return SkipReason::None;
  }
  return SkipReason::None;
}

void StateMachine::Settle(NodeId node, NodeStatus status, HasOutput has_output, SkipReason reason) {
  status_[node] = status;
  reason_[node] = reason;
  if (has_output == HasOutput::No) flags_[node] |= kHasNoOutput;
  NotifyDependents(node, kMarks[EndingOf(status, has_output == HasOutput::Yes, reason)]);
  if ((flags_[node] & kOwnsBodies) != 0) SettleUnused(node);
  ++settled_counts_[static_cast<size_t>(status)];
  const RegionId region = plan_.region_of(node);
  if (--frames_[region].unsettled_count == 0) EndRegion(region);
}

void StateMachine::EndRegion(RegionId region) {
  frames_[region].is_active = false;
  Enqueue({.kind = Step::Kind::RegionEnded, .index = region.index()});
}

/// Called when a dependency of an examined node has settled. The node may be ready now, unless it
/// has been cancelled.
void StateMachine::OnDependencySettled(NodeId node) {
  if ((pending_[node.index()] & kPendingMask) != 0 || status_[node] != NodeStatus::Waiting) return;
  MakeReady(node);
}

/// Skips the nodes of all bodies, at any depth, that a settled node did not run.
void StateMachine::SettleUnused(NodeId owner) {
  std::vector<NodeId> todo = {owner};
  while (!todo.empty()) {
    const NodeId node = todo.back();
    todo.pop_back();
    for (const RegionId region : OwnedRegions(node)) {
      for (const NodeId inner : NodesOf(region)) {
        if (status_[inner] != NodeStatus::Waiting) continue;
        status_[inner] = NodeStatus::Skipped;
        reason_[inner] = SkipReason::NotNeeded;
        Enqueue(
            {.kind = Step::Kind::Skipped, .reason = SkipReason::NotNeeded, .index = inner.index()});
        todo.push_back(inner);
      }
    }
  }
}

// Ends of attempts

void StateMachine::Skip(NodeId node, SkipReason reason) {
  ReleaseSlot(node);
  --attempts_[node];
  Settle(node, NodeStatus::Skipped, HasOutput::No, reason);
}

/// Whether the node is cleanup (`join: settled`), which starts and continues while its scope ends,
/// unless the run is killed.
bool StateMachine::IsSpared(NodeId node) const {
  return spares_cleanup_ && plan_.nodes[node].join() == plan::fb::Join::Settled;
}

/// Whether the node may start an attempt or a fallback: its scope is not ending, or it is cleanup.
bool StateMachine::MayStartMore(NodeId node) const {
  return IsSpared(node) || frames_[plan_.region_of(node)].end == RegionEnd::Completed;
}

FailureAction StateMachine::FailAttempt(NodeId node, FailureCode code, MayRetry may_retry) {
  ReleaseSlot(node);
  if (is_cancel_requested(node)) {
    EndCancelled(node);
    return {};
  }
  const plan::fb::Policy& policy = plan_.policy_of(node);
  const bool may_start_more = MayStartMore(node);
  const plan::fb::Retry* retry = plan_.retry_of(policy);
  if (may_retry == MayRetry::Yes && may_start_more && retry != nullptr) {
    if (attempts(node) <= retry->further_attempts() && (retry->codes() & Bit(code)) != 0) {
      status_[node] = NodeStatus::BackingOff;
      return {.kind = FailureAction::Kind::Retry,
              .delay_ns = BackoffDelay(*retry, options_.seed, node, attempts(node))};
    }
  }
  const plan::fb::OnError on_error = policy.on_error();
  if (on_error == plan::fb::OnError::Value) return {.kind = FailureAction::Kind::Value};
  if (on_error == plan::fb::OnError::Fallback && may_start_more) {
    return {.kind = FailureAction::Kind::Fallback};
  }
  if (on_error == plan::fb::OnError::Continue) {
    has_tolerated_ = true;
    Settle(node, NodeStatus::Tolerated, HasOutput::No, SkipReason::None);
  } else {
    FailFinally(node);
  }
  return {};
}

void StateMachine::Recover(NodeId node) {
  Settle(node, NodeStatus::Recovered, HasOutput::Yes, SkipReason::None);
}

void StateMachine::FailFinally(NodeId node) {
  if (is_cancel_requested(node)) return EndCancelled(node);
  const RegionId region = plan_.region_of(node);
  // The region ends before the dependents learn of the failure, so that none of them starts.
  if (frames_[region].end == RegionEnd::Completed) {
    frames_[region].failed_node = node;
    EndEarly(region, RegionEnd::Failed);
  }
  Settle(node, NodeStatus::Failed, HasOutput::No, SkipReason::None);
}

void StateMachine::RetryDue(NodeId node) {
  if (status_[node] != NodeStatus::BackingOff) return;
  flags_[node] = kIsRetry | (flags_[node] & kOwnsBodies);  // also clears kHoldsNoSlot
  MakeReady(node);
}

void StateMachine::EndCancelled(NodeId node) {
  Settle(node, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
}

// Bodies

void StateMachine::Choose(IdSpan<NodeId> targets) {
  for (const NodeId target : targets) pending_[target.index()] |= kChosen;
}

void StateMachine::EnterBody(NodeId node, RegionId region) {
  ReleaseSlot(node);
  Enter(region);
  // The node may have been asked to end before it entered its body.
  if (is_cancel_requested(node)) EndEarly(region, RegionEnd::Cancelled);
}

void StateMachine::SettleLike(NodeId node, NodeId inner) {
  Settle(node, status_[inner], has_output(inner) ? HasOutput::Yes : HasOutput::No, reason_[inner]);
}

void StateMachine::TimeOut(RegionId region) {
  if (frames_[region].is_active) EndEarly(region, RegionEnd::TimedOut);
}

void StateMachine::CancelRun() {
  if (frames_[plan::kWorkflowRegion].is_active)
    EndEarly(plan::kWorkflowRegion, RegionEnd::Cancelled);
}

void StateMachine::KillRun() {
  spares_cleanup_ = false;
  CancelRun();
  for (const RegionId region : frames_.ids()) {
    if (!frames_[region].is_active) continue;
    CancelWaiting(region);
    CancelRunning(region);
  }
}

/// Ends a region early: from now on only cleanup starts in it and in the bodies that run in it.
void StateMachine::EndEarly(RegionId region, RegionEnd end) {
  Frame& frame = frames_[region];
  if (frame.end == RegionEnd::Completed) {
    frame.end = end;
    CancelWaiting(region);
  }
  // Running nodes may only finish (`drains_on_failure`) after a failure, or when the whole run
  // ends; a cancelled or timed-out body does not wait for them.
  const bool may_drain = end == RegionEnd::Failed || region == plan::kWorkflowRegion;
  if (!may_drain || !options_.drains_on_failure) CancelRunning(region);
}

/// Examines all remaining nodes of the workflow at once, because some of them are about to be
/// cancelled: from now on, ready nodes are in `ready_`.
void StateMachine::DrainFrontier() {
  const uint32_t first = std::exchange(frontier_, frontier_end_);
  for (const NodeId node : IdRange<NodeId>(first, frontier_end_ - first)) {
    if ((pending_[node.index()] & kPendingMask) == 0) MakeReady(node);
  }
}

void StateMachine::CancelWaiting(RegionId region) {
  if (region == plan::kWorkflowRegion) DrainFrontier();
  for (const NodeId node : NodesOf(region)) {
    const NodeStatus status = status_[node];
    if (IsSettled(status) || status == NodeStatus::Running || IsSpared(node)) continue;
    if (ready_.Contains(node)) ready_.Erase(node);
    Enqueue({.kind = Step::Kind::Cancelled, .index = node.index()});
    Settle(node, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
  }
}

void StateMachine::CancelRunning(RegionId region) {
  for (const NodeId node : NodesOf(region)) {
    if (status_[node] != NodeStatus::Running || IsSpared(node)) continue;
    if ((flags_[node] & kHoldsNoSlot) == 0 && !is_cancel_requested(node)) {
      Enqueue({.kind = Step::Kind::CancelAttempt, .index = node.index()});
    }
    flags_[node] |= kCancelRequested;
    // The recursion is bounded by kMaxRegionDepth, which the plan's verifier enforces.
    for (const RegionId inner : OwnedRegions(node)) {
      if (frames_[inner].is_active) EndEarly(inner, RegionEnd::Cancelled);
    }
  }
}

RunStatus StateMachine::run_status() const {
  switch (frames_[plan::kWorkflowRegion].end) {
    case RegionEnd::Completed:
      return RunStatus::Running;
    case RegionEnd::Failed:
      return RunStatus::Failed;
    case RegionEnd::Cancelled:
    case RegionEnd::TimedOut:
      return RunStatus::Cancelled;
  }
  return RunStatus::Running;
}

RunStatus StateMachine::outcome() const {
  if (frames_[plan::kWorkflowRegion].end != RegionEnd::Completed) return run_status();
  return has_tolerated_ ? RunStatus::Partial : RunStatus::Completed;
}

}  // namespace wfc::runtime
