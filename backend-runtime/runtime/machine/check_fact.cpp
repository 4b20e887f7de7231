// The part of the state machine that says whether a fact can have happened.
#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/machine/state_machine.h"

namespace wfc::runtime {

Contradiction StateMachine::Check(const Fact& fact) const {
  if (has_started_ == (fact.type == FactType::RunStarted)) return Contradiction::NotStarted;
  if (has_ended_) return Contradiction::HasEnded;
  if (fact.time < now_ || fact.sequence <= sequence_) return Contradiction::IsOutOfOrder;
  if (fact.type == FactType::RunEnded && instances_.workflow().is_running) {
    return Contradiction::StagesAreOpen;
  }
  if (!RowOf(fact.type).Has(FactField::Slot)) return Contradiction::None;
  const InstanceId instance = instances_.Find(fact.slot.body);
  if (!instance.has_value()) return Contradiction::NoSuchBody;
  const SlotId slot = FindSlot(fact.slot);
  if (!slot.has_value()) return Contradiction::NoSuchStage;
  if (!instances_[instance].is_running) return Contradiction::NoSuchBody;
  return CheckSlot(fact, slot);
}

Contradiction StateMachine::CheckSlot(const Fact& fact, SlotId slot) const {
  const auto unless = [](bool is_possible, Contradiction found) {
    return is_possible ? Contradiction::None : found;
  };
  const bool may_begin = MayBeginAttempt(slot);
  switch (fact.type) {
    case FactType::Began:
      return unless(may_begin, Contradiction::MayNotBegin);
    case FactType::SkippedByIf:
      return unless(may_begin && status_[slot] == NodeStatus::Waiting, Contradiction::MayNotBegin);
    case FactType::Succeeded:
      return CheckSuccess(fact, slot);
    case FactType::AttemptFailed:
      return unless(may_begin || HasOpenAttempt(slot), Contradiction::IsNotRunning);
    case FactType::FailedFinally:
      return unless(NeedsRecourse(slot), Contradiction::HasNotFailed);
    case FactType::BodyEntered:
      return CheckEntry(fact, slot);
    case FactType::BodyTimedOut:
      return unless(RunningBodyOf(slot).has_value(), Contradiction::IsNotRunning);
    case FactType::CallRepeated:
      return unless(is_in_doubt(slot), Contradiction::IsNotRunning);
    case FactType::RunStarted:
    case FactType::EpochBegan:
    case FactType::CancelAsked:
    case FactType::KillAsked:
    case FactType::RunParked:
    case FactType::RunEnded:
      break;
  }
  return Contradiction::None;
}

Contradiction StateMachine::CheckSuccess(const Fact& fact, SlotId slot) const {
  const bool may_recover = NeedsRecourse(slot) || bodies_that_need_output_.contains(slot);
  if (fact.is_recovery && !may_recover) return Contradiction::HasNotFailed;
  const bool may_succeed = MayBeginAttempt(slot) || HasOpenAttempt(slot);
  if (!fact.is_recovery && !may_succeed) return Contradiction::IsNotRunning;
  return CheckTargets(fact, slot);
}

Contradiction StateMachine::CheckEntry(const Fact& fact, SlotId slot) const {
  if (fact.region.index() >= plan_.regions.size()) return Contradiction::NoSuchRoute;
  const plan::fb::Region& region = plan_.regions[fact.region];
  if (region.owner() != fact.slot.node.index()) return Contradiction::NoSuchRoute;
  const bool may_enter = plan::RuleOf(region.kind()).recovers
                             ? NeedsRecourse(slot)
                             : MayBeginAttempt(slot) || HasOpenAttempt(slot);
  const bool needs_output = bodies_that_need_output_.contains(slot);
  return may_enter && !needs_output ? Contradiction::None : Contradiction::MayNotBegin;
}

/// The stages that a route chooses stand in the instance of the decide.
Contradiction StateMachine::CheckTargets(const Fact& fact, SlotId slot) const {
  if (!fact.route.has_value()) return Contradiction::None;
  if (fact.route.index() >= plan_.routes.size()) return Contradiction::NoSuchRoute;
  const plan::fb::Range& nodes = plan_.regions[InstanceOf(slot).region].nodes();
  for (const NodeId target : plan_.targets_of(plan_.routes[fact.route])) {
    if (target.index() - nodes.first() >= nodes.count()) return Contradiction::NoSuchRoute;
  }
  return Contradiction::None;
}

bool StateMachine::MayBeginAttempt(SlotId slot) const {
  if (status_[slot] == NodeStatus::BackingOff) return true;
  return MayBegin(slot) && FindSkipReason(slot) == SkipReason::None;
}

/// Whether an attempt of the slot could end now: none of its bodies runs, and it has not ended yet.
bool StateMachine::HasOpenAttempt(SlotId slot) const {
  return status_[slot] == NodeStatus::Running && !failures_.contains(slot) &&
         !RunningBodyOf(slot).has_value();
}

/// Whether the slot's attempt failed and what `on_error` says has not ended yet.
bool StateMachine::NeedsRecourse(SlotId slot) const {
  return status_[slot] == NodeStatus::Running && failures_.contains(slot) &&
         !RunningBodyOf(slot).has_value();
}

}  // namespace wfc::runtime
