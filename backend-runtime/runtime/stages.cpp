// The part of the interpreter that evaluates stages in place (transform, decide, assert, fail),
// ends bodies, and decides what follows from the end of a stage.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/callee.h"
#include "backend-runtime/runtime/interpreter.h"
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

void Interpreter::RunTransform(NodeId node) {
  FinishWith(node, state_.Evaluate(ProgramId(plan_.nodes[node].payload()), PlaceOf(node)));
}

void Interpreter::RunAssert(NodeId node) {
  const plan::fb::Assert& assertion = plan_.assert_of(plan_.nodes[node]);
  const Result<bool, Failure> holds =
      state_.EvaluateCondition(ProgramId(assertion.program()), PlaceOf(node));
  if (!holds) return Fail(node, holds.error(), MayRetry::Yes);
  if (*holds) return Succeed(node, Value::Null(), HasOutput::No);
  std::string message = "the assertion does not hold";
  if (const ProgramId own(assertion.message()); own.has_value()) {
    const auto text = state_.EvaluateText(own, PlaceOf(node));
    if (!text) return Fail(node, text.error(), MayRetry::Yes);
    message = *text;
  }
  Fail(node, MakeFailure(FailureCode::Assertion, std::move(message)), MayRetry::Yes);
}

void Interpreter::RunFail(NodeId node) {
  const auto text = state_.EvaluateText(ProgramId(plan_.nodes[node].payload()), PlaceOf(node));
  Fail(node, text ? MakeFailure(FailureCode::Assertion, *text) : text.error(), MayRetry::Yes);
}

// Decides

void Interpreter::RunDecide(NodeId node) {
  Result<Choice, Failure> choice = Decide(node);
  if (!choice) return Fail(node, choice.error(), MayRetry::Yes);
  const plan::fb::Route& route = plan_.routes[choice->route];
  if (route.kind() == RouteKind::Region) {
    RecordChoice(node, choice->route);
    return EnterBody(node, RegionId(route.region()));
  }
  if (ChoosesBodies(node)) {
    RecordChoice(node, choice->route);
    return Succeed(node, Value::Null(), HasOutput::No);
  }
  FinishWith(node, std::move(choice->output));
}

Result<Interpreter::Choice, Failure> Interpreter::Decide(NodeId node) const {
  const plan::fb::Decide& decide = plan_.decide_of(plan_.nodes[node]);
  if (decide.is_case_list()) return DecideCase(node);
  const Result<Value, Failure> subject =
      state_.Evaluate(ProgramId(decide.subject()), PlaceOf(node));
  if (!subject) return subject.error();
  return Match(node, *subject);
}

Result<Interpreter::Choice, Failure> Interpreter::DecideCase(NodeId node) const {
  const plan::fb::Decide& decide = plan_.decide_of(plan_.nodes[node]);
  for (const RouteId route : plan::RoutesOf(decide)) {
    bool holds = true;
    if (const ProgramId condition(plan_.routes[route].when()); condition.has_value()) {
      const auto when = state_.EvaluateCondition(condition, PlaceOf(node));
      if (!when) return when.error();
      holds = *when;
    }
    if (holds) return Choice{.route = route, .output = OrdinalOf(decide, route)};
  }
  return MakeFailure(FailureCode::NoRoute, "no case holds, and there is no case without `when`");
}

