// StateMachine: decides which nodes of a plan start, are skipped, retried or cancelled, and how
// bodies and the run end (docs/language/workflows.md). It is pure logic over flat arrays: it
// reads no clock, evaluates no expression and starts nothing. The interpreter does that, and
// reports the results.
//
// Protocol. `Enter` of the workflow's region begins. The caller then performs what `Next` returns
// until it returns None. Whatever happens afterwards (an attempt ends, a timer fires) is reported
// by one of the other calls, after which the caller asks `Next` again. Each node that `Next` begins
// is answered by exactly one of `Succeed`, `Skip`, `FailAttempt` and `EnterBody`, immediately or
// later.
//
// Terms, invariants and an example: docs/design/state-machine.md.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/dependency_marks.h"
#include "backend-runtime/runtime/failure.h"
#include "backend-runtime/runtime/ids.h"
#include "backend-runtime/runtime/ready_set.h"
#include "backend-runtime/runtime/recorder.h"

namespace wfc::runtime {

/// The parameters of a run.
struct MachineOptions {
  /// How many nodes may run at once; at least 1. A node whose body runs does not count.
  uint32_t concurrency = 1;
  /// When the run fails or is cancelled, running nodes may finish instead of being cancelled.
  bool drains_on_failure = false;
  uint64_t seed = 0;  ///< the seed of the delays' jitter
};

/// What the caller must do next.
struct Step {
  enum class Kind : uint8_t {
    None,           ///< nothing until something is reported
    Begin,          ///< node: evaluate its `if`, unless `is_retry`, and start an attempt
    Skipped,        ///< node, reason: it has been skipped; record it
    Cancelled,      ///< node: it has been cancelled; record it
    CancelAttempt,  ///< node: ask its running attempt to end; the attempt still answers
    RegionEnded,    ///< region: all its nodes have settled; see `region_end`
  };
  Kind kind = Kind::None;
  SkipReason reason = SkipReason::None;
  bool is_retry = false;
  uint32_t index = 0;  ///< the index of the node or the region

  [[nodiscard]] NodeId node() const { return NodeId(index); }
  [[nodiscard]] RegionId region() const { return RegionId(index); }
};

/// What the caller must do after a failed attempt.
struct FailureAction {
  enum class Kind : uint8_t {
    Settled,   ///< the node has settled: failed, tolerated or cancelled
    Retry,     ///< wait `delay_ns`, then `RetryDue`
    Value,     ///< evaluate `on_error.value`, then `Recover` or `FailFinally`
    Fallback,  ///< `EnterBody` with the fallback's region
  };
  Kind kind = Kind::Settled;
  int64_t delay_ns = 0;
};

/// Whether a node that ended has an output.
enum class HasOutput : uint8_t { No, Yes };
/// Whether a further attempt could end differently.
enum class MayRetry : uint8_t { No, Yes };

/// Not thread-safe.
class StateMachine {
 public:
  /// Uses only `nodes`, `edges`, `regions`, `outer_reads`, `policies` and `retries` of a verified
  /// plan; they must outlive the object.
  StateMachine(const plan::PlanTables& plan, const MachineOptions& options);

  /// Begins the workflow; `region` is kWorkflowRegion. Bodies are begun by EnterBody.
  void Enter(RegionId region);
  /// The next step. Queued steps come before nodes that begin; of the nodes that may start, the
  /// lowest begins.
  [[nodiscard]] Step Next();

  /// The attempt, or the body that runs as the attempt, succeeded.
  void Succeed(NodeId node, HasOutput has_output);
  /// The `if` of a node that began is false. The attempt is not counted.
  void Skip(NodeId node, SkipReason reason);
  /// The attempt failed; the result says what follows from the node's policy.
  [[nodiscard]] FailureAction FailAttempt(NodeId node, FailureCode code, MayRetry may_retry);
  /// The value of `on_error` or a fallback's output takes the place of the node's output.
  void Recover(NodeId node);
  /// The node fails without a further reaction, because a recovery or a fallback failed.
  void FailFinally(NodeId node);
  /// The delay of `FailureAction::Retry` has passed. Does nothing if the node was cancelled
  /// meanwhile.
  void RetryDue(NodeId node);
  /// The body of this node was cancelled, and so is the node.
  void EndCancelled(NodeId node);

  /// Marks the targets of a decide's route as chosen; called just before the decide settles.
  void Choose(IdSpan<NodeId> targets);
  /// The node continues as the owner of `region`, which is entered, and no longer counts as
  /// running.
  void EnterBody(NodeId node, RegionId region);
  /// The owner of a one-node region that has ended takes over the status of that node.
  void SettleLike(NodeId node, NodeId inner);
  /// Cancels the nodes of `region`, because its owner has run out of time.
  void TimeOut(RegionId region);
  /// Cancels the run on request; cleanup (`join: settled`) still runs.
  void CancelRun();
  /// Cancels cleanup, too, on a second request.
  void KillRun();

