#include "backend-runtime/runtime/state_machine.h"

#include <algorithm>

#include "backend-runtime/runtime/backoff.h"

namespace wfc::runtime {
namespace {

using plan::fb::EdgeKind;

// The upper bits of `pending_`. The lower 28 suffice: more edges into one node would need a plan
// beyond the 2 GiB that FlatBuffers can hold.
constexpr uint32_t kPendingMask = (1u << 28) - 1;
constexpr uint32_t kHeld = 1u << 28;    // a hard dependency holds
constexpr uint32_t kMissed = 1u << 29;  // one does not
constexpr uint32_t kRouted = 1u << 30;  // a decide that could route to it has settled
constexpr uint32_t kChosen = 1u << 31;  // and one did

/// How a node ended, as far as its readers care.
enum Ending : uint8_t { kWithOutput, kRanWithoutOutput, kSkippedByIf, kNothing, kEndingCount };

constexpr bool Holds(EdgeKind kind, Ending ending) {
  switch (kind) {
    case EdgeKind::HardOutput:
      return ending == kWithOutput;
    case EdgeKind::HardRan:
      return ending == kWithOutput || ending == kRanWithoutOutput;
    case EdgeKind::HardAfter:
      return ending != kNothing;
    case EdgeKind::Control:
    case EdgeKind::Soft:
    case EdgeKind::Order:
    case EdgeKind::Wait:
      return false;
  }
  return false;
}

/// What a dependency of this kind adds to its reader's word.
constexpr uint32_t MarkOf(EdgeKind kind, Ending ending) {
  switch (kind) {
    case EdgeKind::Control:
      return kRouted;
    case EdgeKind::HardAfter:
    case EdgeKind::HardOutput:
    case EdgeKind::HardRan:
      return Holds(kind, ending) ? kHeld : kMissed;
    case EdgeKind::Soft:
    case EdgeKind::Order:
    case EdgeKind::Wait:
      return 0;
  }
  return 0;
}

constexpr auto kMarks = [] {
  std::array<std::array<uint32_t, 8>, kEndingCount> marks{};
  for (uint8_t ending = 0; ending < kEndingCount; ++ending) {
    for (uint8_t kind = 0; kind <= static_cast<uint8_t>(EdgeKind::MAX); ++kind) {
      marks[ending][kind] = MarkOf(static_cast<EdgeKind>(kind), static_cast<Ending>(ending));
    }
  }
  return marks;
}();

Ending EndingOf(NodeStatus status, bool has_output, SkipReason reason) {
  switch (status) {
    case NodeStatus::Succeeded:
    case NodeStatus::Recovered:
      return has_output ? kWithOutput : kRanWithoutOutput;
    case NodeStatus::Tolerated:
      return kRanWithoutOutput;
    case NodeStatus::Skipped:
      return reason == SkipReason::Condition ? kSkippedByIf : kNothing;
    case NodeStatus::Waiting:
    case NodeStatus::Ready:
    case NodeStatus::Running:
    case NodeStatus::BackingOff:
    case NodeStatus::Failed:
    case NodeStatus::Cancelled:
      return kNothing;
  }
  return kNothing;
}

}  // namespace

StateMachine::StateMachine(const plan::PlanTables& plan, const MachineOptions& options)
    : plan_(plan),
      options_(options),
      pending_(plan.nodes.size()),
      status_(plan.nodes.size(), NodeStatus::Waiting),
      reason_(plan.nodes.size(), SkipReason::None),
      flags_(plan.nodes.size()),
      attempts_(plan.nodes.size()),
      attempts_before_(plan.nodes.size()),
      frames_(plan.regions.size()),
      ready_(plan.nodes.size()) {
  for (uint32_t region = 1; region < plan.regions.size(); ++region) owned_.push_back(region);
  std::ranges::sort(
      owned_, {}, [&](uint32_t region) { return std::pair(plan.regions[region].owner(), region); });
}

// Regions

void StateMachine::Enter(uint32_t region) {
  Frame& frame = frames_[region];
  if (frame.was_entered) ResetInnerRegions(region);
  frame = {.unsettled_count = plan_.regions[region].nodes().count(),
           .failed_node = kNoNode,
           .end = RegionEnd::Completed,
           .is_active = true,
           .was_entered = true};
  ResetRegion(region);
  JudgeOuterReads(region);
  const plan::fb::Range nodes = plan_.regions[region].nodes();
  for (uint32_t node = nodes.first(); node < nodes.first() + nodes.count(); ++node) {
    if ((pending_[node] & kPendingMask) != 0) continue;
    status_[node] = NodeStatus::Ready;
    ready_.Insert(node);
  }
  if (frame.unsettled_count == 0) {
    steps_.push_back({.kind = Step::Kind::RegionEnded, .id = region});
  }
}

void StateMachine::ResetRegion(uint32_t region) {
  const plan::fb::Range nodes = plan_.regions[region].nodes();
  for (uint32_t node = nodes.first(); node < nodes.first() + nodes.count(); ++node) {
    pending_[node] = plan_.nodes[node].in_degree();
    status_[node] = NodeStatus::Waiting;
    reason_[node] = SkipReason::None;
    flags_[node] = 0;
    attempts_before_[node] = attempts_[node];
  }
}

/// A body runs again: what is inside it has not happened yet.
void StateMachine::ResetInnerRegions(uint32_t region) {
  std::vector<uint32_t> todo = {region};
  while (!todo.empty()) {
    const plan::fb::Range nodes = plan_.regions[todo.back()].nodes();
    todo.pop_back();
    for (uint32_t node = nodes.first(); node < nodes.first() + nodes.count(); ++node) {
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

Step StateMachine::Next() {
  if (next_step_ < steps_.size()) {
    const Step step = steps_[next_step_++];
    if (next_step_ == steps_.size()) {
      steps_.clear();
      next_step_ = 0;
    }
    return step;
  }
  if (ready_.empty() || running_count_ >= options_.concurrency) return {};
  const uint32_t node = ready_.Pop();
  const bool is_retry = (flags_[node] & kIsRetry) != 0;
  if (!is_retry) {
    if (const SkipReason reason = Judge(node); reason != SkipReason::None) {
      Settle(node, NodeStatus::Skipped, HasOutput::No, reason);
      return {.kind = Step::Kind::Skipped, .reason = reason, .id = node};
    }
  }
  status_[node] = NodeStatus::Running;
  flags_[node] |= kHoldsSlot;
  ++running_count_;
  ++attempts_[node];
  return {.kind = Step::Kind::Begin, .is_retry = is_retry, .id = node};
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

void StateMachine::ReleaseSlot(uint32_t node) {
  if ((flags_[node] & kHoldsSlot) == 0) return;
  flags_[node] &= static_cast<uint8_t>(~kHoldsSlot);
  --running_count_;
}

void StateMachine::Settle(uint32_t node, NodeStatus status, HasOutput has_output,
                          SkipReason reason) {
  status_[node] = status;
  reason_[node] = reason;
  if (has_output == HasOutput::Yes) flags_[node] |= kHasOutput;
  ++settled_counts_[static_cast<size_t>(status)];
  const auto& marks = kMarks[EndingOf(status, has_output == HasOutput::Yes, reason)];
  for (const uint32_t edge : plan_.edges_of(node)) {
    const uint32_t to = edge >> 3;
    const uint32_t word = (pending_[to] - 1) | marks[edge & 7];
    pending_[to] = word;
    if ((word & kPendingMask) != 0 || status_[to] != NodeStatus::Waiting) continue;
    status_[to] = NodeStatus::Ready;
    ready_.Insert(to);
  }
  if (!owned_.empty()) SettleUnused(node);
  const uint32_t region = plan_.nodes[node].region();
  if (--frames_[region].unsettled_count > 0) return;
  frames_[region].is_active = false;
  steps_.push_back({.kind = Step::Kind::RegionEnded, .id = region});
}

/// The bodies of a node that settled without them were not needed.
void StateMachine::SettleUnused(uint32_t owner) {
  std::vector<uint32_t> todo = {owner};
  while (!todo.empty()) {
    const uint32_t node = todo.back();
    todo.pop_back();
    for (const uint32_t region : OwnedRegions(node)) {
      const plan::fb::Range nodes = plan_.regions[region].nodes();
      for (uint32_t inner = nodes.first(); inner < nodes.first() + nodes.count(); ++inner) {
        if (status_[inner] != NodeStatus::Waiting) continue;
        status_[inner] = NodeStatus::Skipped;
        reason_[inner] = SkipReason::NotNeeded;
        steps_.push_back(
            {.kind = Step::Kind::Skipped, .reason = SkipReason::NotNeeded, .id = inner});
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
  switch (policy.on_error()) {
    case plan::fb::OnError::Continue:
      has_tolerated_ = true;
      Settle(node, NodeStatus::Tolerated, HasOutput::No, SkipReason::None);
      return {};
    case plan::fb::OnError::Value:
      return {.kind = Recourse::Kind::Value};
    case plan::fb::OnError::Fallback:
      if (may_start_more) return {.kind = Recourse::Kind::Fallback};
      break;
    case plan::fb::OnError::Fail:
      break;
  }
  FailFinally(node);
  return {};
}

void StateMachine::Recover(uint32_t node) {
  ReleaseSlot(node);
  Settle(node, NodeStatus::Recovered, HasOutput::Yes, SkipReason::None);
}

void StateMachine::FailFinally(uint32_t node) {
  ReleaseSlot(node);
  if (is_cancel_requested(node)) return EndCancelled(node);
  const uint32_t region = plan_.nodes[node].region();
  // Before the failure is known to its dependents, so that none of them starts.
  status_[node] = NodeStatus::Failed;
  if (frames_[region].end == RegionEnd::Completed) {
    frames_[region].failed_node = node;
    EndEarly(region, RegionEnd::Failed);
  }
  Settle(node, NodeStatus::Failed, HasOutput::No, SkipReason::None);
}

void StateMachine::RetryDue(uint32_t node) {
  if (status_[node] != NodeStatus::BackingOff) return;
  status_[node] = NodeStatus::Ready;
  flags_[node] |= kIsRetry;
  ready_.Insert(node);
}

void StateMachine::EndCancelled(uint32_t node) {
  ReleaseSlot(node);
  Settle(node, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
}

// Bodies

void StateMachine::Choose(std::span<const uint32_t> targets) {
  for (const uint32_t target : targets) pending_[target] |= kChosen;
}

void StateMachine::EnterBody(uint32_t node, uint32_t region) {
  ReleaseSlot(node);
  status_[node] = NodeStatus::Running;
  Enter(region);
  // It was asked to end before it came this far.
  if (is_cancel_requested(node)) EndEarly(region, RegionEnd::Cancelled);
}

void StateMachine::SettleLike(uint32_t node, uint32_t inner, NodeStatus status) {
  Settle(node, status, has_output(inner) ? HasOutput::Yes : HasOutput::No, reason_[inner]);
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
  for (uint32_t region = 0; region < frames_.size(); ++region) {
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

void StateMachine::CancelWaiting(uint32_t region) {
  const plan::fb::Range nodes = plan_.regions[region].nodes();
  for (uint32_t node = nodes.first(); node < nodes.first() + nodes.count(); ++node) {
    const NodeStatus status = status_[node];
    if (IsSettled(status) || status == NodeStatus::Running || IsSpared(node)) continue;
    if (status == NodeStatus::Ready) ready_.Erase(node);
    steps_.push_back({.kind = Step::Kind::Cancelled, .id = node});
    Settle(node, NodeStatus::Cancelled, HasOutput::No, SkipReason::None);
  }
}

void StateMachine::CancelRunning(uint32_t region) {
  const plan::fb::Range nodes = plan_.regions[region].nodes();
  for (uint32_t node = nodes.first(); node < nodes.first() + nodes.count(); ++node) {
    if (status_[node] != NodeStatus::Running || IsSpared(node)) continue;
    if ((flags_[node] & kHoldsSlot) != 0 && !is_cancel_requested(node)) {
      steps_.push_back({.kind = Step::Kind::CancelAttempt, .id = node});
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