/// The route that `subject` selects: by key, or in a list of cases by index.
Result<Interpreter::Choice, Failure> Interpreter::Match(NodeId node, const Value& subject) const {
  const plan::fb::Decide& decide = plan_.decide_of(plan_.nodes[node]);
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

bool Interpreter::ChoosesBodies(NodeId node) const {
  const plan::fb::Decide& decide = plan_.decide_of(plan_.nodes[node]);
  const auto routes = plan::PlanTables::Slice(plan_.routes, decide.routes());
  return std::ranges::any_of(
      routes, [](const plan::fb::Route& route) { return route.kind() == RouteKind::Region; });
}

/// Sets `.chosen`: the ids of the targets, or the key or index of the chosen body.
void Interpreter::RecordChoice(NodeId node, RouteId id) {
  const plan::fb::Decide& decide = plan_.decide_of(plan_.nodes[node]);
  const plan::fb::Route& route = plan_.routes[id];
  Value chosen;
  if (!ChoosesBodies(node)) {
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
  state_.details(node).chosen = std::move(chosen);
  RecordChosen(node, id);
}

/// If the node is a decide whose routes are stages, chooses the route that `output` selects. Called
/// just before the node settles. Fails if no route matches.
std::optional<Failure> Interpreter::ChooseBy(NodeId node, const Value& output) {
  if (!plan_.is_decide(plan_.nodes[node]) || ChoosesBodies(node)) return std::nullopt;
  const Result<Choice, Failure> choice = Match(node, output);
  if (!choice) return choice.error();
  RecordChoice(node, choice->route);
  machine_.Choose(plan_.targets_of(plan_.routes[choice->route]));
  return std::nullopt;
}

// Bodies

void Interpreter::EnterBody(NodeId node, RegionId region) {
  Active& active = Activate(node);
  active.body = region;
  const int64_t timeout = plan_.policy_of(node).timeout_ns();
  if (timeout != 0 && plan::RuleOf(plan_.regions[region].kind()).is_attempt) {
    const int64_t at = parts_.reactor.clock().Now() + timeout;
    active.timer = parts_.reactor.StartTimer(at, [this, node] { OnTimeout(node); });
  }
  machine_.EnterBody(node, region);
}

void Interpreter::EndBody(RegionId region) {
  const plan::fb::Region& body = plan_.regions[region];
  const NodeId owner(body.owner());
  StopTimer(active_.at(owner));
  switch (machine_.region_end(region)) {
    case StateMachine::RegionEnd::Completed:
      return body.is_single() ? EndSingleStageBody(region) : EndMultiStageBody(region);
    case StateMachine::RegionEnd::Failed: {
      const auto failure = state_.details(machine_.failed_node(region)).failure;
      return FailBody(region, failure.value(), MayRetry::Yes);
    }
    case StateMachine::RegionEnd::TimedOut: {
      const int64_t timeout = plan_.policy_of(owner).timeout_ns();
      return FailBody(region, MakeFailure(FailureCode::Timeout, TimeoutMessage(timeout)),
                      MayRetry::Yes);
    }
    case StateMachine::RegionEnd::Cancelled:
      machine_.EndCancelled(owner);
      return RecordSettled(owner);
  }
}

/// If the only stage of a route was tolerated or recovered, its owner takes over the failure.
void Interpreter::TakeFailure(NodeId owner, NodeId inner) {
  const NodeStatus status = machine_.status(inner);
  if (status != NodeStatus::Tolerated && status != NodeStatus::Recovered) return;
  RecordFailure(owner, state_.details(inner).failure.value());
}

/// A body of one stage gives its status and output to its owner. A fallback that yields no output
/// does not recover its owner: the owner's failure stands, unless the stage tolerates its own.
void Interpreter::EndSingleStageBody(RegionId region) {
  const plan::fb::Region& body = plan_.regions[region];
  const NodeId owner(body.owner());
  const NodeId inner = plan::NodesOf(body).front();
  const BodyRule& rule = plan::RuleOf(body.kind());
  if (rule.is_attempt) TakeFailure(owner, inner);
  if (machine_.has_output(inner)) {
    const Value output = state_.output(inner);
    const bool is_recovery = rule.recovers || machine_.status(inner) == NodeStatus::Recovered;
    return is_recovery ? RecoverWith(owner, output) : FinishWith(owner, output);
  }
  const NodeStatus status = machine_.status(inner);
  if (rule.recovers && status != NodeStatus::Tolerated) {
    return FailFinally(owner, state_.details(owner).failure.value());
  }
  machine_.SettleLike(owner, inner);
  RecordSettled(owner);
}

void Interpreter::EndMultiStageBody(RegionId region) {
  const plan::fb::Region& body = plan_.regions[region];
  const NodeId owner(body.owner());
  const bool recovers = plan::RuleOf(body.kind()).recovers;
  const ProgramId program(body.output());
  if (!program.has_value()) {
    return recovers ? FailFinally(owner, state_.details(owner).failure.value())
                    : Succeed(owner, Value::Null(), HasOutput::No);
  }
  Result<Value, Failure> output = state_.Evaluate(program, EvaluationContext{.region = region});
  if (!output) {
    return FailBody(
        region,
        MakeFailure(FailureCode::NoOutput,
                    fmt::format("the body's output cannot be formed: {}", output.error().message)),
        MayRetry::Yes);
  }
  return recovers ? RecoverWith(owner, *std::move(output)) : FinishWith(owner, *std::move(output));
}

void Interpreter::FailBody(RegionId region, Failure failure, MayRetry may_retry) {
  const plan::fb::Region& body = plan_.regions[region];
  const NodeId owner(body.owner());
  if (plan::RuleOf(body.kind()).recovers) return FailFinally(owner, std::move(failure));
  Fail(owner, std::move(failure), may_retry);
}

// How stages end

void Interpreter::FinishCall(NodeId node, CallResult result) {
  const bool is_agent = plan::CalleeOf(plan_.nodes[node]) == Callee::Agent;
  if (!is_agent && result.exit) {
    state_.details(node).ended = {.exit = *result.exit,
                                  .stdout_text = Value::String(result.stdout_text),
                                  .stderr_text = Value::String(result.stderr_text)};
  }
  if (result.failure) return Fail(node, *std::move(result.failure), MayRetry::Yes);
  // Without a schema, the stages that read an agent's output rely on a string.
  if (is_agent && !SchemaOf(plan_, node).has_value() && !result.output.is_string()) {
    return Fail(
        node,
        MakeFailure(FailureCode::Schema,
                    "the answer is not a text, as it must be of an agent without `returns`"),
        MayRetry::Yes);
  }
  FinishWith(node, std::move(result.output));
}

/// Ends an attempt with its output or failure; checks the output against the stage's schema.
void Interpreter::FinishWith(NodeId node, Result<Value, Failure> output) {
  if (!output) return Fail(node, output.error(), MayRetry::Yes);
  if (const SchemaId schema = SchemaOf(plan_, node); schema.has_value()) {
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

void Interpreter::Succeed(NodeId node, Value output, HasOutput has_output) {
  state_.set_output(node, std::move(output));
  machine_.Succeed(node, has_output);
  RecordSettled(node);
}

void Interpreter::RecoverWith(NodeId node, Value output) {
  if (auto failure = ChooseBy(node, output)) return FailFinally(node, *std::move(failure));
  state_.set_output(node, std::move(output));
  machine_.Recover(node);
  RecordSettled(node);
}

void Interpreter::Fail(NodeId node, Failure failure, MayRetry may_retry) {
  const FailureCode code = failure.code;
  RecordFailure(node, std::move(failure));
  const FailureAction action = machine_.FailAttempt(node, code, may_retry);
  switch (action.kind) {
    case FailureAction::Kind::Settled:
      RecordAttemptFailed(node, std::nullopt);
      return RecordSettled(node);
    case FailureAction::Kind::Retry:
      return BackOff(node, action.delay_ns);
    case FailureAction::Kind::Value: {
      RecordAttemptFailed(node, std::nullopt);
      const ProgramId program(plan_.policy_of(node).on_error_value());
      Result<Value, Failure> value = state_.Evaluate(program, PlaceOf(node));
      if (!value) return FailFinally(node, value.error());
      return RecoverWith(node, *std::move(value));
    }
    case FailureAction::Kind::Fallback: {
      RecordAttemptFailed(node, std::nullopt);
      Record(EventType::FallbackStarted, node, nullptr);
      return EnterBody(node, RegionId(plan_.policy_of(node).fallback()));
    }
  }
}

void Interpreter::FailFinally(NodeId node, Failure failure) {
  RecordFailure(node, std::move(failure));
  machine_.FailFinally(node);
  RecordSettled(node);
}

void Interpreter::BackOff(NodeId node, int64_t delay_ns) {
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
