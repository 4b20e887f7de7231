// StateMachine: decides which node of a plan may start, is skipped, tried again or cancelled, and
// how a body and the run end (language.md, "When a stage runs"). Pure logic over flat arrays: it
// reads no clock, evaluates no expression and starts nothing; the interpreter does, and tells it
// what came out.
//
// Protocol. `Enter` of the workflow's region begins. Then `Next` says what to do until there is
// nothing; whatever happens afterwards (an attempt ends, a timer fires) is told by one of the other
// calls, and `Next` is asked again. A node that `Begin` named is answered by exactly one of
// `Succeed`, `Skip`, `FailAttempt` and `EnterBody`, now or later.
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

struct MachineOptions {
  uint32_t concurrency = 1;
  bool drains_on_failure = false;
  uint64_t seed = 0;  ///< of the jitter
};

/// What to do next.
struct Step {
  enum class Kind : uint8_t {
    None,           ///< wait for something to happen
    Begin,          ///< node: judge its `if`, unless `is_retry`, and start an attempt
    Skipped,        ///< node, reason: it has been settled; for the record
    Cancelled,      ///< node: the same
    CancelAttempt,  ///< node: ask its running attempt to end; it still answers
    RegionEnded,    ///< region: all its nodes have settled; `region_end` says how
  };
  Kind kind = Kind::None;
  SkipReason reason = SkipReason::None;
  bool is_retry = false;
  uint32_t index = 0;  ///< of the node or the region

  [[nodiscard]] NodeId node() const { return NodeId(index); }
  [[nodiscard]] RegionId region() const { return RegionId(index); }
};

/// What follows from a failed attempt.
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

enum class HasOutput : uint8_t { No, Yes };
enum class MayRetry : uint8_t { No, Yes };

class StateMachine {
 public:
  /// Needs `nodes`, `edges`, `regions`, `outer_reads`, `policies` and `retries` of a verified plan,
  /// which outlive it.
  StateMachine(const plan::PlanTables& plan, const MachineOptions& options);

  /// Begins the workflow (`kWorkflowRegion`).
  void Enter(RegionId region);
  [[nodiscard]] Step Next();

  void Succeed(NodeId node, HasOutput has_output);
  void Skip(NodeId node, SkipReason reason);
  /// `MayRetry::No` for what another attempt cannot change.
  [[nodiscard]] FailureAction FailAttempt(NodeId node, FailureCode code, MayRetry may_retry);
  /// After `FailureAction::Value`.
  void Recover(NodeId node);
  /// A failure that nothing follows: of a recovery, of a fallback.
  void FailFinally(NodeId node);
  void RetryDue(NodeId node);
  /// The owner of a body that was cancelled.
  void EndCancelled(NodeId node);

  /// A decide's routes by id: `targets` are chosen when it settles.
  void Choose(IdSpan<NodeId> targets);
  /// The node goes on as the owner of `region`; it holds no place among the running ones.
  void EnterBody(NodeId node, RegionId region);
  /// The owner of a region that ended takes its only node's status.
  void SettleLike(NodeId node, NodeId inner);
  /// Cancels what runs in `region`, whose owner has run out of time.
  void TimeOut(RegionId region);
  /// Someone asked the run to end: as a failure does.
  void CancelRun();
  /// Asked again: cleanup is cancelled too.
  void KillRun();

  enum class RegionEnd : uint8_t { Completed, Failed, Cancelled, TimedOut };
  [[nodiscard]] RegionEnd region_end(RegionId region) const { return frames_[region].end; }
  /// Whose failure it was; of a region that Failed.
  [[nodiscard]] NodeId failed_node(RegionId region) const { return frames_[region].failed_node; }
  /// As `run.status` shows it: running, failed or cancelled.
  [[nodiscard]] RunStatus run_status() const;
  /// Once the workflow's region has ended; before it is known whether `output` can be formed.
  [[nodiscard]] RunStatus outcome() const;

  [[nodiscard]] NodeStatus status(NodeId node) const { return status_[node]; }
  [[nodiscard]] SkipReason reason(NodeId node) const { return reason_[node]; }
  [[nodiscard]] bool has_output(NodeId node) const {
    const NodeStatus status = status_[node];
    return (status == NodeStatus::Succeeded || status == NodeStatus::Recovered) &&
           (flags_[node] & kHasNoOutput) == 0;
  }
  [[nodiscard]] bool is_cancel_requested(NodeId node) const {
    return (flags_[node] & kCancelRequested) != 0;
  }
  /// Attempts since the node's region was entered.
  [[nodiscard]] uint32_t attempts(NodeId node) const {
    return attempts_[node] - (attempts_before_.empty() ? 0 : attempts_before_[node]);
  }
  /// Attempts in the whole run; tells apart those of a body that runs again.
  [[nodiscard]] uint32_t total_attempts(NodeId node) const { return attempts_[node]; }
  [[nodiscard]] uint32_t running_count() const { return running_count_; }

