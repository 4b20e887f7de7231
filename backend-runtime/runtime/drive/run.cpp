#include "backend-runtime/runtime/drive/run.h"

namespace wfc::runtime {
namespace {

/// Whether a fact about a slot that does not run begins an attempt.
bool MayBegin(FactType type) {
  return type == FactType::Began || type == FactType::Succeeded ||
         type == FactType::AttemptFailed || type == FactType::BodyEntered;
}

}  // namespace

MachineOptions MachineOptionsOf(const plan::PlanView& plan, const RunSettings& settings) {
  return {
      .concurrency = settings.concurrency != 0 ? settings.concurrency : plan.root().concurrency(),
      .drains_on_failure = plan.root().drains_on_failure(),
      .seed = static_cast<uint64_t>(settings.seed)};
}

SlotId Run::FindSlot(const Fact& fact) const {
  return fact.slot.node.has_value() ? machine_.FindSlot(fact.slot) : SlotId();
}

bool Run::BeginsAttempt(const Fact& fact, SlotId slot) const {
  return slot.has_value() && MayBegin(fact.type) && machine_.status(slot) != NodeStatus::Running;
}

uint32_t Run::AttemptOf(const Fact& fact) const {
  const SlotId slot = FindSlot(fact);
  if (!slot.has_value()) return 0;
  return state_.AttemptOf(slot) + (BeginsAttempt(fact, slot) ? 1 : 0);
}

Contradiction Run::Apply(const Record& record) {
  machine_.ForgetNotes();
  const Fact& fact = record.fact;
  const SlotId slot = FindSlot(fact);
  const bool begins = BeginsAttempt(fact, slot);
  const Contradiction contradiction = machine_.Apply(fact);
  if (contradiction != Contradiction::None) return contradiction;
  if (slot.has_value()) state_.Apply(record, slot, begins);
  projection_.Tell(record, slot, begins);
  for (const Note& note : machine_.notes()) {
    state_.Apply(note);
    projection_.Tell(note, fact.time);
  }
  return Contradiction::None;
}

std::vector<SlotId> CallsInDoubt(const StateMachine& machine) {
  std::vector<SlotId> found;
  for (const InstanceId id : machine.instances().ids()) {
    const Instance& instance = machine.instances()[id];
    if (!instance.is_running) continue;
    for (const SlotId slot : instance.slots) {
      if (machine.is_in_doubt(slot)) found.push_back(slot);
    }
  }
  return found;
}

}  // namespace wfc::runtime
