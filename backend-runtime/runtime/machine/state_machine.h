// StateMachine: decides which nodes of a plan start, are skipped, retried or cancelled, and how
// bodies and the run end (docs/language/workflows.md). It is a plain value, pure logic over flat
// arrays: it reads no clock, evaluates no expression and starts nothing. Who drives a run does
// that, and tells the machine the facts.
//
// Protocol. `Apply` takes the facts of the run (facts.def), one after the other, the first of them
// RunStarted and EpochBegan. Each may have consequences, which `notes` lists until `ForgetNotes`.
// Between facts, `Next` says what is to be done now; when it has nothing, also at `next_due`. Each
// slot that `Next` says may begin is answered by a fact about it, at once or later.
//
// The state depends on the facts alone. What `Next` does to it is a claim: that a command has been
// given, and is not given again. Who applies the same facts to a new machine, without asking
// `Next`, gets the same state, but for claims. After a further EpochBegan, `Next` gives again
// every command of which nothing has come. `Digest` compares such states.
//
// Times are run time: nanoseconds since the run started, without those in which nobody drove it.
//
// Terms, invariants and an example: docs/design/state-machine.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/machine/dependency_marks.h"
#include "backend-runtime/runtime/machine/due_queue.h"
#include "backend-runtime/runtime/machine/facts.h"
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

/// What is to be done next.
struct Command {
  enum class Kind : uint8_t {
    None,           ///< nothing until there is another fact
    Begin,          ///< slot: evaluate its `if`, unless `is_retry`, and begin an attempt
    CancelAttempt,  ///< slot: ask its running call to end; the attempt still ends by a fact
    FormOutput,     ///< instance: a body whose output has to be formed, for its owner to end
    TakeRecourse,   ///< slot: its attempt failed; evaluate what `on_error` says, or enter the
                    ///< fallback
    EndRun,         ///< form the output of the run
  };
  Kind kind = Kind::None;
  bool is_retry = false;
  uint32_t index = 0;  ///< the index of the slot or the instance

  [[nodiscard]] SlotId slot() const { return SlotId(index); }
  [[nodiscard]] InstanceId instance() const { return InstanceId(index); }
};

/// A consequence of a fact.
struct Note {
  enum class Kind : uint8_t {
    Skipped,    ///< slot, reason: it has been skipped by rule
    Cancelled,  ///< slot: it has been cancelled, before it began or while nobody drove the run
    BodyEnded,  ///< instance: all its slots have settled; see its `outcome`
    BodyClosed  ///< instance: its slots mean nothing from the next fact on
  };
  Kind kind = Kind::Skipped;
  SkipReason reason = SkipReason::None;
  bool may_be_done = false;  ///< Cancelled: a call that changes something was interrupted
  uint32_t index = 0;        ///< the index of the slot or the instance

  [[nodiscard]] SlotId slot() const { return SlotId(index); }
  [[nodiscard]] InstanceId instance() const { return InstanceId(index); }
};

/// Not thread-safe.
class StateMachine {
 public:
  /// Uses only `nodes`, `edges`, `regions`, `outer_reads`, `policies`, `retries`, `routes` and
  /// `route_targets` of a verified plan; they must outlive the object.
  StateMachine(const plan::PlanTables& plan, const MachineOptions& options);

  /// Changes the state by what happened. A fact that cannot have happened changes nothing; the
  /// result says why.
  [[nodiscard]] Contradiction Apply(const Fact& fact);
  /// The number of the last fact, and its time.
  [[nodiscard]] uint64_t sequence() const { return sequence_; }
  [[nodiscard]] int64_t time() const { return now_; }
  /// Whether the run has ended, and nothing can happen any more.
  [[nodiscard]] bool has_ended() const { return has_ended_; }
  /// The consequences of the facts since `ForgetNotes`, in order, but for what `status` and
  /// `action` say of the slot that a fact is about.
  [[nodiscard]] std::span<const Note> notes() const { return notes_; }
  /// Called before the next fact. Closes the instances whose end the notes tell.
  void ForgetNotes();
  /// What follows from the attempt of which the last fact told that it failed.
  [[nodiscard]] const FailureAction& action() const { return action_; }

