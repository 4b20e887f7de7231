// StateMachine: decides which nodes of a plan start, are skipped, retried or cancelled, and how
// bodies and the run end (docs/language/workflows.md). It is pure logic over flat arrays: it
// reads no clock, evaluates no expression and starts nothing. The interpreter does that, and
// reports the results.
//
// Protocol. `Start` begins the workflow. The caller then performs what `Next` returns until it
// returns None. Whatever happens (an attempt begins or ends, a body is entered, its time is over)
// is reported by one of the other calls, after which the caller asks `Next` again; when `Next` has
// nothing, also at `next_due`. Each slot that `Next` says may begin is answered by `BeginAttempt`
// and later by the end of the attempt, or at once by that end or by `Skip`.
//
// The state depends on the reports alone. What `Next` does to it is a claim: that a slot may begin
// has been told, and is not told again. Who makes the same reports to a new machine, without asking
// `Next`, gets the same state, but for claims; a slot that was claimed and not reported is told
// again. `Digest` compares such states.
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
#include "backend-runtime/runtime/machine/dependency_marks.h"
#include "backend-runtime/runtime/machine/due_queue.h"
#include "backend-runtime/runtime/machine/failure.h"
#include "backend-runtime/runtime/machine/ids.h"
#include "backend-runtime/runtime/machine/instances.h"

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
    Cancelled,      ///< slot: it has been cancelled before it began; record it
    CancelAttempt,  ///< slot: ask its running attempt to end; the attempt still answers
    BodyEnded,      ///< instance: act on its `outcome`, and close it unless that is NeedsOutput
    BodyReported,   ///< instance: the owner of a body that needed an output was reported; close it
    RunEnded,       ///< the workflow's instance has ended
  };
  Kind kind = Kind::None;
  SkipReason reason = SkipReason::None;
  bool is_retry = false;
  uint32_t index = 0;  ///< the index of the slot or the instance

  [[nodiscard]] SlotId slot() const { return SlotId(index); }
  [[nodiscard]] InstanceId instance() const { return InstanceId(index); }
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
  /// The time of all that follows, until it is called again. `now` never decreases.
  void AdvanceTo(int64_t now) { now_ = now; }
  /// The next step. Queued steps come before slots that begin. Of the slots that may begin, the
  /// first does: by the position of its node, or in a body by that of the owner and then of the
  /// node, and so on inwards. So what was begun is finished before anything else is begun.
  [[nodiscard]] Step Next();
  /// The next queued step; None if there is none, also if a slot may begin.
  [[nodiscard]] Step NextQueued();
  /// When the next retry is due; no value if no slot waits for one.
  [[nodiscard]] std::optional<int64_t> next_due() const;

  /// An attempt of the slot begins, whether or not `Next` has told it. Does nothing while one runs;
  /// it need not be reported of an attempt that ends at once.
  void BeginAttempt(SlotId slot);
  /// The attempt, or the body that runs as the attempt, succeeded.
  void Succeed(SlotId slot, HasOutput has_output);
  /// The `if` of a slot that began is false. The attempt is not counted.
  void Skip(SlotId slot, SkipReason reason);
  /// The attempt failed; the result says what follows from the node's policy.
  [[nodiscard]] FailureAction FailAttempt(SlotId slot, FailureCode code, MayRetry may_retry);
  /// The value of `on_error` or a fallback's output takes the place of the slot's output.
  void Recover(SlotId slot);
  /// The slot fails without a further reaction, because a recovery or a fallback failed.
  void FailFinally(SlotId slot, FailureCode code);
  /// Marks the targets of the route of a decide as chosen; called just before the decide settles.
  void Choose(SlotId decide, IdSpan<NodeId> targets);
  /// Opens an instance of `region` that the slot owns. The slot stays Running but no longer counts
  /// against `concurrency`.
  InstanceId EnterBody(SlotId slot, RegionId region);
  /// Forgets an instance of a body that has ended, and of which the owner has been reported.
  void Close(InstanceId instance) { instances_.Close(instance); }
  /// Cancels the slots of a body's instance, because its owner has run out of time.
  void TimeOut(InstanceId instance);
  /// Cancels the run on request; cleanup (`join: settled`) still runs.
  void CancelRun();
  /// Cancels cleanup, too, on a second request.
  void KillRun();

  /// A digest of the state but for claims, and for the slots in which it lies.
  [[nodiscard]] uint64_t Digest() const;

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
  /// How many attempts the slot has begun in its instance, the running one included.
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

  // `Next` said that the slot may begin, and nothing has been reported of it since. A slot of the
  // workflow keeps the bit when it succeeds.
  static constexpr uint8_t kIsClaimed = 32;

  [[nodiscard]] Step NextOfAny();
  void ReleaseDue();
  [[nodiscard]] bool StillApplies(const DueRetry& retry) const;
  void TakeReady(SlotId slot);
  [[nodiscard]] FailureAction BackOff(SlotId slot, const plan::fb::Retry& retry);
  [[nodiscard]] FailureAction React(SlotId slot, FailureCode code, MayRetry may_retry);
  void SettleFailed(SlotId slot, FailureCode code);
  void EndBody(InstanceId id);
  [[nodiscard]] BodyOutcome CompleteBody(InstanceId id);
  [[nodiscard]] BodyOutcome FailBody(InstanceId id, FailureCode code);
  void EndReport(SlotId slot);
  [[nodiscard]] uint64_t DigestOf(const Instance& instance) const;
  /// Tells the slots that depend on this one how it ended. `shift` is that of the slot's instance.
  void NotifyDependents(NodeId node, uint32_t shift, const std::array<uint32_t, 8>& marks);
  void BeginInstance(InstanceId id);
  void GrowTo(size_t slot_count);
  void Enqueue(const Step& step) {
    steps_.push_back(step);
    fast_path_end_ = 0;
  }
  void MakeReady(SlotId slot);
  void EraseReady(SlotId slot);
  void SettleAlone(SlotId slot, NodeStatus status, HasOutput has_output, SkipReason reason);
  void SettleConsequences();
  [[nodiscard]] SlotId TakeFirstReady();
  void OnDependencySettled(SlotId slot);
  /// Whether all dependencies have settled and nothing has become of the slot yet.
  [[nodiscard]] bool MayBegin(SlotId slot) const {
    return status_[slot] == NodeStatus::Waiting &&
           (words_[slot] & kSettledMask) == NodeOf(slot).in_degree();
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

  // By slot. A word has the number of settled dependencies in the low bits, and above them their
  // marks (dependency_marks.h). The first state is 0, so that nothing is written to fresh memory.
  IdVector<SlotId, uint32_t> words_;
  IdVector<SlotId, NodeStatus> status_;
  IdVector<SlotId, SkipReason> reason_;
  IdVector<SlotId, uint8_t> flags_;
  IdVector<SlotId, uint32_t> attempts_;

  // By owner; only looked up.
  std::unordered_map<SlotId, InstanceId> running_bodies_;
  std::unordered_map<SlotId, InstanceId> bodies_that_need_output_;
  // Of slots that failed and wait for what takes the place of their output; only looked up.
  std::unordered_map<SlotId, FailureCode> failures_;
  size_t workflow_edge_count_;  // of the edges of the workflow's nodes, which come first
  // The slots of the workflow from `frontier_` to before `frontier_end_` have not been examined
  // yet: they are in no set. Those that are dead have nevertheless been skipped.
  uint32_t frontier_ = 0;
  uint32_t frontier_end_ = 0;
  // `frontier_end_` while `steps_`, `retries_` and the workflow's ready set are empty; otherwise 0.
  uint32_t fast_path_end_ = 0;
  std::vector<Step> steps_;  // returned before anything new begins
  size_t next_step_ = 0;
  DueQueue retries_;
  // What is still to be settled as a consequence of a report; empty between calls.
  std::vector<SlotId> dead_;
  std::vector<InstanceId> ended_;
  int64_t now_ = 0;
  uint32_t running_count_ = 0;
  bool has_tolerated_ = false;
  bool spares_cleanup_ = true;
  std::array<uint64_t, 9> settled_counts_{};  // indexed by NodeStatus
};