  /// How a region ends; Completed also while nothing has ended it early.
  enum class RegionEnd : uint8_t { Completed, Failed, Cancelled, TimedOut };
  [[nodiscard]] RegionEnd region_end(RegionId region) const { return frames_[region].end; }
  /// The node whose failure ended a region that Failed.
  [[nodiscard]] NodeId failed_node(RegionId region) const { return frames_[region].failed_node; }
  /// The status that `run.status` shows: running, failed or cancelled.
  [[nodiscard]] RunStatus run_status() const;
  /// The outcome once the workflow's region has ended, before its `output` is evaluated.
  [[nodiscard]] RunStatus outcome() const;

  [[nodiscard]] NodeStatus status(NodeId node) const { return status_[node]; }
  /// Why the node was skipped; None if it was not.
  [[nodiscard]] SkipReason reason(NodeId node) const { return reason_[node]; }
  [[nodiscard]] bool has_output(NodeId node) const {
    const NodeStatus status = status_[node];
    return (status == NodeStatus::Succeeded || status == NodeStatus::Recovered) &&
           (flags_[node] & kHasNoOutput) == 0;
  }
  /// Whether the running node has been asked to end.
  [[nodiscard]] bool is_cancel_requested(NodeId node) const {
    return (flags_[node] & kCancelRequested) != 0;
  }
  /// The attempts since the node's region was last entered.
  [[nodiscard]] uint32_t attempts(NodeId node) const {
    return attempts_[node] - (attempts_before_.empty() ? 0 : attempts_before_[node]);
  }
  /// The attempts in the whole run; distinguishes those of a body that runs again.
  [[nodiscard]] uint32_t total_attempts(NodeId node) const { return attempts_[node]; }
  /// Running nodes that count against `concurrency`.
  [[nodiscard]] uint32_t running_count() const { return running_count_; }

  /// How many nodes have settled with this status so far.
  [[nodiscard]] uint64_t settled_count(NodeStatus status) const {
    return settled_counts_[static_cast<size_t>(status)];
  }
  /// Bytes of state per node of the plan.
  static constexpr size_t kBytesPerNode = 4 + 1 + 1 + 1 + 4 + 4;

 private:
  // Bits of `flags_`.
  // The node has no output, though it succeeded or was recovered.
  static constexpr uint8_t kHasNoOutput = 1;
  static constexpr uint8_t kCancelRequested = 2;
  // The node is running, but does not count against `concurrency`: its body runs, or its attempt
  // has ended.
  static constexpr uint8_t kHoldsNoSlot = 4;
  static constexpr uint8_t kIsRetry = 8;
  static constexpr uint8_t kOwnsBodies = 16;  // constant: the plan has bodies for the node

  struct Frame {
    uint32_t unsettled_count = 0;
    NodeId failed_node;
    RegionEnd end = RegionEnd::Completed;
    bool is_active = false;
    bool was_entered = false;
  };

  [[nodiscard]] Step NextOfAny();
  void NotifyDependents(NodeId node, const std::array<uint32_t, 8>& marks);
  void EndRegion(RegionId region);
  void Enqueue(const Step& step) {
    steps_.push_back(step);
    fast_path_end_ = 0;
  }
  void MakeReady(NodeId node) {
    ready_.Insert(node);
    fast_path_end_ = 0;
  }
  void Settle(NodeId node, NodeStatus status, HasOutput has_output, SkipReason reason);
  [[nodiscard]] NodeId TakeFirstReady();
  void OnDependencySettled(NodeId node);
  void ReleaseSlot(NodeId node) {
    if (status_[node] != NodeStatus::Running || (flags_[node] & kHoldsNoSlot) != 0) return;
    flags_[node] |= kHoldsNoSlot;
    --running_count_;
  }
  [[nodiscard]] SkipReason FindSkipReason(NodeId node) const;
  void ResetRegion(RegionId region);
  void ResetInnerRegions(RegionId region);
  void EvaluateOuterReads(RegionId region);
  void SettleUnused(NodeId owner);
  [[nodiscard]] std::span<const RegionId> OwnedRegions(NodeId node) const;
  [[nodiscard]] IdRange<NodeId> NodesOf(RegionId region) const {
    return plan::NodesOf(plan_.regions[region]);
  }

  void EndEarly(RegionId region, RegionEnd end);
  void DrainFrontier();
  void CancelWaiting(RegionId region);
  void CancelRunning(RegionId region);
  [[nodiscard]] bool IsSpared(NodeId node) const;
  [[nodiscard]] bool MayStartMore(NodeId node) const;

