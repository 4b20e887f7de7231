#include "backend-runtime/runtime/machine/instances.h"

namespace wfc::runtime {

Instances::Instances(IdTable<RegionId, plan::fb::Region> regions)
    : regions_(regions),
      workflow_count_(regions[plan::kWorkflowRegion].nodes().count()),
      free_lists_(regions.size()) {
  const InstanceId workflow = MakeInstance(plan::kWorkflowRegion);
  WFC_CHECK(workflow == kWorkflowInstance);
}

InstanceId Instances::Open(RegionId region, SlotId owner, BodyId body) {
  InstanceId id = free_lists_[region];
  if (id.has_value()) {
    free_lists_[region] = instances_[id].next_free;
  } else {
    id = MakeInstance(region);
    instance_of_.resize(slot_count_ - workflow_count_, id);
  }
  Instance& instance = instances_[id];
  instance.owner = owner;
  instance.body = body;
  instance.failed_slot = {};
  instance.end = InstanceEnd::Completed;
  instance.outcome = BodyOutcome::None;
  instance.may_be_done = false;
  instance.next_free = {};
  open_.emplace(body.sequence, id);
  return id;
}

/// An instance whose slots no other has.
InstanceId Instances::MakeInstance(RegionId region) {
  const IdRange<SlotId> slots(slot_count_, regions_[region].nodes().count());
  slot_count_ += regions_[region].nodes().count();
  return instances_.Add({.region = region, .slots = slots, .ready = ReadySet(slots)});
}

void Instances::Close(InstanceId id) {
  Instance& instance = instances_[id];
  open_.erase(instance.body.sequence);
  instance.next_free = std::exchange(free_lists_[instance.region], id);
}

InstanceId Instances::Find(BodyId body) const {
  if (body == BodyId()) return kWorkflowInstance;
  const auto found = open_.find(body.sequence);
  return found == open_.end() ? InstanceId() : found->second;
}

SlotId Instances::FindSlot(InstanceId id, NodeId node) const {
  while (id.has_value()) {
    const Instance& instance = instances_[id];
    const plan::fb::Range& nodes = regions_[instance.region].nodes();
    const uint32_t offset = node.index() - nodes.first();
    if (offset < nodes.count()) return SlotId(node.index() + SlotShift(instance));
    id = ParentOf(id);
  }
  return {};
}

}  // namespace wfc::runtime
