// StateMachine: decides which nodes of a plan start, are skipped, retried or cancelled, and how
// bodies and the run end (docs/language/workflows.md). It is pure logic over flat arrays: it
// reads no clock, evaluates no expression and starts nothing. The interpreter does that, and
// reports the results.
//
// Protocol. `Start` begins the workflow. The caller then performs what `Next` returns until it
// returns None. Whatever happens afterwards (an attempt ends, a timer fires) is reported by one of
// the other calls, after which the caller asks `Next` again. Each slot that `Next` begins is
// answered by exactly one of `Succeed`, `Skip`, `FailAttempt` and `EnterBody`, immediately or
// later; the end of a body's instance by what follows for its owner, and then by `Close`. When
// `Next` has nothing, it is also asked again at `next_due`.
//
// Times are run time: nanoseconds since the run started, as the caller counts them.
//
// Terms, invariants and an example: docs/design/state-machine.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/dependency_marks.h"
#include "backend-runtime/runtime/due_queue.h"
#include "backend-runtime/runtime/failure.h"
#include "backend-runtime/runtime/ids.h"
#include "backend-runtime/runtime/instances.h"
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
    Begin,          ///< slot: evaluate its `if`, unless `is_retry`, and start an attempt
    Skipped,        ///< slot, reason: it has been skipped by rule; record it
    Cancelled,      ///< slot: it has been cancelled; record it
    CancelAttempt,  ///< slot: ask its running attempt to end; the attempt still answers
    InstanceEnded,  ///< instance: all its slots have settled; see `Instance::end`
  };
  Kind kind = Kind::None;
  SkipReason reason = SkipReason::None;
  bool is_retry = false;
  uint32_t index = 0;  ///< the index of the slot or the instance

  [[nodiscard]] SlotId slot() const { return SlotId(index); }
  [[nodiscard]] InstanceId instance() const { return InstanceId(index); }
};

/// What the caller must do after a failed attempt.
struct FailureAction {
  enum class Kind : uint8_t {
    Settled,   ///< the node has settled: failed, tolerated or cancelled
    Retry,     ///< another attempt begins after `delay_ns`
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

  /// Begins the workflow.
  void Start();
  /// The next step. Queued steps come before slots that begin. Of the slots that may begin, the
  /// first does: by the position of its node, or in a body by that of the owner and then of the
  /// node, and so on inwards. So what was begun is finished before more is. `now` never decreases.
  [[nodiscard]] Step Next(int64_t now);
  /// When a retry is due that `Next` has not yet begun; none if no slot waits for a time.
  [[nodiscard]] std::optional<int64_t> next_due() const;

  /// The attempt, or the body that runs as the attempt, succeeded.
  void Succeed(SlotId slot, HasOutput has_output);
  /// The `if` of a slot that began is false. The attempt is not counted.
  void Skip(SlotId slot, SkipReason reason);
  /// The attempt failed; the result says what follows from the node's policy.
  [[nodiscard]] FailureAction FailAttempt(SlotId slot, FailureCode code, MayRetry may_retry,
                                          int64_t now);
  /// The value of `on_error` or a fallback's output takes the place of the slot's output.
  void Recover(SlotId slot);
  /// The slot fails without a further reaction, because a recovery or a fallback failed.
  void FailFinally(SlotId slot);
  /// The body of this slot was cancelled, and so is the slot.
  void EndCancelled(SlotId slot);

  /// Marks the targets of the route of a decide as chosen; called just before the decide settles.
  void Choose(SlotId decide, IdSpan<NodeId> targets);
  /// Opens an instance of `region`, as whose owner the slot goes on. It no longer counts as
  /// running.
  InstanceId EnterBody(SlotId slot, RegionId region);
  /// The owner of a one-node body that has ended takes over the status of that node.
  void SettleLike(SlotId slot, SlotId inner);
  /// Forgets an instance of a body that has ended.
  void Close(InstanceId instance) { instances_.Close(instance); }
  /// Cancels the slots of a body's instance, because its owner has run out of time.
  void TimeOut(InstanceId instance);
  /// Cancels the run on request; cleanup (`join: settled`) still runs.
  void CancelRun();
  /// Cancels cleanup, too, on a second request.
  void KillRun();

  /// The instances that are open, and the nodes of their slots.
  [[nodiscard]] const Instances& instances() const { return instances_; }
  /// The status that `run.status` shows: running, failed or cancelled.
  [[nodiscard]] RunStatus run_status() const;
  /// The outcome once the workflow's instance has ended, before its `output` is evaluated.
  [[nodiscard]] RunStatus outcome() const;

