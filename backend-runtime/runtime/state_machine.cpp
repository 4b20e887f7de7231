#include "backend-runtime/runtime/state_machine.h"

#include <algorithm>
#include <iterator>
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
  std::ranges::copy(std::views::iota(uint32_t{1}, static_cast<uint32_t>(plan.regions.size())),
                    std::back_inserter(owned_));
  std::ranges::sort(
      owned_, {}, [&](uint32_t region) { return std::pair(plan.regions[region].owner(), region); });
  for (const uint32_t region : owned_) flags_[plan.regions[region].owner()] = kOwnsBodies;
}

// Regions

void StateMachine::Enter(uint32_t region) {
  Frame& frame = frames_[region];
  const bool is_again = frame.was_entered;
  frame = {.unsettled_count = plan_.regions[region].nodes().count(),
           .failed_node = kNoNode,
           .end = RegionEnd::Completed,
           .is_active = true,
           .was_entered = true};
  if (is_again) {
    ResetRegion(region);
    ResetInnerRegions(region);
  }
  const auto nodes = NodesOf(region);
  for (const uint32_t node : nodes) pending_[node] = plan_.nodes[node].in_degree();
  if (region == 0) {
    frontier_ = *nodes.begin();
    frontier_end_ = *nodes.end();
  } else {
    for (const uint32_t node : nodes) {
      if (pending_[node] == 0) MakeReady(node);
    }
  }
  JudgeOuterReads(region);
  if (frame.unsettled_count == 0) {
    Tell({.kind = Step::Kind::RegionEnded, .id = region});
  }
}

void StateMachine::ResetRegion(uint32_t region) {
  if (attempts_before_.empty()) attempts_before_.resize(attempts_.size());
  for (const uint32_t node : NodesOf(region)) {
    status_[node] = NodeStatus::Waiting;
    flags_[node] &= kOwnsBodies;
    attempts_before_[node] = attempts_[node];
  }
}

/// A body runs again: what is inside it has not happened yet.
void StateMachine::ResetInnerRegions(uint32_t region) {
  std::vector<uint32_t> todo = {region};
  while (!todo.empty()) {
    const auto nodes = NodesOf(todo.back());
    todo.pop_back();
    for (const uint32_t node : nodes) {
      for (const uint32_t inner : OwnedRegions(node)) {
        ResetRegion(inner);
        todo.push_back(inner);
      }
    }
  }
}

void StateMachine::JudgeOuterReads(uint32_t region) {
  const plan::fb::Range outer = plan_.regions[region].outer();
  for (const plan::fb::OuterRead& read : plan::PlanTables::Slice(plan_.outer_reads, outer)) {
    const uint32_t from = read.from();
    const Ending ending = EndingOf(status_[from], has_output(from), reason_[from]);
    pending_[read.node()] |= MarkOf(read.kind(), ending);
  }
}

std::span<const uint32_t> StateMachine::OwnedRegions(uint32_t node) const {
  const auto [first, last] = std::ranges::equal_range(
      owned_, node, {}, [this](uint32_t region) { return plan_.regions[region].owner(); });
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
  const uint32_t node = TakeFirstReady();
  plain_end_ = ready_.empty() ? frontier_end_ : 0;
  if (node == kNoNode) return {};
  const bool is_retry = (flags_[node] & kIsRetry) != 0;
  if (!is_retry) {
    if (const SkipReason reason = Judge(node); reason != SkipReason::None) {
      Settle(node, NodeStatus::Skipped, HasOutput::No, reason);
      return {.kind = Step::Kind::Skipped, .reason = reason, .id = node};
    }
  }
  status_[node] = NodeStatus::Running;
  ++running_count_;
  ++attempts_[node];
  return {.kind = Step::Kind::Begin, .is_retry = is_retry, .id = node};
}

/// The lowest node that may start. Nodes of the workflow from `frontier_` on have not been looked
/// at, and are in no set: while they settle in order, which is what in-place work does, nothing but
/// a counter moves.
uint32_t StateMachine::TakeFirstReady() {
  const uint32_t first = ready_.empty() ? kNoNode : ready_.First();
  while (frontier_ < std::min(first, frontier_end_)) {
    const uint32_t node = frontier_++;
    if ((pending_[node] & kPendingMask) == 0) return node;
  }
  if (first != kNoNode) ready_.Erase(first);
  return first;
}