  /// The next command. Of the slots that may begin, the first does: by the position of its node, or
  /// in a body by that of the owner and then of the node, and so on inwards. So what was begun is
  /// finished before anything else is begun. `now` never decreases.
  [[nodiscard]] Command Next(int64_t now);
  /// When the next retry is due; no value if no slot waits for one.
  [[nodiscard]] std::optional<int64_t> next_due() const;

  /// The slot of that name; none if its body is not open or has no such node.
  [[nodiscard]] SlotId FindSlot(const SlotName& name) const;
  [[nodiscard]] SlotName NameOf(SlotId slot) const {
    return {.body = InstanceOf(slot).body, .node = instances_.node_of(slot)};
  }

  /// A digest of the state but for claims, and for the slots in which it lies. `now` is at least
  /// what `Next` was called with.
  [[nodiscard]] uint64_t Digest(int64_t now) const;

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
  /// The instance of the body that the slot has entered and that has not ended; otherwise none.
  [[nodiscard]] InstanceId RunningBodyOf(SlotId slot) const;
  /// Whether a call of the slot is in doubt: it was interrupted, and is not made again by itself.
  [[nodiscard]] bool is_in_doubt(SlotId slot) const { return (flags_[slot] & kIsInDoubt) != 0; }
  /// How many calls are in doubt.
  [[nodiscard]] uint32_t in_doubt_count() const { return in_doubt_count_; }
  /// Whether the running slot has been asked to end.
  [[nodiscard]] bool is_cancel_requested(SlotId slot) const {
    return (flags_[slot] & kCancelRequested) != 0;
  }
  /// How many attempts the slot has begun in its instance, the running one included.
  [[nodiscard]] uint32_t attempts(SlotId slot) const { return attempts_[slot]; }
  /// Running slots that count against `concurrency`.
  [[nodiscard]] uint32_t running_count() const { return running_count_; }

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

  // `Next` said that the slot may begin, and no fact has told anything of it since.
  static constexpr uint8_t kIsClaimed = 32;
  static constexpr uint8_t kIsUnkeyed = 64;   // the running call is not repeated by itself
  static constexpr uint8_t kIsInDoubt = 128;  // such a call was interrupted

  // What facts do
  [[nodiscard]] Contradiction ApplyOther(const Fact& fact);
  [[nodiscard]] Contradiction Check(const Fact& fact) const;
  [[nodiscard]] Contradiction CheckSlot(const Fact& fact, SlotId slot) const;
  [[nodiscard]] Contradiction CheckSuccess(const Fact& fact, SlotId slot) const;
  [[nodiscard]] Contradiction CheckEntry(const Fact& fact, SlotId slot) const;
  [[nodiscard]] Contradiction CheckTargets(const Fact& fact, SlotId slot) const;
  [[nodiscard]] bool MayBeginAttempt(SlotId slot) const;
  [[nodiscard]] bool HasOpenAttempt(SlotId slot) const;
  [[nodiscard]] bool NeedsRecourse(SlotId slot) const;
  void ApplyToSlot(const Fact& fact, SlotId slot);
  void Start();
  void BeginEpoch();
  void LoseCall(SlotId slot);
  void InterruptCall(SlotId slot);
  void GiveCommandsAgain();
  void BeginAttempt(SlotId slot);
  void BeginCall(SlotId slot, CallClass call_class);
  void Succeed(SlotId slot, const Fact& fact);
  void EndAttempt(SlotId slot);
  void Skip(SlotId slot, SkipReason reason);
  void FailAttempt(SlotId slot, FailureCode code, MayRetry may_retry);
  void Recover(SlotId slot);
  void FailFinally(SlotId slot, FailureCode code);
  void Choose(SlotId decide, IdSpan<NodeId> targets);
  void EnterBody(SlotId slot, RegionId region);
  void TimeOut(InstanceId instance);
  void CancelRun();
  void KillRun();

