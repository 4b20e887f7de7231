#include "backend-runtime/simulate/observer.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "backend-runtime/runtime/evaluate/callee.h"

namespace wfc::simulate {
namespace {

using plan::fb::OnError;
using runtime::Event;
using runtime::Failure;

/// The codes with which a checked plan should not fail.
constexpr uint32_t kSurprising = Bit(FailureCode::Schema) | Bit(FailureCode::Denied) |
                                 Bit(FailureCode::Expression) | Bit(FailureCode::NoRoute) |
                                 Bit(FailureCode::NoOutput);

/// Where a value did not fit, regardless of the item's index: "/files/* maxItems".
std::string MismatchPlaces(const Failure& failure) {
  std::string text;
  if (failure.details.kind() != Kind::List) return text;
  for (const Value& mismatch : failure.details.items()) {
    const Value* pointer = mismatch.FindEntry("pointer", Kind::String);
    const Value* keyword = mismatch.FindEntry("keyword", Kind::String);
    if (pointer == nullptr || keyword == nullptr) continue;
    std::string place(pointer->AsString());
    std::erase_if(place, [](char c) { return c >= '0' && c <= '9'; });
    text += fmt::format("{} {};", place, keyword->AsString());
  }
  return text;
}

}  // namespace

Observer::Observer(const plan::PlanView& plan, const Targets& targets,
                   const DrawingExecutor& executor, runtime::Recorder* watcher)
    : plan_(plan),
      targets_(targets),
      executor_(executor),
      watcher_(watcher),
      has_failed_(plan.nodes.size()),
      misses_something_(plan.nodes.size()) {}

void Observer::RecordNote(const runtime::RecordedNote& note) {
  if (watcher_ != nullptr) watcher_->RecordNote(note);
}

void Observer::Record(const Event& event) {
  if (watcher_ != nullptr) watcher_->Record(event);
  ++event_count_;
  if (on_enough_ && is_enough_(event_count_)) std::exchange(on_enough_, nullptr)();
  switch (event.type) {
    case EventType::StageStarted:
      return RecordStart(event.node);
    case EventType::AttemptFailed:
      return RecordFailedAttempt(event);
    case EventType::StageFinished:
    case EventType::StageSkipped:
      return RecordSettled(event);
    case EventType::RouteChosen:
      return Reach({.node = event.node, .kind = TargetKind::Route, .detail = event.route.index()});
    case EventType::FallbackStarted:
      return Reach({.node = event.node, .kind = TargetKind::OnError});
    case EventType::RunFinished:
      if (event.failure != nullptr && !event.node.has_value()) Report(event);
      return;
    case EventType::RunStarted:
    case EventType::RunFailing:
    case EventType::CancelRequested:
      return;
  }
}

void Observer::Reach(const Target& target) {
  if (const auto index = targets_.Find(target)) observation_.reached.push_back(*index);
}

void Observer::RecordStart(NodeId node) {
  Reach({.node = node, .kind = TargetKind::Stage});
  if (misses_something_[node]) Reach({.node = node, .kind = TargetKind::Cleanup});
}

void Observer::RecordFailedAttempt(const Event& event) {
  const FailureCode code = event.failure->code;
  has_failed_[event.node] = true;
  const bool is_tried_again = event.payload != nullptr;
  if (is_tried_again) {
    Reach({.node = event.node, .kind = TargetKind::Retry, .detail = static_cast<uint32_t>(code)});
  }
  if (code == FailureCode::Timeout) Reach({.node = event.node, .kind = TargetKind::Timeout});
  const bool is_undrawn = executor_.FindAnswer({event.node, event.attempt}) == AnswerKind::Undrawn;
  if (is_undrawn) observation_.undrawn.push_back(event.node);
  Check(event);
}

void Observer::RecordSettled(const Event& event) {
  const bool is_handled =
      event.status == NodeStatus::Tolerated || event.status == NodeStatus::Recovered;
  if (is_handled && has_failed_[event.node]) {
    Reach({.node = event.node, .kind = TargetKind::OnError});
  }
  if (event.reason == SkipReason::Condition) {
    Reach({.node = event.node, .kind = TargetKind::Condition});
  }
  if (event.status != NodeStatus::Succeeded && event.status != NodeStatus::Recovered) {
    for (const uint32_t word : plan_.edges_of(event.node)) {
      misses_something_[plan::UnpackEdge(word).to] = true;
    }
  }
  // The failure of a fallback, or of the expression of `on_error`, was not reported as an attempt.
  const bool has_failed = event.status == NodeStatus::Failed && event.failure != nullptr;
  if (has_failed) Check(event);
}

/// The same failure is reported for the attempt, possibly again when its stage settles, and again
/// for every stage whose body it ended. It is checked only once.
void Observer::Check(const Event& event) {
  const bool is_known = IsKnown(event.node, *event.failure);
  const NodeId owner = plan_.owner_of(plan_.region_of(event.node));
  const std::string& message = event.failure->message;
  for (const NodeId node : {event.node, owner}) {
    if (node.has_value()) heard_.push_back({node, event.failure->code, message});
  }
  if (!is_known && !IsExpected(event)) Report(event);
}

bool Observer::IsKnown(NodeId node, const Failure& failure) const {
  return std::ranges::any_of(heard_, [&](const KnownFailure& heard) {
    return heard.node == node && heard.code == failure.code && heard.message == failure.message;
  });
}

bool Observer::IsExpected(const Event& event) const {
  if ((kSurprising & Bit(event.failure->code)) == 0) return true;
  const bool is_of_an_attempt = event.type == EventType::AttemptFailed;
  const auto answer = executor_.FindAnswer({event.node, event.attempt});
  if (is_of_an_attempt && answer && answer != AnswerKind::Value) return true;
  // The `on_error` of a call is meant for failures of the call itself. A stage that is evaluated in
  // place can only fail by what it evaluates, so its `on_error` is meant for that.
  const plan::fb::Policy& policy = plan_.policy_of(event.node);
  return is_of_an_attempt && !runtime::IsCall(plan_, event.node) &&
         policy.on_error() != OnError::Fail;
}

void Observer::Report(const Event& event) {
  observation_.surprises.push_back({.node = event.node,
                                    .attempt = event.attempt,
                                    .code = event.failure->code,
                                    .message = event.failure->message,
                                    .place = MismatchPlaces(*event.failure)});
}

}  // namespace wfc::simulate