  plan::PlanTables plan_;
  MachineOptions options_;

  // Per node. `pending_` has the number of unsettled dependencies in the low bits, and above them
  // the marks of the settled ones (dependency_marks.h).
  std::unique_ptr<uint32_t[]> pending_;  // valid once the node's region has been entered
  IdVector<NodeId, NodeStatus> status_;
  IdVector<NodeId, SkipReason> reason_;
  IdVector<NodeId, uint8_t> flags_;
  IdVector<NodeId, uint32_t> attempts_;
  IdVector<NodeId, uint32_t>
      attempts_before_;  // the region was entered; empty while none was twice

  IdVector<RegionId, Frame> frames_;
  std::vector<RegionId> owned_;  // all bodies, sorted by owner
  ReadySet ready_;               // ready nodes below the frontier, and those of bodies
  // The nodes of the workflow from `frontier_` to before `frontier_end_` have not been examined
  // yet: they are in no set, and only their words in `pending_` change.
  uint32_t frontier_ = 0;
  uint32_t frontier_end_ = 0;
  // `frontier_end_` while `steps_` and `ready_` are empty; otherwise 0.
  uint32_t fast_path_end_ = 0;
  std::vector<Step> steps_;  // returned before anything new begins
  size_t next_step_ = 0;
  uint32_t running_count_ = 0;
  bool has_tolerated_ = false;
  bool spares_cleanup_ = true;
  std::array<uint64_t, 9> settled_counts_{};  // indexed by NodeStatus
};

// The path of a node whose dependencies all hold and that succeeds. It is inline, because a plan of
// a million transforms takes it a million times.

inline Step StateMachine::Next() {
  const uint32_t first = frontier_;
  if (first >= fast_path_end_ || running_count_ >= options_.concurrency) return NextOfAny();
  if ((pending_[first] & (kPendingMask | kHardFailed | kRouted)) != 0) return NextOfAny();
  const NodeId node(first);
  ++frontier_;
  ++running_count_;
  ++attempts_[node];
  status_[node] = NodeStatus::Running;
  return {.kind = Step::Kind::Begin, .reason = SkipReason::None, .is_retry = false, .index = first};
}

inline void StateMachine::Succeed(NodeId node, HasOutput has_output) {
  if (has_output == HasOutput::No || flags_[node] != 0) {
    ReleaseSlot(node);
    return Settle(node, NodeStatus::Succeeded, has_output, SkipReason::None);
  }
  // A node without flags was running, counted against `concurrency`, and has no bodies to settle.
  --running_count_;
  status_[node] = NodeStatus::Succeeded;
  NotifyDependents(node, kMarks[kWithOutput]);
  ++settled_counts_[static_cast<size_t>(NodeStatus::Succeeded)];
  const RegionId region = plan_.region_of(node);
  if (--frames_[region].unsettled_count == 0) EndRegion(region);
}

inline void StateMachine::NotifyDependents(NodeId node, const std::array<uint32_t, 8>& marks) {
  uint32_t* const pending = pending_.get();
  // Nodes mostly settle in order, so the words that the next nodes will change can be prefetched
  // now. The number fetched is about the average number of edges per node and does not depend on
  // this node: a varying count would cost more in mispredicted branches than is wasted on fetches.
  // This is not a separate function, because g++ would treat that as one without side effects and
  // drop it.
  constexpr size_t kEdgesAhead = 48;
  constexpr size_t kFetched = 4;
  const size_t ahead = plan_.nodes[node].first_edge() + kEdgesAhead;
  if (ahead + kFetched <= plan_.edges.size()) {
    const uint32_t* edges = plan_.edges.data() + ahead;
    for (size_t i = 0; i < kFetched; ++i) __builtin_prefetch(&pending[edges[i] >> 3], 1);
  }
  // An unsigned difference, so that one comparison finds nodes on either side of the unexamined
  // ones.
  const uint32_t frontier = frontier_;
  const uint32_t unseen_count = frontier_end_ - frontier;
  const uint32_t next = node.index() + 1;
  const auto end = next < plan_.nodes.size() ? plan_.nodes[NodeId(next)].first_edge()
                                             : static_cast<uint32_t>(plan_.edges.size());
  for (uint32_t i = plan_.nodes[node].first_edge(); i != end; ++i) {
    const uint32_t edge = plan_.edges[i];
    const uint32_t to = edge >> 3;
    pending[to] = (pending[to] - 1) | marks[edge & 7];
    if (to - frontier >= unseen_count) [[unlikely]]
      OnDependencySettled(NodeId(to));
  }
}

}  // namespace wfc::runtime
