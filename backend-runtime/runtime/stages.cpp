// The part of the interpreter that runs stages in place (transform, decide, assert, fail), ends
// bodies, and says what follows from how a stage ended.
#include <algorithm>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/runtime/calls.h"
#include "backend-runtime/runtime/interpreter.h"
#include "ir/value/json.h"

namespace wfc::runtime {
namespace {

using plan::kNone;
using plan::fb::RegionKind;
using plan::fb::RouteKind;

Failure MakeFailure(FailureCode code, std::string message) {
  return {.code = code, .message = std::move(message), .details = {}};
}

auto Indices(const plan::fb::Range& range) {
  return std::views::iota(range.first(), range.first() + range.count());
}

/// The id in a stage's path.
std::string_view LastPart(std::string_view path) {
  return path.substr(path.rfind('.') + 1);
}

}  // namespace

// In place

void Interpreter::RunTransform(uint32_t node) {
  FinishWith(node, state_.Evaluate(plan_.nodes[node].payload(), PlaceOf(node)));
}

void Interpreter::RunAssert(uint32_t node) {
  const plan::fb::Assert& assertion = plan_.asserts[plan_.nodes[node].payload()];
  const Result<bool, Failure> holds = state_.EvaluateCondition(assertion.program(), PlaceOf(node));
  if (!holds) return Fail(node, holds.error(), MayRetry::Yes);
  if (*holds) return Succeed(node, Value::Null(), HasOutput::No);
  std::string message = "the assertion does not hold";
  if (assertion.message() != kNone) {
    const auto text = state_.EvaluateText(assertion.message(), PlaceOf(node));
    if (!text) return Fail(node, text.error(), MayRetry::Yes);
    message = *text;
  }
  Fail(node, MakeFailure(FailureCode::Assertion, std::move(message)), MayRetry::Yes);
}

void Interpreter::RunFail(uint32_t node) {
  const auto text = state_.EvaluateText(plan_.nodes[node].payload(), PlaceOf(node));
  Fail(node, text ? MakeFailure(FailureCode::Assertion, *text) : text.error(), MayRetry::Yes);
}

// Decides

void Interpreter::RunDecide(uint32_t node) {
  Result<Choice, Failure> choice = Decide(node);
  if (!choice) return Fail(node, choice.error(), MayRetry::Yes);
  const plan::fb::Route& route = plan_.routes[choice->route];
  if (route.kind() == RouteKind::Region) {
    NoteChoice(node, choice->route);
    return EnterBody(node, route.region());
  }
  if (ChoosesBodies(node)) {
    NoteChoice(node, choice->route);
    return Succeed(node, Value::Null(), HasOutput::No);
  }
  FinishWith(node, std::move(choice->output));
}

Result<Interpreter::Choice, Failure> Interpreter::Decide(uint32_t node) const {
  const plan::fb::Decide& decide = plan_.decides[plan_.nodes[node].payload()];
  if (decide.is_case_list()) return DecideCase(node);
  const Result<Value, Failure> subject = state_.Evaluate(decide.subject(), PlaceOf(node));
  if (!subject) return subject.error();
  return Match(node, *subject);
}

Result<Interpreter::Choice, Failure> Interpreter::DecideCase(uint32_t node) const {
  const plan::fb::Range routes = plan_.decides[plan_.nodes[node].payload()].routes();
  for (const uint32_t route : Indices(routes)) {
    bool holds = true;
    if (plan_.routes[route].when() != kNone) {
      const auto when = state_.EvaluateCondition(plan_.routes[route].when(), PlaceOf(node));
      if (!when) return when.error();
      holds = *when;
    }
    if (holds) return Choice{.route = route, .output = Value::Int(route - routes.first())};
  }
  return MakeFailure(FailureCode::NoRoute, "no case holds, and there is no case without `when`");
}

/// The route that `subject` leads to: by key, or for a case list by index.
Result<Interpreter::Choice, Failure> Interpreter::Match(uint32_t node, const Value& subject) const {
  const plan::fb::Decide& decide = plan_.decides[plan_.nodes[node].payload()];
  for (const uint32_t route : Indices(decide.routes())) {
    const uint32_t key = plan_.routes[route].key();
    const bool is_it = decide.is_case_list()
                           ? subject == Value::Int(route - decide.routes().first())
                           : key != kNone && subject == plan_.constant(key);
    if (is_it) return Choice{.route = route, .output = subject};
  }
  if (decide.has_default() && !decide.is_case_list()) {
    const uint32_t last = decide.routes().first() + decide.routes().count() - 1;
    return Choice{.route = last, .output = subject};
  }
  return MakeFailure(FailureCode::NoRoute, fmt::format("no route for {}", WriteJson(subject)));
}

bool Interpreter::ChoosesBodies(uint32_t node) const {
  const plan::fb::Decide& decide = plan_.decides[plan_.nodes[node].payload()];
  const auto routes = plan::PlanTables::Slice(plan_.routes, decide.routes());
  return std::ranges::any_of(
      routes, [](const plan::fb::Route& route) { return route.kind() == RouteKind::Region; });
}

/// `.chosen`: the ids, or the body's key or index.
void Interpreter::NoteChoice(uint32_t node, uint32_t index) {
  const plan::fb::Decide& decide = plan_.decides[plan_.nodes[node].payload()];
  const plan::fb::Route& route = plan_.routes[index];
  Value chosen;
  if (!ChoosesBodies(node)) {
    std::vector<Value> ids;
    for (const uint32_t target : plan::PlanTables::Slice(plan_.route_targets, route.targets())) {
      ids.push_back(Value::String(LastPart(plan_.name(target))));
    }
    chosen = Value::List(std::move(ids));
  } else if (decide.is_case_list()) {
    chosen = Value::Int(index - decide.routes().first());
  } else {
    chosen = route.key() != kNone ? plan_.constant(route.key()) : Value::String("default");
  }
  state_.details(node).chosen = std::move(chosen);
  RecordChosen(node, index);
}

/// A decide by ids that is about to settle with `output` chooses by it.
std::optional<Failure> Interpreter::ChooseBy(uint32_t node, const Value& output) {
  if (plan_.nodes[node].verb() != plan::fb::Verb::Decide || ChoosesBodies(node)) {
    return std::nullopt;
  }
  const Result<Choice, Failure> choice = Match(node, output);
  if (!choice) return choice.error();
  NoteChoice(node, choice->route);
  machine_.Choose(
      plan::PlanTables::Slice(plan_.route_targets, plan_.routes[choice->route].targets()));
  return std::nullopt;
}

// Bodies

void Interpreter::EnterBody(uint32_t node, uint32_t region) {
  Active& active = Activate(node);
  active.body = region;
  const int64_t timeout = plan_.policies[plan_.nodes[node].policy()].timeout_ns();
  // What a fallback does is no attempt of its owner.
  if (timeout != 0 && plan_.regions[region].kind() == RegionKind::Route) {
    const int64_t at = parts_.reactor.clock().Now() + timeout;
    active.timer = parts_.reactor.StartTimer(at, [this, node] { OnTimeout(node); });
  }
  machine_.EnterBody(node, region);
}

void Interpreter::EndBody(uint32_t region) {
  const plan::fb::Region& body = plan_.regions[region];
  const uint32_t owner = body.owner();
  StopTimer(active_.at(owner));
  switch (machine_.region_end(region)) {
    case StateMachine::RegionEnd::Completed:
      return body.is_single() ? EndSingleBody(region) : EndSeveralBody(region);
    case StateMachine::RegionEnd::Failed: {
      const auto failure = state_.details(machine_.failed_node(region)).failure;
      return FailBody(region, failure.value(), MayRetry::Yes);
    }
    case StateMachine::RegionEnd::TimedOut: {
      const int64_t timeout = plan_.policies[plan_.nodes[owner].policy()].timeout_ns();
      return FailBody(region, MakeFailure(FailureCode::Timeout, TimeoutMessage(timeout)),
                      MayRetry::Yes);
    }
    case StateMachine::RegionEnd::Cancelled:
      machine_.EndCancelled(owner);
      return RecordSettled(owner);
  }
}

/// What a route's only stage was tolerated or recovered from is what its owner was.
void Interpreter::TakeFailure(uint32_t owner, uint32_t inner) {
  const NodeStatus status = machine_.status(inner);
  if (status != NodeStatus::Tolerated && status != NodeStatus::Recovered) return;
  NoteFailure(owner, state_.details(inner).failure.value());
}

/// A one-stage body gives its owner its status and output. A fallback that yields nothing does not
/// recover: the failure stands, unless the body tolerates its own.
void Interpreter::EndSingleBody(uint32_t region) {
  const plan::fb::Region& body = plan_.regions[region];
  const uint32_t owner = body.owner();
  const uint32_t inner = body.nodes().first();
  if (body.kind() == RegionKind::Route) TakeFailure(owner, inner);
  if (machine_.has_output(inner)) {
    const Value output = state_.output(inner);
    const bool is_recovery =
        body.kind() == RegionKind::Fallback || machine_.status(inner) == NodeStatus::Recovered;
    return is_recovery ? RecoverWith(owner, output) : FinishWith(owner, output);
  }
  const NodeStatus status = machine_.status(inner);
  if (body.kind() == RegionKind::Fallback && status != NodeStatus::Tolerated) {
    return FailFinally(owner, state_.details(owner).failure.value());
  }
  machine_.SettleLike(owner, inner);
  RecordSettled(owner);
}

void Interpreter::EndSeveralBody(uint32_t region) {
  const plan::fb::Region& body = plan_.regions[region];
  const uint32_t owner = body.owner();
  const bool is_fallback = body.kind() == RegionKind::Fallback;
  if (body.output() == kNone) {
    return is_fallback ? FailFinally(owner, state_.details(owner).failure.value())
                       : Succeed(owner, Value::Null(), HasOutput::No);
  }
  Result<Value, Failure> output = state_.Evaluate(body.output(), Place{.region = region});
  if (!output) {
    return FailBody(
        region,
        MakeFailure(FailureCode::NoOutput,
                    fmt::format("the body's output cannot be formed: {}", output.error().message)),
        MayRetry::Yes);
  }
  return is_fallback ? RecoverWith(owner, *std::move(output))
                     : FinishWith(owner, *std::move(output));
}

void Interpreter::FailBody(uint32_t region, Failure failure, MayRetry may_retry) {
  const plan::fb::Region& body = plan_.regions[region];
  if (body.kind() == RegionKind::Fallback) return FailFinally(body.owner(), std::move(failure));
  Fail(body.owner(), std::move(failure), may_retry);
}

// Ends

void Interpreter::FinishCall(uint32_t node, AttemptResult result) {
  if (plan_.nodes[node].verb() != plan::fb::Verb::Agent && result.exit) {
    state_.details(node).ended = {.exit = *result.exit,
                                  .stdout_text = Value::String(result.stdout_text),
                                  .stderr_text = Value::String(result.stderr_text)};
  }
  if (!result.failure) return FinishWith(node, std::move(result.output));
  Fail(node, *std::move(result.failure), MayRetry::Yes);
}

/// An attempt has an output, or not; whether it fits is still to be seen.
void Interpreter::FinishWith(uint32_t node, Result<Value, Failure> output) {
  if (!output) return Fail(node, output.error(), MayRetry::Yes);
  if (const uint32_t schema = SchemaOf(plan_, node); schema != kNone) {
    const auto mismatches =
        plan_.validator().Validate(plan_.schemas[schema].entry(), output.value());
    if (!mismatches.empty()) {
      return Fail(node, SchemaFailure("the output", mismatches), MayRetry::Yes);
    }
  }
  if (auto failure = ChooseBy(node, output.value())) {
    return Fail(node, *std::move(failure), MayRetry::Yes);
  }
  Succeed(node, *std::move(output), HasOutput::Yes);
}

void Interpreter::Succeed(uint32_t node, Value output, HasOutput has_output) {
  state_.set_output(node, std::move(output));
  machine_.Succeed(node, has_output);
  RecordSettled(node);
}

void Interpreter::RecoverWith(uint32_t node, Value output) {
  if (auto failure = ChooseBy(node, output)) return FailFinally(node, *std::move(failure));
  state_.set_output(node, std::move(output));
  machine_.Recover(node);
  RecordSettled(node);
}

void Interpreter::Fail(uint32_t node, Failure failure, MayRetry may_retry) {
  const FailureCode code = failure.code;
  NoteFailure(node, std::move(failure));
  const Recourse recourse = machine_.FailAttempt(node, code, may_retry);
  switch (recourse.kind) {
    case Recourse::Kind::Settled:
      RecordAttemptFailed(node, std::nullopt);
      return RecordSettled(node);
    case Recourse::Kind::Retry:
      return BackOff(node, recourse.delay_ns);
    case Recourse::Kind::Value: {
      RecordAttemptFailed(node, std::nullopt);
      const uint32_t program = plan_.policies[plan_.nodes[node].policy()].on_error_value();
      Result<Value, Failure> value = state_.Evaluate(program, PlaceOf(node));
      if (!value) return FailFinally(node, value.error());
      return RecoverWith(node, *std::move(value));
    }
    case Recourse::Kind::Fallback: {
      RecordAttemptFailed(node, std::nullopt);
      Record(EventType::FallbackStarted, node, nullptr);
      return EnterBody(node, plan_.policies[plan_.nodes[node].policy()].fallback());
    }
  }
}

void Interpreter::FailFinally(uint32_t node, Failure failure) {
  NoteFailure(node, std::move(failure));
  machine_.FailFinally(node);
  RecordSettled(node);
}

void Interpreter::BackOff(uint32_t node, int64_t delay_ns) {
  RecordAttemptFailed(node, delay_ns);
  Active& active = Activate(node);
  const int64_t at = parts_.reactor.clock().Now() + delay_ns;
  active.timer = parts_.reactor.StartTimer(at, [this, node] {
    active_.at(node).timer = 0;
    machine_.RetryDue(node);
    Advance();
  });
}

}  // namespace wfc::runtime
