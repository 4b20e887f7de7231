// The part of the interpreter that evaluates stages in place (transform, decide, assert, fail),
// ends bodies, and decides what follows from the end of a stage.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/drive/interpreter.h"
#include "backend-runtime/runtime/evaluate/callee.h"
#include "ir/value/json.h"

namespace wfc::runtime {
namespace {

using plan::fb::RouteKind;

Failure MakeFailure(FailureCode code, std::string message) {
  return {.code = code, .message = std::move(message), .details = {}};
}

/// The position of the route among the decide's routes, from 0.
Value OrdinalOf(const plan::fb::Decide& decide, RouteId route) {
  return Value::Int(route.index() - decide.routes().first());
}

/// The stage's id: the last part of its path.
std::string_view LastPart(std::string_view path) {
  return path.substr(path.rfind('.') + 1);
}

}  // namespace

// Stages that are evaluated in place

void Interpreter::RunTransform(SlotId slot) {
  FinishWith(slot, state_.Evaluate(ProgramId(RowOf(slot).payload()), PlaceOf(slot)));
}

void Interpreter::RunAssert(SlotId slot) {
  const plan::fb::Assert& assertion = plan_.assert_of(RowOf(slot));
  const Result<bool, Failure> holds =
      state_.EvaluateCondition(ProgramId(assertion.program()), PlaceOf(slot));
  if (!holds) return Fail(slot, holds.error(), MayRetry::Yes);
  if (*holds) return Succeed(slot, Value::Null(), HasOutput::No);
  std::string message = "the assertion does not hold";
  if (const ProgramId own(assertion.message()); own.has_value()) {
    const auto text = state_.EvaluateText(own, PlaceOf(slot));
    if (!text) return Fail(slot, text.error(), MayRetry::Yes);
    message = *text;
  }
  Fail(slot, MakeFailure(FailureCode::Assertion, std::move(message)), MayRetry::Yes);
}

void Interpreter::RunFail(SlotId slot) {
  const auto text = state_.EvaluateText(ProgramId(RowOf(slot).payload()), PlaceOf(slot));
  Fail(slot, text ? MakeFailure(FailureCode::Assertion, *text) : text.error(), MayRetry::Yes);
}

// Decides

void Interpreter::RunDecide(SlotId slot) {
  Result<Choice, Failure> choice = Decide(slot);
  if (!choice) return Fail(slot, choice.error(), MayRetry::Yes);
  const plan::fb::Route& route = plan_.routes[choice->route];
  if (route.kind() == RouteKind::Region) {
    RecordChoice(slot, choice->route);
    return EnterBody(slot, RegionId(route.region()));
  }
  if (ChoosesBodies(slot)) {
    RecordChoice(slot, choice->route);
    return Succeed(slot, Value::Null(), HasOutput::No);
  }
  FinishWith(slot, std::move(choice->output));
}

Result<Interpreter::Choice, Failure> Interpreter::Decide(SlotId slot) const {
  const plan::fb::Decide& decide = plan_.decide_of(RowOf(slot));
  if (decide.is_case_list()) return DecideCase(slot);
  const Result<Value, Failure> subject =
      state_.Evaluate(ProgramId(decide.subject()), PlaceOf(slot));
  if (!subject) return subject.error();
  return Match(slot, *subject);
}

Result<Interpreter::Choice, Failure> Interpreter::DecideCase(SlotId slot) const {
  const plan::fb::Decide& decide = plan_.decide_of(RowOf(slot));
  for (const RouteId route : plan::RoutesOf(decide)) {
    bool holds = true;
    if (const ProgramId condition(plan_.routes[route].when()); condition.has_value()) {
      const auto when = state_.EvaluateCondition(condition, PlaceOf(slot));
      if (!when) return when.error();
      holds = *when;
    }
    if (holds) return Choice{.route = route, .output = OrdinalOf(decide, route)};
  }
  return MakeFailure(FailureCode::NoRoute, "no case holds, and there is no case without `when`");
}

/// The route that `subject` selects: by key, or in a list of cases by index.
Result<Interpreter::Choice, Failure> Interpreter::Match(SlotId slot, const Value& subject) const {
  const plan::fb::Decide& decide = plan_.decide_of(RowOf(slot));
  for (const RouteId route : plan::RoutesOf(decide)) {
    const ConstantId key(plan_.routes[route].key());
    const bool is_it = decide.is_case_list() ? subject == OrdinalOf(decide, route)
                                             : key.has_value() && subject == plan_.constant(key);
    if (is_it) return Choice{.route = route, .output = subject};
  }
  if (decide.has_default() && !decide.is_case_list()) {
    return Choice{.route = plan::RoutesOf(decide).back(), .output = subject};
  }
  return MakeFailure(FailureCode::NoRoute, fmt::format("no route for {}", WriteJson(subject)));
}

bool Interpreter::ChoosesBodies(SlotId slot) const {
  const plan::fb::Decide& decide = plan_.decide_of(RowOf(slot));
  const auto routes = plan::PlanTables::Slice(plan_.routes, decide.routes());
  return std::ranges::any_of(
      routes, [](const plan::fb::Route& route) { return route.kind() == RouteKind::Region; });
}

/// Sets `.chosen`: the ids of the targets, or the key or index of the chosen body.
void Interpreter::RecordChoice(SlotId slot, RouteId id) {
  const plan::fb::Decide& decide = plan_.decide_of(RowOf(slot));
  const plan::fb::Route& route = plan_.routes[id];
  Value chosen;
  if (!ChoosesBodies(slot)) {
    std::vector<Value> ids;
    for (const NodeId target : plan_.targets_of(route)) {
      ids.push_back(Value::String(LastPart(plan_.name(target))));
    }
    chosen = Value::List(std::move(ids));
  } else if (decide.is_case_list()) {
    chosen = OrdinalOf(decide, id);
  } else {
    const ConstantId key(route.key());
    chosen = key.has_value() ? plan_.constant(key) : Value::String("default");
  }
  state_.details(slot).chosen = std::move(chosen);
  RecordChosen(slot, id);
}

/// If the slot is a decide whose routes are stages, chooses the route that `output` selects. Called
/// just before the slot settles. Fails if no route matches.
std::optional<Failure> Interpreter::ChooseBy(SlotId slot, const Value& output) {
  if (!plan_.is_decide(RowOf(slot)) || ChoosesBodies(slot)) return std::nullopt;
  const Result<Choice, Failure> choice = Match(slot, output);
  if (!choice) return choice.error();
  RecordChoice(slot, choice->route);
  machine_.Choose(slot, plan_.targets_of(plan_.routes[choice->route]));
  return std::nullopt;
}

// Bodies

void Interpreter::EnterBody(SlotId slot, RegionId region) {
  Active& active = Activate(slot);
  active.entered.insert(region);
  const int64_t timeout = plan_.policy_of(RowOf(slot)).timeout_ns();
  if (timeout != 0 && plan::RuleOf(plan_.regions[region].kind()).is_attempt) {
    const int64_t at = parts_.reactor.clock().Now() + timeout;
    active.timer = parts_.reactor.StartTimer(at, [this, slot] { OnTimeout(slot); });
  }
  active.body = machine_.EnterBody(slot, region);
}

void Interpreter::EndBody(InstanceId id) {
  const Instance& body = machine_.instances()[id];
  const SlotId owner = body.owner;
  StopTimer(active_.at(owner));
  TakeFailure(body);
  if (body.outcome == BodyOutcome::NeedsOutput) return FormOutputOf(id);
  if (body.outcome == BodyOutcome::Failed) {
    Follow(owner, body.action);
  } else {
    RecordSettled(owner);
  }
  CloseBody(id);
}

/// Forgets a body that has ended, but for the numbers of its attempts.
void Interpreter::CloseBody(InstanceId id) {
  const Instance& body = machine_.instances()[id];
  for (const SlotId slot : body.slots) {
    if (const uint32_t attempts = machine_.attempts(slot); attempts != 0) {
      earlier_attempts_[NodeOf(slot)] += attempts;
    }
  }
  state_.Forget(body);
  machine_.Close(id);
}

/// The failure that a body leaves to its owner: that which ended it, or that of the only stage of a
/// route, if it was tolerated or recovered.
void Interpreter::TakeFailure(const Instance& body) {
  switch (body.end) {
    case InstanceEnd::Failed:
      return RecordFailure(body.owner, state_.details(body.failed_slot).failure.value());
    case InstanceEnd::TimedOut: {
      const int64_t timeout = plan_.policy_of(RowOf(body.owner)).timeout_ns();
      return RecordFailure(body.owner, MakeFailure(FailureCode::Timeout, TimeoutMessage(timeout)));
    }
    case InstanceEnd::Completed: {
      const plan::fb::Region& region = plan_.regions[body.region];
      if (!region.is_single() || !plan::RuleOf(region.kind()).is_attempt) return;
      const SlotId inner = body.slots.front();
      const NodeStatus status = machine_.status(inner);
      if (status != NodeStatus::Tolerated && status != NodeStatus::Recovered) return;
      return RecordFailure(body.owner, state_.details(inner).failure.value());
    }
    case InstanceEnd::Cancelled:
      return;
  }
}

/// Ends the owner of a body with the output of the body: that of its only stage, or that of its
/// output expression.
void Interpreter::FormOutputOf(InstanceId id) {
  const Instance& body = machine_.instances()[id];
  const plan::fb::Region& region = plan_.regions[body.region];
  const SlotId owner = body.owner;
  const bool recovers = plan::RuleOf(region.kind()).recovers;
  if (region.is_single()) {
    const SlotId inner = body.slots.front();
    const bool is_recovery = recovers || machine_.status(inner) == NodeStatus::Recovered;
    const Value output = state_.output(inner);
    return is_recovery ? RecoverWith(owner, output) : FinishWith(owner, output);
  }
  Result<Value, Failure> output =
      state_.Evaluate(ProgramId(region.output()), EvaluationContext{.instance = id});
  if (output) {
    return recovers ? RecoverWith(owner, *std::move(output))
                    : FinishWith(owner, *std::move(output));
  }
  Failure failure =
      MakeFailure(FailureCode::NoOutput,
                  fmt::format("the body's output cannot be formed: {}", output.error().message));
  return recovers ? FailFinally(owner, std::move(failure))
                  : Fail(owner, std::move(failure), MayRetry::Yes);
}

// How stages end

void Interpreter::FinishCall(SlotId slot, CallResult result) {
  const bool is_agent = plan::CalleeOf(RowOf(slot)) == Callee::Agent;
  if (!is_agent && result.exit) {
    state_.details(slot).ended = {.exit = *result.exit,
                                  .stdout_text = Value::String(result.stdout_text),
                                  .stderr_text = Value::String(result.stderr_text)};
  }
  if (result.failure) return Fail(slot, *std::move(result.failure), MayRetry::Yes);
  // Without a schema, the stages that read an agent's output rely on a string.
  if (is_agent && !SchemaOf(plan_, NodeOf(slot)).has_value() && !result.output.is_string()) {
    return Fail(
        slot,
        MakeFailure(FailureCode::Schema,
                    "the answer is not a text, as it must be of an agent without `returns`"),
        MayRetry::Yes);
  }
  FinishWith(slot, std::move(result.output));
}

/// Ends an attempt with its output or failure; checks the output against the stage's schema.
void Interpreter::FinishWith(SlotId slot, Result<Value, Failure> output) {
  if (!output) return Fail(slot, output.error(), MayRetry::Yes);
  if (const SchemaId schema = SchemaOf(plan_, NodeOf(slot)); schema.has_value()) {
    const auto mismatches =
        plan_.validator().Validate(plan_.schemas[schema].entry(), output.value());
    if (!mismatches.empty()) {
      return Fail(slot, SchemaFailure("the output", mismatches), MayRetry::Yes);
    }
  }
  if (auto failure = ChooseBy(slot, output.value())) {
    return Fail(slot, *std::move(failure), MayRetry::Yes);
  }
  Succeed(slot, *std::move(output), HasOutput::Yes);
}

void Interpreter::Succeed(SlotId slot, Value output, HasOutput has_output) {
  state_.set_output(slot, std::move(output));
  machine_.Succeed(slot, has_output);
  RecordSettled(slot);
}

void Interpreter::RecoverWith(SlotId slot, Value output) {
  if (auto failure = ChooseBy(slot, output)) return FailFinally(slot, *std::move(failure));
  state_.set_output(slot, std::move(output));
  machine_.Recover(slot);
  RecordSettled(slot);
}

void Interpreter::Fail(SlotId slot, Failure failure, MayRetry may_retry) {
  const FailureCode code = failure.code;
  RecordFailure(slot, std::move(failure));
  machine_.AdvanceTo(Now());
  Follow(slot, machine_.FailAttempt(slot, code, may_retry));
}

/// Does what follows from a failed attempt, of which the failure has been recorded.
void Interpreter::Follow(SlotId slot, const FailureAction& action) {
  switch (action.kind) {
    case FailureAction::Kind::Settled:
      RecordAttemptFailed(slot, std::nullopt);
      return RecordSettled(slot);
    case FailureAction::Kind::Retry:
      RecordAttemptFailed(slot, action.delay_ns);
      Activate(slot);  // its time counts from the first attempt
      return;
    case FailureAction::Kind::Value: {
      RecordAttemptFailed(slot, std::nullopt);
      const ProgramId program(plan_.policy_of(RowOf(slot)).on_error_value());
      Result<Value, Failure> value = state_.Evaluate(program, PlaceOf(slot));
      if (!value) return FailFinally(slot, value.error());
      return RecoverWith(slot, *std::move(value));
    }
    case FailureAction::Kind::Fallback: {
      RecordAttemptFailed(slot, std::nullopt);
      Record(EventType::FallbackStarted, slot, nullptr);
      return EnterBody(slot, RegionId(plan_.policy_of(RowOf(slot)).fallback()));
    }
  }
}

void Interpreter::FailFinally(SlotId slot, Failure failure) {
  const FailureCode code = failure.code;
  RecordFailure(slot, std::move(failure));
  machine_.FailFinally(slot, code);
  RecordSettled(slot);
}

}  // namespace wfc::runtime
