// The part of the interpreter that reports events to the recorder.
#include <utility>

#include "backend-runtime/runtime/interpreter.h"

namespace wfc::runtime {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

}  // namespace

void Interpreter::Record(EventType type, NodeId node, const Value* payload) {
  Event event{.type = type, .node = node, .time_ns = Now(), .payload = payload};
  if (node.has_value()) {
    event.attempt = machine_.total_attempts(node);
    event.status = machine_.status(node);
    const StageDetails* details = state_.FindDetails(node);
    if (type == EventType::FallbackStarted && details != nullptr && details->failure) {
      event.failure = &*details->failure;
    }
  }
  parts_.recorder.Record(event);
}

void Interpreter::RecordRunStarted() {
  const RunIdentity& run = state_.identity();
  const Value payload = Value::Record({{"input", state_.input()},
                                       {"mode", Value::String(Spell(run.mode))},
                                       {"run", Value::String(run.id)},
                                       {"seed", Value::Int(run.seed)},
                                       {"workflow", Value::String(plan_.workflow())}});
  Record(EventType::RunStarted, NodeId(), &payload);
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

void Interpreter::RecordStarted(NodeId node) {
  Record(EventType::StageStarted, node, nullptr);
}

void Interpreter::RecordChosen(NodeId node, RouteId route) {
  const Value payload = Value::Record({{"chosen", *state_.FindDetails(node)->chosen}});
  parts_.recorder.Record({.type = EventType::RouteChosen,
                          .node = node,
                          .attempt = machine_.total_attempts(node),
                          .route = route,
                          .status = machine_.status(node),
                          .time_ns = Now(),
                          .payload = &payload});
}

void Interpreter::RecordFailure(NodeId node, Failure failure) {
  StageDetails& details = state_.details(node);
  details.failed_attempt = machine_.total_attempts(node);
  details.failure = std::move(failure);
}

void Interpreter::RecordAttemptFailed(NodeId node, std::optional<int64_t> delay_ns) {
  const StageDetails* details = state_.FindDetails(node);
  const auto found = active_.find(node);
  const int64_t now = Now();
  Value payload;
  if (delay_ns) payload = Value::Record({{"retry_after_ms", Value::Int(*delay_ns / kNsPerMs)}});
  parts_.recorder.Record({.type = EventType::AttemptFailed,
                          .node = node,
                          .attempt = machine_.total_attempts(node),
                          .status = machine_.status(node),
                          .time_ns = now,
                          .duration_ns = found == active_.end() ? 0 : now - found->second.began,
                          .failure = &*details->failure,
                          .payload = delay_ns ? &payload : nullptr});
}

/// Reports the final status of a node, and drops what was kept for its attempts.
void Interpreter::RecordSettled(NodeId node) {
  const NodeStatus status = machine_.status(node);
  const bool is_skipped = status == NodeStatus::Skipped;
  const StageDetails* details = state_.FindDetails(node);
  const bool has_failed = status != NodeStatus::Succeeded && details != nullptr && details->failure;
  Event event{.type = is_skipped ? EventType::StageSkipped : EventType::StageFinished,
              .node = node,
              .attempt = machine_.total_attempts(node),
              .status = status,
              .reason = machine_.reason(node),
              .time_ns = Now(),
              .failure = has_failed ? &*details->failure : nullptr,
              .payload = machine_.has_output(node) ? &state_.output(node) : nullptr};
  if (const auto found = active_.find(node); found != active_.end()) {
    StopTimer(found->second);
    event.duration_ns = event.time_ns - found->second.first_began;
    event.is_simulated = found->second.is_simulated;
    active_.erase(found);
  }
  parts_.recorder.Record(event);
  const bool is_failing = machine_.run_status() == RunStatus::Failed;
  if (!is_failing || std::exchange(is_failing_recorded_, true)) return;
  Record(EventType::RunFailing, machine_.failed_node(plan::kWorkflowRegion), nullptr);
}

}  // namespace wfc::runtime
