// The part of the interpreter that reports events to the recorder.
#include <utility>

#include "backend-runtime/runtime/drive/interpreter.h"

namespace wfc::runtime {

void Interpreter::Record(EventType type, SlotId slot, const Value* payload) {
  Event event{.type = type, .time_ns = Now(), .payload = payload};
  if (slot.has_value()) {
    event.node = NodeOf(slot);
    event.attempt = AttemptOf(slot);
    event.status = machine_.status(slot);
    const StageDetails* details = state_.FindDetails(slot);
    if (type == EventType::FallbackStarted && details != nullptr && details->failure) {
      event.failure = &*details->failure;
    }
  }
  parts_.recorder.Record(event);
}

uint32_t Interpreter::AttemptOf(SlotId slot) const {
  const uint32_t attempts = machine_.attempts(slot);
  if (earlier_attempts_.empty()) return attempts;
  const auto earlier = earlier_attempts_.find(NodeOf(slot));
  return earlier == earlier_attempts_.end() ? attempts : attempts + earlier->second;
}

void Interpreter::RecordRunStarted() {
  const RunIdentity& run = state_.identity();
  const Value payload = Value::Record({{"input", state_.input()},
                                       {"mode", Value::String(Spell(run.mode))},
                                       {"run", Value::String(run.id)},
                                       {"seed", Value::Int(run.seed)},
                                       {"workflow", Value::String(plan_.workflow())}});
  Record(EventType::RunStarted, SlotId(), &payload);
}

void Interpreter::RecordRunFinished(const RunResult& result) {
  const Value payload =
      Value::Record({{"output", result.output}, {"status", Value::String(Spell(result.status))}});
  parts_.recorder.Record({.type = EventType::RunFinished,
                          .node = result.failed_node,
                          .time_ns = Now(),
                          .failure = result.failure ? &*result.failure : nullptr,
                          .payload = &payload});
}

void Interpreter::RecordStarted(SlotId slot) {
  Record(EventType::StageStarted, slot, nullptr);
}

void Interpreter::RecordChosen(SlotId slot, RouteId route) {
  const Value payload = Value::Record({{"chosen", *state_.FindDetails(slot)->chosen}});
  parts_.recorder.Record({.type = EventType::RouteChosen,
                          .node = NodeOf(slot),
                          .attempt = AttemptOf(slot),
                          .route = route,
                          .status = machine_.status(slot),
                          .time_ns = Now(),
                          .payload = &payload});
}

void Interpreter::RecordFailure(SlotId slot, Failure failure) {
  StageDetails& details = state_.details(slot);
  details.failed_attempt = AttemptOf(slot);
  details.failure = std::move(failure);
}

void Interpreter::RecordAttemptFailed(SlotId slot, std::optional<int64_t> delay_ns) {
  const StageDetails* details = state_.FindDetails(slot);
  const auto found = active_.find(slot);
  const int64_t now = Now();
  Value payload;
  if (delay_ns) payload = Value::Record({{"retry_after_ms", Value::Int(*delay_ns / kNsPerMs)}});
  parts_.recorder.Record({.type = EventType::AttemptFailed,
                          .node = NodeOf(slot),
                          .attempt = AttemptOf(slot),
                          .status = machine_.status(slot),
                          .time_ns = now,
                          .duration_ns = found == active_.end() ? 0 : now - found->second.began,
                          .failure = &*details->failure,
                          .payload = delay_ns ? &payload : nullptr});
}

/// Reports the final status of a slot, and drops what was kept for its attempts.
void Interpreter::RecordSettled(SlotId slot) {
  const NodeStatus status = machine_.status(slot);
  const bool is_skipped = status == NodeStatus::Skipped;
  const StageDetails* details = state_.FindDetails(slot);
  const bool has_failed = status != NodeStatus::Succeeded && details != nullptr && details->failure;
  std::set<RegionId> entered;
  Event event{.type = is_skipped ? EventType::StageSkipped : EventType::StageFinished,
              .node = NodeOf(slot),
              .attempt = AttemptOf(slot),
              .status = status,
              .reason = machine_.reason(slot),
              .time_ns = Now(),
              .failure = has_failed ? &*details->failure : nullptr,
              .payload = machine_.has_output(slot) ? &state_.output(slot) : nullptr};
  if (const auto found = active_.find(slot); found != active_.end()) {
    StopTimer(found->second);
    event.duration_ns = event.time_ns - found->second.first_began;
    event.is_simulated = found->second.is_simulated;
    entered = std::move(found->second.entered);
    active_.erase(found);
  }
  parts_.recorder.Record(event);
  RecordUnneeded(NodeOf(slot), entered);
  const bool is_failing = machine_.run_status() == RunStatus::Failed;
  if (!is_failing || std::exchange(is_failing_recorded_, true)) return;
  Record(EventType::RunFailing, machine_.instances().workflow().failed_slot, nullptr);
}

void Interpreter::RecordUnneededBody(RegionId body) {
  for (const NodeId node : plan::NodesOf(plan_.regions[body])) {
    parts_.recorder.Record({.type = EventType::StageSkipped,
                            .node = node,
                            .status = NodeStatus::Skipped,
                            .reason = SkipReason::NotNeeded,
                            .time_ns = Now()});
  }
}

/// Reports the stages of all bodies, at any depth, that a settled owner did not enter.
void Interpreter::RecordUnneeded(NodeId owner, const std::set<RegionId>& entered) {
  if (bodies_.Of(owner).empty()) return;  // as of most stages
  std::vector<NodeId> owners = {owner};
  while (!owners.empty()) {
    const std::span<const RegionId> bodies = bodies_.Of(owners.back());
    owners.pop_back();
    for (const RegionId body : bodies) {
      if (entered.contains(body)) continue;
      for (const NodeId node : plan::NodesOf(plan_.regions[body])) owners.push_back(node);
      RecordUnneededBody(body);
    }
  }
}

}  // namespace wfc::runtime
