#include "backend-runtime/runtime/drive/projection.h"

#include <utility>
#include <vector>

#include "backend-runtime/plan/words.h"
#include "ir/base/time_units.h"

namespace wfc::runtime {

void Projection::Tell(const Record& record, SlotId slot, bool begins) {
  const int64_t time = record.fact.time;
  if (begins) TellBegan(slot, time);
  if (record.fact.route.has_value()) TellRoute(record, slot);
  switch (record.fact.type) {
    case FactType::RunStarted:
      return TellRunStarted(record);
    case FactType::CancelAsked:
      return recorder_.Record({.type = EventType::CancelRequested,
                               .time_ns = time,
                               .payload = record.value.is_null() ? nullptr : &record.value});
    case FactType::AttemptFailed:
      TellAttemptFailed(slot, machine_.action(), time);
      break;
    case FactType::BodyEntered: {
      const RegionId region = record.fact.region;
      active_[slot].entered.insert(region);
      if (!plan::RuleOf(plan_.regions[region].kind()).recovers) return;
      Event event = Make(EventType::FallbackStarted, slot, time);
      event.failure = state_.FindFailure(slot);
      return recorder_.Record(event);
    }
    case FactType::RunEnded:
      return TellRunEnded(record);
    case FactType::Succeeded:
    case FactType::FailedFinally:
    case FactType::SkippedByIf:
      break;
    case FactType::EpochBegan:
      if (record.value.kind() == Kind::Timestamp) {
        recorder_.BeginEpoch(time, record.value.AsTime());
      }
      return;
    case FactType::Began:
    case FactType::KillAsked:
    case FactType::BodyTimedOut:
    case FactType::CallRepeated:
    case FactType::RunParked:
      return;
  }
  if (IsSettled(machine_.status(slot))) TellSettled(slot, time, record.is_simulated);
}

void Projection::Tell(const Note& note, int64_t time) {
  switch (note.kind) {
    case Note::Kind::Skipped:
    case Note::Kind::Cancelled:
      if (note.may_be_done) return TellCancelledInDoubt(note.slot(), time);
      return TellSettled(note.slot(), time, false);
    case Note::Kind::BodyEnded:
      return TellBodyEnded(machine_.instances()[note.instance()], time);
    case Note::Kind::BodyClosed:
      return;
  }
}

Event Projection::Make(EventType type, SlotId slot, int64_t time) const {
  return {.type = type,
          .node = NodeOf(slot),
          .attempt = state_.AttemptOf(slot),
          .status = machine_.status(slot),
          .time_ns = time};
}

void Projection::TellRunStarted(const Record& record) {
  std::vector<MapEntry> entries;
  for (const MapEntry& entry : record.value.entries()) {
    const std::string_view key = entry.key.AsString();
    const bool is_shown =
        key == "input" || key == "mode" || key == "run" || key == "seed" || key == "workflow";
    if (is_shown) entries.push_back(entry);
  }
  const Value payload = Value::Map(std::move(entries));
  recorder_.Record(
      {.type = EventType::RunStarted, .time_ns = record.fact.time, .payload = &payload});
}

void Projection::TellRunEnded(const Record& record) {
  const Value payload =
      Value::Record({{"output", record.value}, {"status", Value::String(Spell(record.status))}});
  const bool has_failed_stage = machine_.outcome() == RunStatus::Failed;
  const SlotId failed = machine_.instances().workflow().failed_slot;
  recorder_.Record({.type = EventType::RunFinished,
                    .node = has_failed_stage ? NodeOf(failed) : NodeId(),
                    .time_ns = record.fact.time,
                    .failure = record.failure ? &*record.failure : nullptr,
                    .payload = &payload});
}

void Projection::TellBegan(SlotId slot, int64_t time) {
  const auto [found, is_first] = active_.try_emplace(slot);
  if (is_first) found->second.first_began = time;
  found->second.began = time;
  Event event = Make(EventType::StageStarted, slot, time);
  event.status = NodeStatus::Running;
  recorder_.Record(event);
}

void Projection::TellRoute(const Record& record, SlotId slot) {
  const StageDetails* details = state_.FindDetails(slot);
  if (details == nullptr || !details->chosen) return;
  const Value payload = Value::Record({{"chosen", *details->chosen}});
  Event event = Make(EventType::RouteChosen, slot, record.fact.time);
  event.status = NodeStatus::Running;
  event.route = record.fact.route;
  event.payload = &payload;
  recorder_.Record(event);
}

void Projection::TellAttemptFailed(SlotId slot, const FailureAction& action, int64_t time) {
  Value payload;
  if (action.kind == FailureAction::Kind::Retry) {
    payload = Value::Record({{"retry_after_ms", Value::Int(action.delay_ns / kNsPerMs)}});
  }
  Event event = Make(EventType::AttemptFailed, slot, time);
  if (const auto found = active_.find(slot); found != active_.end()) {
    event.duration_ns = time - found->second.began;
  }
  event.failure = state_.FindFailure(slot);
  event.payload = action.kind == FailureAction::Kind::Retry ? &payload : nullptr;
  recorder_.Record(event);
}

void Projection::TellSettled(SlotId slot, int64_t time, bool is_simulated) {
  const bool is_skipped = machine_.status(slot) == NodeStatus::Skipped;
  Event event = Make(is_skipped ? EventType::StageSkipped : EventType::StageFinished, slot, time);
  event.reason = machine_.reason(slot);
  event.is_simulated = is_simulated;
  if (event.status != NodeStatus::Succeeded) event.failure = state_.FindFailure(slot);
  event.payload = machine_.has_output(slot) ? &state_.output(slot) : nullptr;
  std::set<RegionId> entered;
  if (const auto found = active_.find(slot); found != active_.end()) {
    event.duration_ns = time - found->second.first_began;
    entered = std::move(found->second.entered);
    active_.erase(found);
  }
  recorder_.Record(event);
  TellUnneeded(NodeOf(slot), entered, time);
  const bool is_failing = machine_.run_status() == RunStatus::Failed;
  if (!is_failing || std::exchange(has_told_of_failing_, true)) return;
  recorder_.Record(Make(EventType::RunFailing, machine_.instances().workflow().failed_slot, time));
}

/// A call that nobody could say anything of any more, because the run failed or was cancelled.
void Projection::TellCancelledInDoubt(SlotId slot, int64_t time) {
  const Failure failure{
      .code = FailureCode::Cancelled,
      .message = "it was interrupted, and may have been done: look before you start it again",
      .details = Value::Record({{"in_doubt", Value::Bool(true)}})};
  Event event = Make(EventType::StageFinished, slot, time);
  event.failure = &failure;
  if (const auto found = active_.find(slot); found != active_.end()) {
    event.duration_ns = time - found->second.first_began;
    active_.erase(found);
  }
  recorder_.Record(event);
}

void Projection::TellBodyEnded(const Instance& body, int64_t time) {
  if (body.outcome == BodyOutcome::Failed) TellAttemptFailed(body.owner, body.action, time);
  if (IsSettled(machine_.status(body.owner))) TellSettled(body.owner, time, false);
}

/// Tells of the stages of all bodies, at any depth, that a settled owner did not enter.
void Projection::TellUnneeded(NodeId owner, const std::set<RegionId>& entered, int64_t time) {
  if (bodies_.Of(owner).empty()) return;  // as of most stages
  std::vector<NodeId> owners = {owner};
  while (!owners.empty()) {
    const std::span<const RegionId> bodies = bodies_.Of(owners.back());
    owners.pop_back();
    for (const RegionId body : bodies) {
      if (entered.contains(body)) continue;
      for (const NodeId node : plan::NodesOf(plan_.regions[body])) owners.push_back(node);
      TellUnneededBody(body, time);
    }
  }
}

void Projection::TellUnneededBody(RegionId body, int64_t time) {
  for (const NodeId node : plan::NodesOf(plan_.regions[body])) {
    recorder_.Record({.type = EventType::StageSkipped,
                      .node = node,
                      .status = NodeStatus::Skipped,
                      .reason = SkipReason::NotNeeded,
                      .time_ns = time});
  }
}

}  // namespace wfc::runtime
