// The part of the state machine that compares states.
#include <algorithm>
#include <vector>

#include "backend-runtime/runtime/machine/state_machine.h"
#include "ir/base/random.h"

namespace wfc::runtime {
namespace {

/// Of a sequence of numbers; not fit against an adversary.
class Hash {
 public:
  void Add(uint64_t number) { value_ = Random(value_ ^ number).Next(); }
  [[nodiscard]] uint64_t value() const { return value_; }

 private:
  uint64_t value_ = 0;
};

}  // namespace

uint64_t StateMachine::Digest(int64_t now) const {
  std::vector<InstanceId> open;
  for (const InstanceId id : instances_.ids()) {
    if (instances_[id].is_open() || id == kWorkflowInstance) open.push_back(id);
  }
  std::ranges::sort(open, {}, [this](InstanceId id) { return instances_[id].body; });
  Hash hash;
  for (const InstanceId id : open) hash.Add(DigestOf(instances_[id]));
  uint64_t retries = 0;  // a sum, because the heap has no order of its own
  for (const DueRetry& retry : retries_.entries()) {
    if (retry.due <= now || !StillApplies(retry)) continue;
    Hash entry;
    entry.Add(retry.body.sequence);
    entry.Add(instances_.node_of(retry.slot).index());
    entry.Add(static_cast<uint64_t>(retry.due));
    retries += entry.value();
  }
  hash.Add(retries);
  hash.Add((has_tolerated_ ? 1U : 0U) | (spares_cleanup_ ? 2U : 0U) | (has_ended_ ? 4U : 0U));
  hash.Add(sequence_);
  return hash.value();
}

uint64_t StateMachine::DigestOf(const Instance& instance) const {
  Hash hash;
  hash.Add(instance.body.sequence);
  hash.Add(instance.region.index());
  if (instance.owner.has_value()) {
    hash.Add(InstanceOf(instance.owner).body.sequence);
    hash.Add(instances_.node_of(instance.owner).index());
  }
  hash.Add(static_cast<uint64_t>(instance.end) << 8 | static_cast<uint64_t>(instance.outcome) |
           (instance.may_be_done ? 1U << 16 : 0U));
  if (instance.failed_slot.has_value()) {
    hash.Add(uint64_t{instances_.node_of(instance.failed_slot).index()} << 8 |
             static_cast<uint64_t>(instance.failure));
  }
  for (const SlotId slot : instance.slots) {
    const NodeStatus status = status_[slot];
    uint8_t flags = 0;  // as far as they mean something in this status
    if (status == NodeStatus::Running) {
      flags = flags_[slot] & (kCancelRequested | kDoesNotCount | kIsUnkeyed | kIsInDoubt);
    }
    if (IsSettled(status)) flags = flags_[slot] & kHasNoOutput;
    hash.Add(uint64_t{words_[slot]} << 32 | attempts_[slot]);
    hash.Add(static_cast<uint64_t>(status) << 16 | static_cast<uint64_t>(reason_[slot]) << 8 |
             flags);
    const auto failure = failures_.find(slot);
    const bool has_failed = status == NodeStatus::Running && failure != failures_.end();
    hash.Add(has_failed ? 1 + static_cast<uint64_t>(failure->second) : 0);
  }
  return hash.value();
}

}  // namespace wfc::runtime