SkipReason StateMachine::Judge(uint32_t node) const {
  const uint32_t word = pending_[node];
  if ((word & kRouted) != 0 && (word & kChosen) == 0) return SkipReason::NotChosen;
  if ((word & kMissed) == 0) return SkipReason::None;
  switch (plan_.nodes[node].join()) {
    case plan::fb::Join::All:
      return SkipReason::Dependency;
    case plan::fb::Join::Any:
      return (word & kHeld) != 0 ? SkipReason::None : SkipReason::Dependency;
    case plan::fb::Join::Settled:
      return SkipReason::None;
  }
  return SkipReason::None;
}

void StateMachine::Settle(uint32_t node, NodeStatus status, HasOutput has_output,
                          SkipReason reason) {
  status_[node] = status;
  reason_[node] = reason;
  if (has_output == HasOutput::No) flags_[node] |= kHasNoOutput;
  TellDependents(node, kMarks[EndingOf(status, has_output == HasOutput::Yes, reason)]);
  if ((flags_[node] & kOwnsBodies) != 0) SettleUnused(node);
  ++settled_counts_[static_cast<size_t>(status)];
  const uint32_t region = plan_.nodes[node].region();
  if (--frames_[region].unsettled_count == 0) EndRegion(region);
}

void StateMachine::EndRegion(uint32_t region) {
  frames_[region].is_active = false;
  Tell({.kind = Step::Kind::RegionEnded, .id = region});
}

/// A dependency of a node that has been looked at has settled: the node may be ready, unless it has
/// been cancelled.
void StateMachine::Notice(uint32_t node) {
  if ((pending_[node] & kPendingMask) != 0 || status_[node] != NodeStatus::Waiting) return;
  MakeReady(node);
}

/// The bodies of a node that settled without them were not needed.
void StateMachine::SettleUnused(uint32_t owner) {
  std::vector<uint32_t> todo = {owner};
  while (!todo.empty()) {
    const uint32_t node = todo.back();
    todo.pop_back();
    for (const uint32_t region : OwnedRegions(node)) {
      for (const uint32_t inner : NodesOf(region)) {
        if (status_[inner] != NodeStatus::Waiting) continue;
        status_[inner] = NodeStatus::Skipped;
        reason_[inner] = SkipReason::NotNeeded;
        Tell({.kind = Step::Kind::Skipped, .reason = SkipReason::NotNeeded, .id = inner});
        todo.push_back(inner);
      }
    }
  }
}

// Ends of attempts

void StateMachine::Skip(uint32_t node, SkipReason reason) {
  ReleaseSlot(node);
  --attempts_[node];
  Settle(node, NodeStatus::Skipped, HasOutput::No, reason);
}

/// Cleanup starts, and goes on, while its scope ends.
bool StateMachine::IsSpared(uint32_t node) const {
  return spares_cleanup_ && plan_.nodes[node].join() == plan::fb::Join::Settled;
}

/// Whether the node may do more than end: its scope is not ending, or it is cleanup.
bool StateMachine::MayStartMore(uint32_t node) const {
  return IsSpared(node) || frames_[plan_.nodes[node].region()].end == RegionEnd::Completed;
}

Recourse StateMachine::FailAttempt(uint32_t node, FailureCode code, MayRetry may_retry) {
  ReleaseSlot(node);
  if (is_cancel_requested(node)) {
    EndCancelled(node);
    return {};
  }
  const plan::fb::Policy& policy = plan_.policies[plan_.nodes[node].policy()];
  const bool may_start_more = MayStartMore(node);
  if (may_retry == MayRetry::Yes && may_start_more && policy.retry() != plan::kNone) {
    const plan::fb::Retry& retry = plan_.retries[policy.retry()];
    if (attempts(node) <= retry.further_attempts() && (retry.codes() & Bit(code)) != 0) {
      status_[node] = NodeStatus::BackingOff;
      return {.kind = Recourse::Kind::Retry,
              .delay_ns = BackoffDelay(retry, options_.seed, node, attempts(node))};
    }
  }
  const plan::fb::OnError on_error = policy.on_error();
  if (on_error == plan::fb::OnError::Value) return {.kind = Recourse::Kind::Value};
  if (on_error == plan::fb::OnError::Fallback && may_start_more) {
    return {.kind = Recourse::Kind::Fallback};
  }
  if (on_error == plan::fb::OnError::Continue) {
    has_tolerated_ = true;
    Settle(node, NodeStatus::Tolerated, HasOutput::No, SkipReason::None);
  } else {
    FailFinally(node);
  }
  return {};
}

