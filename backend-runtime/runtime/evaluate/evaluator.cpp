#include "backend-runtime/runtime/evaluate/evaluator.h"

#include <utility>

#include <fmt/core.h>

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/evaluate/callee.h"
#include "ir/value/json.h"

namespace wfc::runtime {
namespace {

using plan::fb::RouteKind;
using plan::fb::Verb;

Failure MakeFailure(FailureCode code, std::string message) {
  return {.code = code, .message = std::move(message), .details = {}};
}

/// The position of the route among the decide's routes, from 0.
Value OrdinalOf(const plan::fb::Decide& decide, RouteId route) {
  return Value::Int(route.index() - decide.routes().first());
}

/// What becomes of the call after a crash. A model's answer costs money, but changes nothing.
CallClass ClassOf(const plan::PlanView& plan, NodeId node, const Call& call) {
  if (std::holds_alternative<ModelCall>(call.target)) return CallClass::Paid;
  const Effect effect = EffectOf(plan, node);
  if (effect <= Effect::Read) return CallClass::Repeatable;
  return IsIdempotent(plan, node) ? CallClass::Keyed : CallClass::Unkeyed;
}

Value Describe(const CommandCall& command) {
  std::vector<Value> words;
  for (const std::string& word : command.argv) words.push_back(Value::String(word));
  return Value::Record(
      {{"argv", Value::List(std::move(words))}, {"cwd", Value::String(command.cwd)}});
}

Value Describe(const plan::PlanView& plan, const Call& call) {
  if (const auto* command = std::get_if<CommandCall>(&call.target)) return Describe(*command);
  if (const auto* builtin = std::get_if<BuiltinCall>(&call.target)) {
    return Value::Record({{"arguments", builtin->arguments},
                          {"builtin", Value::String(GetInfo(builtin->builtin).name)}});
  }
  const plan::fb::Model& model = plan.models[std::get<ModelCall>(call.target).model];
  return Value::Record({{"model", Value::String(plan.text(StringId(model.name())))}});
}

}  // namespace

Beginning Evaluator::Begin(SlotId slot, bool is_retry) const {
  if (!is_retry) {
    if (auto end = CheckCondition(slot)) return *std::move(end);
  }
  switch (RowOf(slot).verb()) {
    case Verb::Transform:
      return Finish(slot, state_.Evaluate(ProgramId(RowOf(slot).payload()), PlaceOf(slot)));
    case Verb::Assert:
      return RunAssert(slot);
    case Verb::Fail:
      return RunFail(slot);
    case Verb::Decide:
      return RunDecide(slot);
    case Verb::Agent:
    case Verb::Tool:
    case Verb::Run:
      return BeginCall(slot);
  }
  WFC_CHECK(false);  // the verifier knows all verbs
}

/// Nothing if the `if` holds, or there is none.
std::optional<Record> Evaluator::CheckCondition(SlotId slot) const {
  const ProgramId condition(RowOf(slot).condition());
  if (!condition.has_value()) return std::nullopt;
  const Result<bool, Failure> holds = state_.EvaluateCondition(condition, PlaceOf(slot));
  if (holds) return *holds ? std::nullopt : std::optional(Make(FactType::SkippedByIf, slot));
  Record failed = Fail(slot, holds.error());
  failed.fact.may_retry = MayRetry::No;
  return failed;
}

Record Evaluator::RunAssert(SlotId slot) const {
  const plan::fb::Assert& assertion = plan_.assert_of(RowOf(slot));
  const Result<bool, Failure> holds =
      state_.EvaluateCondition(ProgramId(assertion.program()), PlaceOf(slot));
  if (!holds) return Fail(slot, holds.error());
  if (*holds) {
    Record succeeded = Succeed(slot, Value::Null(), {});
    succeeded.fact.has_output = HasOutput::No;
    return succeeded;
  }
  std::string message = "the assertion does not hold";
  if (const ProgramId own(assertion.message()); own.has_value()) {
    const auto text = state_.EvaluateText(own, PlaceOf(slot));
    if (!text) return Fail(slot, text.error());
    message = *text;
  }
  return Fail(slot, MakeFailure(FailureCode::Assertion, std::move(message)));
}

Record Evaluator::RunFail(SlotId slot) const {
  const auto text = state_.EvaluateText(ProgramId(RowOf(slot).payload()), PlaceOf(slot));
  return Fail(slot, text ? MakeFailure(FailureCode::Assertion, *text) : text.error());
}

// Decides

Record Evaluator::RunDecide(SlotId slot) const {
  Result<Choice, Failure> choice = Decide(slot);
  if (!choice) return Fail(slot, choice.error());
  const plan::fb::Route& route = plan_.routes[choice->route];
  if (route.kind() == RouteKind::Region) {
    Record entered = Make(FactType::BodyEntered, slot);
    entered.fact.region = RegionId(route.region());
    entered.fact.route = choice->route;
    return entered;
  }
  if (!plan_.ChoosesBodies(plan_.decide_of(RowOf(slot)))) {
    return Finish(slot, std::move(choice->output));
  }
  Record succeeded = Succeed(slot, Value::Null(), choice->route);
  succeeded.fact.has_output = HasOutput::No;
  return succeeded;
}

Result<Evaluator::Choice, Failure> Evaluator::Decide(SlotId slot) const {
  const plan::fb::Decide& decide = plan_.decide_of(RowOf(slot));
  if (decide.is_case_list()) return DecideCase(slot);
  const Result<Value, Failure> subject =
      state_.Evaluate(ProgramId(decide.subject()), PlaceOf(slot));
  if (!subject) return subject.error();
  return Match(slot, *subject);
}

Result<Evaluator::Choice, Failure> Evaluator::DecideCase(SlotId slot) const {
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
Result<Evaluator::Choice, Failure> Evaluator::Match(SlotId slot, const Value& subject) const {
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

/// If the slot is a decide whose routes are stages, the route that `output` selects; otherwise
/// none. Fails if no route matches.
Result<RouteId, Failure> Evaluator::ChooseBy(SlotId slot, const Value& output) const {
  const bool chooses =
      plan_.is_decide(RowOf(slot)) && !plan_.ChoosesBodies(plan_.decide_of(RowOf(slot)));
  if (!chooses) return RouteId();
  const Result<Choice, Failure> choice = Match(slot, output);
  if (!choice) return choice.error();
  return choice->route;
}

// Calls

Beginning Evaluator::BeginCall(SlotId slot) const {
  const NodeId node = NodeOf(slot);
  auto authority =
      std::make_unique<const Authority>(grants_.Make(slot, node, EffectOf(plan_, node)));
  Request request = requests_.Build(node, machine_.instances().instance_of(slot), *authority);
  if (const auto* failure = std::get_if<Failure>(&request)) return Fail(slot, *failure);
  if (auto* immediate = std::get_if<Immediate>(&request)) {
    Record ended = Finish(slot, std::move(immediate->output));
    ended.is_simulated = immediate->is_simulated;
    ended.command = std::move(immediate->ended);
    return ended;
  }
  PreparedCall prepared{.announcement = Make(FactType::Began, slot),
                        .call = {.id = {},
                                 .site = {.node = node,
                                          .attempt = 1 + state_.AttemptOf(slot),
                                          .stage = plan_.name(node)},
                                 .authority = authority.get(),
                                 .target = {}},
                        .authority = nullptr};
  if (auto* command = std::get_if<CommandCall>(&request)) {
    prepared.call.target = std::move(*command);
  } else if (auto* builtin = std::get_if<BuiltinCall>(&request)) {
    prepared.call.target = std::move(*builtin);
  } else {
    prepared.call.target = std::get<ModelCall>(std::move(request));
  }
  prepared.call.call_class = ClassOf(plan_, node, prepared.call);
  prepared.announcement.fact.call_class = prepared.call.call_class;
  prepared.announcement.value = Describe(plan_, prepared.call);
  if (redactor_ != nullptr && !redactor_->empty()) {
    prepared.announcement.value = redactor_->Redact(prepared.announcement.value);
  }
  prepared.authority = std::move(authority);
  return prepared;
}

Record Evaluator::EndCall(SlotId slot, CallResult result, bool has_timed_out) const {
  HideSecrets(result);
  const int64_t timeout = TimeoutOf(plan_, NodeOf(slot));
  // An attempt that ran past its timeout has been cancelled. One that ended in time fails as well
  // if parsing its output took it past the timeout.
  const bool was_read_late = timeout != 0 && result.running_time <= timeout &&
                             result.reading_time > timeout - result.running_time;
  if ((has_timed_out && result.failure) || (was_read_late && !result.failure)) {
    result.exit.reset();
    result.failure =
        Failure{.code = FailureCode::Timeout,
                .message = TimeoutMessage(timeout),
                .details = {},
                .printed = result.failure ? std::move(result.failure->printed) : std::string()};
  }
  const bool is_agent = plan::CalleeOf(RowOf(slot)) == Callee::Agent;
  std::optional<EndedCommand> command;
  if (!is_agent && result.exit) {
    command = {.exit = *result.exit,
               .stdout_text = Value::String(result.stdout_text),
               .stderr_text = Value::String(result.stderr_text)};
  }
  // Without a schema, the stages that read an agent's output rely on a string.
  const bool is_no_text = is_agent && !result.failure && !result.output.is_string() &&
                          !SchemaOf(plan_, NodeOf(slot)).has_value();
  if (is_no_text) {
    result.failure =
        MakeFailure(FailureCode::Schema,
                    "the answer is not a text, as it must be of an agent without `returns`");
  }
  Record ended = result.failure ? Fail(slot, *std::move(result.failure))
                                : Finish(slot, std::move(result.output));
  ended.command = std::move(command);
  return ended;
}

/// Later stages and the records get the same redacted value.
void Evaluator::HideSecrets(CallResult& result) const {
  if (redactor_ == nullptr || redactor_->empty()) return;
  result.output = redactor_->Redact(result.output);
  result.stdout_text = redactor_->Redact(result.stdout_text);
  result.stderr_text = redactor_->Redact(result.stderr_text);
  if (!result.failure) return;
  result.failure->message = redactor_->Redact(result.failure->message);
  result.failure->details = redactor_->Redact(result.failure->details);
  result.failure->printed = redactor_->Redact(result.failure->printed);
}

// Recourse, bodies, and the end of the run

Record Evaluator::TakeRecourse(SlotId slot) const {
  const plan::fb::Policy& policy = plan_.policy_of(RowOf(slot));
  if (policy.on_error() == plan::fb::OnError::Fallback) {
    Record entered = Make(FactType::BodyEntered, slot);
    entered.fact.region = RegionId(policy.fallback());
    return entered;
  }
  Result<Value, Failure> value = state_.Evaluate(ProgramId(policy.on_error_value()), PlaceOf(slot));
  return value ? Recover(slot, *std::move(value)) : FailFinally(slot, value.error());
}

/// The output of a body is that of its only stage, or that of its output expression.
Record Evaluator::FormOutput(InstanceId id) const {
  const Instance& body = machine_.instances()[id];
  const plan::fb::Region& region = plan_.regions[body.region];
  const SlotId owner = body.owner;
  const bool recovers = plan::RuleOf(region.kind()).recovers;
  if (region.is_single()) {
    const SlotId inner = body.slots.front();
    const bool is_recovery = recovers || machine_.status(inner) == NodeStatus::Recovered;
    const Value& output = state_.output(inner);
    return is_recovery ? Recover(owner, output) : Finish(owner, output);
  }
  Result<Value, Failure> output =
      state_.Evaluate(ProgramId(region.output()), EvaluationContext{.instance = id});
  if (output) {
    return recovers ? Recover(owner, *std::move(output)) : Finish(owner, *std::move(output));
  }
  Failure failure =
      MakeFailure(FailureCode::NoOutput,
                  fmt::format("the body's output cannot be formed: {}", output.error().message));
  return recovers ? FailFinally(owner, std::move(failure)) : Fail(owner, std::move(failure));
}

Record Evaluator::EndRun() const {
  Record ended{.fact = {.type = FactType::RunEnded}, .status = machine_.outcome()};
  const ProgramId output(plan_.root().output());
  if (ended.status == RunStatus::Failed) {
    const SlotId failed = machine_.instances().workflow().failed_slot;
    if (const Failure* failure = state_.FindFailure(failed)) ended.failure = *failure;
  } else if (ended.status != RunStatus::Cancelled && output.has_value()) {
    Result<Value, Failure> value = FormRunOutput(output);
    if (value) {
      ended.value = *std::move(value);
    } else {
      ended.failure = value.error();
      ended.status = RunStatus::Failed;
    }
  }
  if (ended.failure) ended.fact.code = ended.failure->code;
  return ended;
}

Result<Value, Failure> Evaluator::FormRunOutput(ProgramId output) const {
  Result<Value, Failure> value = state_.Evaluate(output, EvaluationContext{});
  if (!value) {
    return MakeFailure(
        FailureCode::NoOutput,
        fmt::format("the workflow's output cannot be formed: {}", value.error().message));
  }
  const SchemaId returns(plan_.root().returns());
  if (!returns.has_value()) return value;
  const auto mismatches = plan_.validator().Validate(plan_.schemas[returns].entry(), *value);
  if (!mismatches.empty()) return SchemaFailure("the output", mismatches);
  return value;
}

// Records

Record Evaluator::Make(FactType type, SlotId slot) const {
  return {.fact = {.type = type, .slot = machine_.NameOf(slot)}};
}

Record Evaluator::Succeed(SlotId slot, Value output, RouteId route) const {
  Record record = Make(FactType::Succeeded, slot);
  record.fact.route = route;
  record.value = std::move(output);
  return record;
}

/// Ends an attempt with its output or failure; checks the output against the stage's schema.
Record Evaluator::Finish(SlotId slot, Result<Value, Failure> output) const {
  if (!output) return Fail(slot, output.error());
  if (const SchemaId schema = SchemaOf(plan_, NodeOf(slot)); schema.has_value()) {
    const auto mismatches =
        plan_.validator().Validate(plan_.schemas[schema].entry(), output.value());
    if (!mismatches.empty()) return Fail(slot, SchemaFailure("the output", mismatches));
  }
  const Result<RouteId, Failure> route = ChooseBy(slot, output.value());
  return route ? Succeed(slot, *std::move(output), *route) : Fail(slot, route.error());
}

Record Evaluator::Recover(SlotId slot, Value output) const {
  const Result<RouteId, Failure> route = ChooseBy(slot, output);
  if (!route) return FailFinally(slot, route.error());
  Record record = Succeed(slot, std::move(output), *route);
  record.fact.is_recovery = true;
  return record;
}

Record Evaluator::Fail(SlotId slot, Failure failure) const {
  Record record = Make(FactType::AttemptFailed, slot);
  record.fact.code = failure.code;
  record.failure = std::move(failure);
  return record;
}

Record Evaluator::FailFinally(SlotId slot, Failure failure) const {
  Record record = Fail(slot, std::move(failure));
  record.fact.type = FactType::FailedFinally;
  return record;
}

}  // namespace wfc::runtime