  [[nodiscard]] NodeStatus status(SlotId slot) const { return status_[slot]; }
  /// Why the slot was skipped; None if it was not.
  [[nodiscard]] SkipReason reason(SlotId slot) const { return reason_[slot]; }
  [[nodiscard]] bool has_output(SlotId slot) const {
    const NodeStatus status = status_[slot];
    return (status == NodeStatus::Succeeded || status == NodeStatus::Recovered) &&
           (flags_[slot] & kHasNoOutput) == 0;
  }
  /// Whether the running slot has been asked to end.
  [[nodiscard]] bool is_cancel_requested(SlotId slot) const {
    return (flags_[slot] & kCancelRequested) != 0;
  }
  /// The attempts in the slot's instance.
  [[nodiscard]] uint32_t attempts(SlotId slot) const { return attempts_[slot]; }
  /// Running slots that count against `concurrency`.
  [[nodiscard]] uint32_t running_count() const { return running_count_; }

  /// How many slots have settled with this status so far.
  [[nodiscard]] uint64_t settled_count(NodeStatus status) const {
    return settled_counts_[static_cast<size_t>(status)];
  }
  /// Bytes of state for each node of the workflow.
  static constexpr size_t kBytesPerNode = 4 + 1 + 1 + 1 + 4;

 private:
  // Bits of `flags_`.
  // The slot has no output, though it succeeded or was recovered.
  static constexpr uint8_t kHasNoOutput = 1;
  static constexpr uint8_t kCancelRequested = 2;
  // The slot is running, but does not count against `concurrency`: its body runs, or its attempt
  // has ended.
  static constexpr uint8_t kDoesNotCount = 4;
  static constexpr uint8_t kIsRetry = 8;
  static constexpr uint8_t kIsInBody = 16;  // constant: the slot belongs to a body

  [[nodiscard]] Step NextOfAny(int64_t now);
  void ReleaseDue(int64_t now);
  [[nodiscard]] FailureAction BackOff(SlotId slot, const plan::fb::Retry& retry, int64_t now);
  /// Tells the slots that depend on this one how it ended. `shift` is that of the slot's instance.
  void NotifyDependents(NodeId node, uint32_t shift, const std::array<uint32_t, 8>& marks);
  void BeginInstance(InstanceId id);
  void GrowTo(size_t slot_count);
  void EndInstance(InstanceId id);
  void Enqueue(const Step& step) {
    steps_.push_back(step);
    fast_path_end_ = 0;
  }
  void MakeReady(SlotId slot);
  void EraseReady(SlotId slot);
  void Settle(SlotId slot, NodeStatus status, HasOutput has_output, SkipReason reason);
  void SettleAlone(SlotId slot, NodeStatus status, HasOutput has_output, SkipReason reason);
  void SettleDead();
  [[nodiscard]] SlotId TakeFirstReady();
  void OnDependencySettled(SlotId slot);
  /// Whether all dependencies have settled and nothing has become of the slot yet.
  [[nodiscard]] bool MayBegin(SlotId slot) const {
    return (pending_[slot] & kPendingMask) == 0 && status_[slot] == NodeStatus::Waiting;
  }
  [[nodiscard]] bool IsUnexamined(SlotId slot) const {
    return slot.index() >= frontier_ && slot.index() < frontier_end_;
  }
  void StopCounting(SlotId slot) {
    if (status_[slot] != NodeStatus::Running || (flags_[slot] & kDoesNotCount) != 0) return;
    flags_[slot] |= kDoesNotCount;
    --running_count_;
  }
  [[nodiscard]] const plan::fb::Node& NodeOf(SlotId slot) const {
    return plan_.nodes[instances_.node_of(slot)];
  }
  [[nodiscard]] Instance& InstanceOf(SlotId slot) {
    return instances_[instances_.instance_of(slot)];
  }
  [[nodiscard]] const Instance& InstanceOf(SlotId slot) const {
    return instances_[instances_.instance_of(slot)];
  }
  /// The instance of the body that the slot has entered and that has not ended; otherwise none.
  [[nodiscard]] InstanceId RunningBodyOf(SlotId slot) const;
  [[nodiscard]] SkipReason FindSkipReason(SlotId slot) const;
  void JudgeOuterReads(InstanceId id);

  void EndEarly(InstanceId id, InstanceEnd end);
  void DrainFrontier();
  void CancelWaiting(InstanceId id);
  void CancelRunning(InstanceId id);
  [[nodiscard]] bool IsSpared(SlotId slot) const;
  [[nodiscard]] bool MayStartMore(SlotId slot) const;

  plan::PlanTables plan_;
  MachineOptions options_;
  Instances instances_;