void StateMachine::Recover(uint32_t node) {
  Settle(node, NodeStatus::Recovered, HasOutput::Yes, SkipReason::None);
}

void StateMachine::FailFinally(uint32_t node) {
  if (is_cancel_requested(node)) return EndCancelled(node);
  const uint32_t region = plan_.nodes[node].region();
  // Before the failure is known to its dependents, so that none of them starts.
  if (frames_[region].end == RegionEnd::Completed) {
    frames_[region].failed_node = node;
    EndEarly(region, RegionEnd::Failed);
  }
  Settle(node, NodeStatus::Failed, HasOutput::No, SkipReason::None);
}

void StateMachine::RetryDue(uint32_t node) {
  if (status_[node] != NodeStatus::BackingOff) return;
  flags_[node] = kIsRetry | (flags_[node] & kOwnsBodies);  // and no longer kHoldsNoSlot
  MakeReady(node);
}

void StateMachine::EndCancelled(uint32_t node) {
  Settle(node, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
}

// Bodies

void StateMachine::Choose(std::span<const uint32_t> targets) {
  for (const uint32_t target : targets) pending_[target] |= kChosen;
}

void StateMachine::EnterBody(uint32_t node, uint32_t region) {
  ReleaseSlot(node);
  Enter(region);
  // It was asked to end before it came this far.
  if (is_cancel_requested(node)) EndEarly(region, RegionEnd::Cancelled);
}

void StateMachine::SettleLike(uint32_t node, uint32_t inner) {
  Settle(node, status_[inner], has_output(inner) ? HasOutput::Yes : HasOutput::No, reason_[inner]);
}

void StateMachine::TimeOut(uint32_t region) {
  if (frames_[region].is_active) EndEarly(region, RegionEnd::TimedOut);
}

void StateMachine::CancelRun() {
  if (frames_[0].is_active) EndEarly(0, RegionEnd::Cancelled);
}

void StateMachine::KillRun() {
  spares_cleanup_ = false;
  CancelRun();
  for (const uint32_t region :
       std::views::iota(uint32_t{}, static_cast<uint32_t>(frames_.size()))) {
    if (!frames_[region].is_active) continue;
    CancelWaiting(region);
    CancelRunning(region);
  }
}

/// From now on only cleanup starts in `region`, and inside the bodies that run in it.
void StateMachine::EndEarly(uint32_t region, RegionEnd end) {
  Frame& frame = frames_[region];
  if (frame.end == RegionEnd::Completed) {
    frame.end = end;
    CancelWaiting(region);
  }
  // What is cancelled from outside, or has no time left, is not waited for.
  const bool may_drain = end == RegionEnd::Failed || region == 0;
  if (!may_drain || !options_.drains_on_failure) CancelRunning(region);
}

/// From now on the workflow's nodes are in the set once they are ready, since not all of them may
/// be.
void StateMachine::EndFrontier() {
  const uint32_t first = std::exchange(frontier_, frontier_end_);
  for (const uint32_t node : std::views::iota(first, frontier_end_)) {
    if ((pending_[node] & kPendingMask) == 0) MakeReady(node);
  }
}

void StateMachine::CancelWaiting(uint32_t region) {
  if (region == 0) EndFrontier();
  for (const uint32_t node : NodesOf(region)) {
    const NodeStatus status = status_[node];
    if (IsSettled(status) || status == NodeStatus::Running || IsSpared(node)) continue;
    if (ready_.Contains(node)) ready_.Erase(node);
    Tell({.kind = Step::Kind::Cancelled, .id = node});
    Settle(node, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
  }
}

void StateMachine::CancelRunning(uint32_t region) {
  for (const uint32_t node : NodesOf(region)) {
    if (status_[node] != NodeStatus::Running || IsSpared(node)) continue;
    if ((flags_[node] & kHoldsNoSlot) == 0 && !is_cancel_requested(node)) {
      Tell({.kind = Step::Kind::CancelAttempt, .id = node});
    }
    flags_[node] |= kCancelRequested;
    // Bodies inside each other are as deep as the plan's verifier lets them be.
    for (const uint32_t inner : OwnedRegions(node)) {
      if (frames_[inner].is_active) EndEarly(inner, RegionEnd::Cancelled);
    }
  }
}

RunStatus StateMachine::run_status() const {
  switch (frames_[0].end) {
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
  if (frames_[0].end != RegionEnd::Completed) return run_status();
  return has_tolerated_ ? RunStatus::Partial : RunStatus::Completed;
}

}  // namespace wfc::runtime
