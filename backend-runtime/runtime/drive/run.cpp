#include "backend-runtime/runtime/drive/run.h"

namespace wfc::runtime {
namespace {

/// Whether a fact about a slot that does not run begins an attempt.
bool MayBegin(FactType type) {
  return type == FactType::Began || type == FactType::Succeeded ||
         type == FactType::AttemptFailed || type == FactType::BodyEntered;
}

}  // namespace

Contradiction Run::Apply(const Record& record) {
  machine_.ForgetNotes();
  const Fact& fact = record.fact;
  const SlotId slot = fact.slot.node.has_value() ? machine_.FindSlot(fact.slot) : SlotId();
  const bool begins =
      slot.has_value() && MayBegin(fact.type) && machine_.status(slot) != NodeStatus::Running;
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

}  // namespace wfc::runtime