  /// Nodes settled so far, by status.
  [[nodiscard]] uint64_t settled_count(NodeStatus status) const {
    return settled_counts_[static_cast<size_t>(status)];
  }
  /// Of state that the machine keeps for each node.
  static constexpr size_t kBytesPerNode = 4 + 1 + 1 + 1 + 4 + 4;

 private:
  // `flags_` of a node.
  static constexpr uint8_t kHasNoOutput = 1;  // though it succeeded or was recovered
  static constexpr uint8_t kCancelRequested = 2;
  static constexpr uint8_t kHoldsNoSlot = 4;  // though it is running: a body does its work
  static constexpr uint8_t kIsRetry = 8;
  static constexpr uint8_t kOwnsBodies = 16;  // always: the plan has bodies of it

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
    plain_end_ = 0;
  }
  void MakeReady(NodeId node) {
    ready_.Insert(node);
    plain_end_ = 0;
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
  void EndFrontier();
  void CancelWaiting(RegionId region);
  void CancelRunning(RegionId region);
  [[nodiscard]] bool IsSpared(NodeId node) const;
  [[nodiscard]] bool MayStartMore(NodeId node) const;

  plan::PlanTables plan_;
  MachineOptions options_;

  // Per node. `pending_`: dependencies that have not settled in the low bits, above them what the
  // settled ones have said.
  std::unique_ptr<uint32_t[]> pending_;  // set when the node's region is entered
  IdVector<NodeId, NodeStatus> status_;
  IdVector<NodeId, SkipReason> reason_;
  IdVector<NodeId, uint8_t> flags_;
  IdVector<NodeId, uint32_t> attempts_;
  IdVector<NodeId, uint32_t>
      attempts_before_;  // the region was entered; empty while none was twice

  IdVector<RegionId, Frame> frames_;
  std::vector<RegionId> owned_;  // bodies, sorted by owner
  ReadySet ready_;               // nodes before the frontier, or of bodies
  // Offsets in the workflow's nodes: those from here on were not looked at.
  uint32_t frontier_ = 0;
  uint32_t frontier_end_ = 0;
  uint32_t plain_end_ = 0;   // `frontier_end_` while `steps_` and `ready_` are empty, or 0
  std::vector<Step> steps_;  // to be told before anything new begins
  size_t next_step_ = 0;
  uint32_t running_count_ = 0;
  bool has_tolerated_ = false;
  bool spares_cleanup_ = true;
  std::array<uint64_t, 9> settled_counts_{};  // by status
};

// The path of a node whose dependencies all hold and which succeeds: inline, since a plan of a
// million transforms takes it a million times.

inline Step StateMachine::Next() {
  const uint32_t first = frontier_;
  if (first >= plain_end_ || running_count_ >= options_.concurrency) return NextOfAny();
  if ((pending_[first] & (kPendingMask | kMissed | kRouted)) != 0) return NextOfAny();
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
  // A node without flags was running, held a slot, and has no bodies to settle.
  --running_count_;
  status_[node] = NodeStatus::Succeeded;
  NotifyDependents(node, kMarks[kWithOutput]);
  ++settled_counts_[static_cast<size_t>(NodeStatus::Succeeded)];
  const RegionId region = plan_.region_of(node);
  if (--frames_[region].unsettled_count == 0) EndRegion(region);
}

inline void StateMachine::NotifyDependents(NodeId node, const std::array<uint32_t, 8>& marks) {
  uint32_t* const pending = pending_.get();
  // Nodes mostly settle in order, so the words that the next ones change can be fetched now. As
  // many as a node has edges on average, whatever this one has: a count that varies would be
  // guessed wrong more often than a fetch is wasted. (Not a function of its own: g++ takes one for
  // without effect.)
  constexpr size_t kEdgesAhead = 48;
  constexpr size_t kFetched = 4;
  const size_t ahead = plan_.nodes[node].first_edge() + kEdgesAhead;
  if (ahead + kFetched <= plan_.edges.size()) {
    const uint32_t* edges = plan_.edges.data() + ahead;
    for (size_t i = 0; i < kFetched; ++i) __builtin_prefetch(&pending[edges[i] >> 3], 1);
  }
  // Unsigned, so that one comparison finds what lies on either side of the unseen nodes.
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