// The path of a node of the workflow whose dependencies all hold and that succeeds. It is inline,
// because a plan of a million transforms takes it a million times.

inline Step StateMachine::Next() {
  const SlotId first(frontier_);
  if (frontier_ >= fast_path_end_ || running_count_ >= options_.concurrency) return NextOfAny();
  // All dependencies have settled, and there is no mark but that some of them hold.
  if ((words_[first] & ~kHardHeld) != plan_.nodes[NodeId(frontier_)].in_degree()) {
    return NextOfAny();
  }
  ++frontier_;
  ++running_count_;
  flags_[first] = kIsClaimed;
  return {.kind = Step::Kind::Begin,
          .reason = SkipReason::None,
          .is_retry = false,
          .index = first.index()};
}

inline void StateMachine::Succeed(SlotId slot, HasOutput has_output) {
  if (has_output == HasOutput::No || flags_[slot] != kIsClaimed) {
    BeginAttempt(slot);
    StopCounting(slot);
    SettleAlone(slot, NodeStatus::Succeeded, has_output, SkipReason::None);
    return EndReport(slot);
  }
  // A slot that is claimed and has no other flag belongs to the workflow, and this is its first
  // attempt.
  --running_count_;
  ++attempts_[slot];
  status_[slot] = NodeStatus::Succeeded;
  NotifyDependents(NodeId(slot.index()), 0, kMarks[kWithOutput]);
  ++settled_counts_[static_cast<size_t>(NodeStatus::Succeeded)];
  if (--instances_.workflow().unsettled_count == 0) ended_.push_back(kWorkflowInstance);
  if (!dead_.empty() || !ended_.empty()) [[unlikely]]
    SettleConsequences();
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
  uint32_t* const words = words_.data();
  const size_t ahead = plan_.nodes[node].first_edge() + kEdgesAhead;
  if (ahead + kFetched <= workflow_edge_count_) {
    const uint32_t* edges = plan_.edges.data() + ahead;
    for (size_t i = 0; i < kFetched; ++i) __builtin_prefetch(&words[edges[i] >> 3], 1);
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
    const uint32_t word = (words[to] + 1) | marks[edge & 7];
    words[to] = word;
    const bool may_be_dead = (word & (kHardMissed | kRouted)) != 0;
    if (may_be_dead || to - frontier >= unseen_count) [[unlikely]]
      OnDependencySettled(SlotId(to));
  }
}

}  // namespace wfc::runtime
