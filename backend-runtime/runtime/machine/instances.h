// Instances: which regions run, and where the state of their nodes lies. A region of the plan is
// static; each time an owner enters one as its body, an instance of it is opened, with a slot for
// each of its nodes. Used by the state machine, which keeps the arrays that slots index, and by the
// run's values.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/machine/failure.h"
#include "backend-runtime/runtime/machine/ids.h"
#include "backend-runtime/runtime/machine/ready_set.h"

namespace wfc::runtime {

/// How an instance ends; Completed also while nothing has ended it early.
enum class InstanceEnd : uint8_t { Completed, Failed, Cancelled, TimedOut };

/// What the end of a body means for its owner.
enum class BodyOutcome : uint8_t {
  None,         ///< the body has not ended, or the owner has been reported meanwhile
  NeedsOutput,  ///< the output has to be formed, and then the owner to be reported
  Settled,      ///< the owner has settled
  Failed,       ///< the owner's attempt has failed; see `Instance::action`
};

/// What follows from a failed attempt.
struct FailureAction {
  enum class Kind : uint8_t {
    Settled,   ///< the slot has settled: failed, tolerated or cancelled
    Retry,     ///< another attempt begins after `delay_ns`
    Value,     ///< evaluate `on_error.value`, then `Recover` or `FailFinally`
    Fallback,  ///< `EnterBody` with the fallback's region
  };
  Kind kind = Kind::Settled;
  int64_t delay_ns = 0;
};

/// One run of the nodes of a region.
struct Instance {
  RegionId region;
  IdRange<SlotId> slots;  ///< one for each node of the region, in the order of the nodes
  SlotId owner = {};      ///< the slot whose body this is; none for the workflow
  BodyId body = {};
  uint32_t unsettled_count = 0;
  FailureCode failure = {};  ///< of the slot that failed
  SlotId failed_slot = {};   ///< of the node whose failure ended the instance; none if none did
  InstanceEnd end = InstanceEnd::Completed;
  bool is_running = false;  ///< not all slots have settled
  /// A call in it, or in a body of it, was interrupted that may have changed something, and has
  /// been cancelled, so that nobody was asked.
  bool may_be_done = false;
  BodyOutcome outcome = BodyOutcome::None;
  FailureAction action = {};  ///< set if the outcome is Failed
  /// The slots that may begin, and those of owners whose bodies have such slots.
  ReadySet ready;
  InstanceId next_free = {};  // the next closed instance of the region

  /// Whether its state still counts: it runs, or its owner waits for its output.
  [[nodiscard]] bool is_open() const { return is_running || outcome == BodyOutcome::NeedsOutput; }
};

/// Memory is bounded by the largest number of instances that were open at once: a closed instance
/// is kept, with its slots, for the next entry of its region. Slots of the workflow come first, so
/// that the slot of each of its nodes has the node's index.
class Instances {
 public:
  /// Opens the workflow's instance. Uses only `regions` of a verified plan, which must outlive the
  /// object.
  explicit Instances(IdTable<RegionId, plan::fb::Region> regions);

  /// Opens an instance of a body. Its slots are new, or those of a closed instance of the region.
  [[nodiscard]] InstanceId Open(RegionId region, SlotId owner, BodyId body);
  /// Gives the slots back. Nothing may refer to them any more.
  void Close(InstanceId instance);

  [[nodiscard]] Instance& operator[](InstanceId instance) { return instances_[instance]; }
  [[nodiscard]] const Instance& operator[](InstanceId instance) const {
    return instances_[instance];
  }
  [[nodiscard]] Instance& workflow() { return instances_[kWorkflowInstance]; }
  [[nodiscard]] const Instance& workflow() const { return instances_[kWorkflowInstance]; }
  /// All instances, also closed ones.
  [[nodiscard]] IdRange<InstanceId> ids() const { return instances_.ids(); }
  /// The open instance of a body; none if there is none.
  [[nodiscard]] InstanceId Find(BodyId body) const;
  /// One more than the largest index that a slot has had.
  [[nodiscard]] uint32_t slot_count() const { return slot_count_; }

  [[nodiscard]] InstanceId instance_of(SlotId slot) const {
    const bool is_workflow = slot.index() < workflow_count_;
    return is_workflow ? kWorkflowInstance : instance_of_[slot.index() - workflow_count_];
  }
  [[nodiscard]] NodeId node_of(SlotId slot) const {
    if (slot.index() < workflow_count_) return NodeId(slot.index());
    return NodeId(slot.index() - SlotShift(instances_[instance_of(slot)]));
  }
  /// What is added to the index of a node of the region to get the index of its slot, modulo 2^32.
  [[nodiscard]] uint32_t SlotShift(const Instance& instance) const {
    return instance.slots.front().index() - regions_[instance.region].nodes().first();
  }
  /// The slot of `node` as seen from `instance`: in it, or in the nearest instance around it that
  /// has the node. None if no instance around it has it.
  [[nodiscard]] SlotId FindSlot(InstanceId instance, NodeId node) const;
  /// The instance in which the owner of `instance` stands; none for the workflow.
  [[nodiscard]] InstanceId ParentOf(InstanceId instance) const {
    const SlotId owner = instances_[instance].owner;
    return owner.has_value() ? instance_of(owner) : InstanceId();
  }

 private:
  [[nodiscard]] InstanceId MakeInstance(RegionId region);

  IdTable<RegionId, plan::fb::Region> regions_;
  uint32_t workflow_count_;  // the number of nodes in the workflow's region
  uint32_t slot_count_ = 0;
  IdVector<InstanceId, Instance> instances_;
  std::vector<InstanceId> instance_of_;            // of the slots after those of the workflow
  IdVector<RegionId, InstanceId> free_lists_;      // the first closed instance of each region
  std::unordered_map<uint64_t, InstanceId> open_;  // by the body's sequence; only looked up
};

}  // namespace wfc::runtime