  [[nodiscard]] Command NextOfAny(int64_t now);
  [[nodiscard]] Command NextQueued();
  void ReleaseDue(int64_t now);
  [[nodiscard]] bool StillApplies(const DueRetry& retry) const;
  void TakeReady(SlotId slot);
  [[nodiscard]] FailureAction BackOff(SlotId slot, const plan::fb::Retry& retry);
  [[nodiscard]] FailureAction React(SlotId slot, FailureCode code, MayRetry may_retry);
  void SettleFailed(SlotId slot, FailureCode code);
  void EndBody(InstanceId id);
  [[nodiscard]] BodyOutcome CompleteBody(InstanceId id);
  [[nodiscard]] BodyOutcome FailBody(InstanceId id, FailureCode code);
  void LetGoOfBody(SlotId owner);
  [[nodiscard]] uint64_t DigestOf(const Instance& instance) const;
  /// Tells the slots that depend on this one how it ended. `shift` is that of the slot's instance.
  void NotifyDependents(NodeId node, uint32_t shift, const std::array<uint32_t, 8>& marks);
  void BeginInstance(InstanceId id);
  void GrowTo(size_t slot_count);
  void Enqueue(const Command& command) {
    commands_.push_back(command);
    fast_path_end_ = 0;
  }
  void Tell(const Note& note) { notes_.push_back(note); }
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
  // `frontier_end_` while `commands_`, `retries_` and the workflow's ready set are empty; otherwise
  // 0.
  uint32_t fast_path_end_ = 0;
  std::vector<Command> commands_;  // given before anything new begins
  size_t next_command_ = 0;
  std::vector<Note> notes_;
  FailureAction action_;
  DueQueue retries_;
  // What is still to be settled as a consequence of a report; empty between calls.
  std::vector<SlotId> dead_;
  std::vector<InstanceId> ended_;
  int64_t now_ = 0;        // of the last fact
  uint64_t sequence_ = 0;  // of the last fact
  uint32_t in_doubt_count_ = 0;
  uint32_t running_count_ = 0;
  bool has_started_ = false;
  bool has_been_driven_ = false;  // an epoch has begun
  bool has_ended_ = false;
  bool has_tolerated_ = false;
  bool spares_cleanup_ = true;
};

// The path of a node of the workflow whose dependencies all hold and that succeeds. It is inline,
// because a plan of a million transforms takes it a million times.

inline Command StateMachine::Next(int64_t now) {
  const SlotId first(frontier_);
  if (frontier_ >= fast_path_end_ || running_count_ >= options_.concurrency) return NextOfAny(now);
  // All dependencies have settled, and there is no mark but that some of them hold.
  if ((words_[first] & ~kHardHeld) != plan_.nodes[NodeId(frontier_)].in_degree()) {
    return NextOfAny(now);
  }
  ++frontier_;
  ++running_count_;
  flags_[first] = kIsClaimed;
  return {.kind = Command::Kind::Begin, .is_retry = false, .index = first.index()};
}

inline Contradiction StateMachine::Apply(const Fact& fact) {
  const SlotId slot(fact.slot.node.index());
  // A slot that is claimed and has no other flag belongs to the workflow, and this is its first
  // attempt.
  const bool is_first_success = fact.type == FactType::Succeeded && fact.slot.body == BodyId() &&
                                fact.has_output == HasOutput::Yes && !fact.route.has_value() &&
                                !fact.is_recovery && slot.index() < frontier_end_ &&
                                flags_[slot] == kIsClaimed && fact.time >= now_ &&
                                fact.sequence > sequence_;
  if (!is_first_success) return ApplyOther(fact);
  now_ = fact.time;
  sequence_ = fact.sequence;
  --running_count_;
  flags_[slot] = 0;
  attempts_[slot] = 1;
  status_[slot] = NodeStatus::Succeeded;
  NotifyDependents(fact.slot.node, 0, kMarks[kWithOutput]);
  const bool is_last = --instances_.workflow().unsettled_count == 0;
  if (is_last) [[unlikely]]
    ended_.push_back(kWorkflowInstance);
  if (is_last || !dead_.empty()) [[unlikely]]
    SettleConsequences();
  return Contradiction::None;
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