  // By slot. `pending_` has the number of unsettled dependencies in the low bits, and above them
  // the marks of the settled ones (dependency_marks.h).
  IdVector<SlotId, uint32_t> pending_;
  IdVector<SlotId, NodeStatus> status_;
  IdVector<SlotId, SkipReason> reason_;
  IdVector<SlotId, uint8_t> flags_;
  IdVector<SlotId, uint32_t> attempts_;

  std::unordered_map<SlotId, InstanceId> running_bodies_;  // by owner; only looked up
  size_t workflow_edge_count_;  // of the edges of the workflow's nodes, which come first
  // The slots of the workflow from `frontier_` to before `frontier_end_` have not been examined
  // yet: they are in no set. Those that are dead have been skipped all the same.
  uint32_t frontier_ = 0;
  uint32_t frontier_end_ = 0;
  // `frontier_end_` while `steps_`, `retries_` and the workflow's ready set are empty; otherwise 0.
  uint32_t fast_path_end_ = 0;
  std::vector<Step> steps_;  // returned before anything new begins
  size_t next_step_ = 0;
  DueQueue retries_;
  std::vector<SlotId> dead_;  // to be skipped; empty between calls
  uint32_t running_count_ = 0;
  bool has_tolerated_ = false;
  bool spares_cleanup_ = true;
  std::array<uint64_t, 9> settled_counts_{};  // indexed by NodeStatus
};

// The path of a node of the workflow whose dependencies all hold and that succeeds. It is inline,
// because a plan of a million transforms takes it a million times.

inline Step StateMachine::Next(int64_t now) {
  const SlotId first(frontier_);
  if (frontier_ >= fast_path_end_ || running_count_ >= options_.concurrency) return NextOfAny(now);
  if ((pending_[first] & (kPendingMask | kHardFailed | kRouted)) != 0) return NextOfAny(now);
  ++frontier_;
  ++running_count_;
  ++attempts_[first];
  status_[first] = NodeStatus::Running;
  return {.kind = Step::Kind::Begin,
          .reason = SkipReason::None,
          .is_retry = false,
          .index = first.index()};
}

inline void StateMachine::Succeed(SlotId slot, HasOutput has_output) {
  if (has_output == HasOutput::No || flags_[slot] != 0) {
    StopCounting(slot);
    return Settle(slot, NodeStatus::Succeeded, has_output, SkipReason::None);
  }
  // A slot without flags belongs to the workflow, was running, and counted against `concurrency`.
  --running_count_;
  status_[slot] = NodeStatus::Succeeded;
  NotifyDependents(NodeId(slot.index()), 0, kMarks[kWithOutput]);
  if (!dead_.empty()) [[unlikely]]
    SettleDead();
  ++settled_counts_[static_cast<size_t>(NodeStatus::Succeeded)];
  if (--instances_.workflow().unsettled_count == 0) EndInstance(kWorkflowInstance);
}

inline void StateMachine::NotifyDependents(NodeId node, uint32_t shift,
                                           const std::array<uint32_t, 8>& marks) {
  // Nodes mostly settle in order, so the words that the next nodes will change can be prefetched
  // now. The number fetched is about the average number of edges per node and does not depend on
  // this node: a varying count would cost more in mispredicted branches than is wasted on fetches.
  // This is not a separate function, because g++ would treat that as one without side effects and
  // drop it.
  constexpr size_t kEdgesAhead = 48;
  constexpr size_t kFetched = 4;
  uint32_t* const pending = pending_.data();
  const size_t ahead = plan_.nodes[node].first_edge() + kEdgesAhead;
  if (ahead + kFetched <= workflow_edge_count_) {
    const uint32_t* edges = plan_.edges.data() + ahead;
    for (size_t i = 0; i < kFetched; ++i) __builtin_prefetch(&pending[edges[i] >> 3], 1);
  }
  // An unsigned difference, so that one comparison finds slots on either side of the unexamined
  // ones. Slots of bodies have higher indices than those of the workflow.
  const uint32_t frontier = frontier_;
  const uint32_t unseen_count = frontier_end_ - frontier;
  const uint32_t next = node.index() + 1;
  const auto end = next < plan_.nodes.size() ? plan_.nodes[NodeId(next)].first_edge()
                                             : static_cast<uint32_t>(plan_.edges.size());
  for (uint32_t i = plan_.nodes[node].first_edge(); i != end; ++i) {
    const uint32_t edge = plan_.edges[i];
    const uint32_t to = (edge >> 3) + shift;
    const uint32_t word = (pending[to] - 1) | marks[edge & 7];
    pending[to] = word;
    const bool may_be_dead = (word & (kHardFailed | kRouted)) != 0;
    if (may_be_dead || to - frontier >= unseen_count) [[unlikely]]
      OnDependencySettled(SlotId(to));
  }
}

}  // namespace wfc::runtime
