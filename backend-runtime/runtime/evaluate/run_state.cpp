#include "backend-runtime/runtime/evaluate/run_state.h"

#include <fmt/core.h>

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/evaluate/callee.h"
#include "backend-runtime/runtime/evaluate/grants.h"
#include "ir/value/data.h"
#include "ir/value/json.h"

namespace wfc::runtime {
namespace {

/// The stage's id: the last part of its path.
std::string_view LastPart(std::string_view path) {
  return path.substr(path.rfind('.') + 1);
}

Failure ExpressionFailure(std::string message) {
  return {.code = FailureCode::Expression, .message = std::move(message), .details = {}};
}

std::string ToText(const Value& value) {
  return value.is_string() ? std::string(value.AsString()) : WriteJson(value);
}

}  // namespace

class RunState::Context : public LoadContext {
 public:
  Context(const RunState& state, const EvaluationContext& place) : state_(state), place_(place) {}

  const Value& Load(const Root& root, Value& made) override {
    if (const Value* kept = FindKept(root)) return *kept;
    return made = Make(root);
  }

  /// The failure of the last secret that was read and is not granted or not set.
  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }

 private:
  /// A value that the state holds as it is; null for roots that must be made.
  [[nodiscard]] const Value* FindKept(const Root& root) const {
    if (root.kind == RootKind::Input) return &state_.inputs_.input;
    if (root.kind == RootKind::Var) return &state_.inputs_.vars[plan::VarId(root.a)];
    if (root.kind == RootKind::With) return place_.with;
    return IsStageOutput(root) ? state_.FindOutput(place_.instance, NodeId(root.a)) : nullptr;
  }

  Value Make(const Root& root) {
    switch (root.kind) {
      case RootKind::Vars:
        return state_.LoadVars();
      case RootKind::RunField:
        return state_.LoadRunField(static_cast<RunField>(root.a));
      case RootKind::StageField:
        return state_.LoadStageField(place_.instance, NodeId(root.a), StageFieldOf(root));
      case RootKind::With:
        return Value::Absent("there is no `with` here");
      case RootKind::Error:
        return state_.LoadError(place_.instance);
      case RootKind::Secret:
        return LoadSecret(SecretId(root.a));
      case RootKind::Input:
      case RootKind::Var:
      case RootKind::Output:
      case RootKind::Item:
      case RootKind::Index:
      case RootKind::Last:
      case RootKind::Round:
      case RootKind::Param:
      case RootKind::Memory:
        break;
    }
    return Value::Absent("not known here");
  }

  Value LoadSecret(SecretId secret) {
    const std::string_view name = state_.plan_.name(state_.plan_.secrets[secret]);
    const bool is_allowed =
        place_.authority != nullptr && place_.authority->Check(Capability::Secret, name);
    const std::optional<std::string>& value = state_.inputs_.secrets[secret];
    if (is_allowed && value.has_value()) {
      return Value::String(*value);
    }
    failure_ = Failure{
        .code = is_allowed ? FailureCode::Auth : FailureCode::Denied,
        .message = fmt::format("secret `{}` is not {}", name, is_allowed ? "set" : "allowed"),
        .details = {}};
    return Value::Error(EvalError::Argument, failure_->message);
  }

  const RunState& state_;
  const EvaluationContext& place_;
  std::optional<Failure> failure_;
};

RunState::RunState(const plan::PlanView& plan, const StateMachine& machine, RunIdentity identity,
                   Inputs inputs)
    : plan_(plan),
      machine_(machine),
      identity_(std::move(identity)),
      inputs_(std::move(inputs)),
      outputs_(machine.instances().slot_count()) {}

Result<Value, Failure> RunState::EvaluateRaw(ProgramId program,
                                             const EvaluationContext& place) const {
  Context context(*this, place);
  Value value = wfc::Evaluate(plan_.program(program), context);
  if (context.failure()) return *context.failure();
  if (value.is_error()) return ExpressionFailure(std::string(value.error_message()));
  return value;
}

Result<std::optional<Value>, Failure> RunState::EvaluateOptional(
    ProgramId program, const EvaluationContext& place) const {
  Result<Value, Failure> value = EvaluateRaw(program, place);
  if (!value) return value.error();
  if (value->is_data()) return std::optional(*std::move(value));
  std::optional<Value> data = ToData(*value);
  if (data && data->is_error()) return ExpressionFailure(std::string(data->error_message()));
  return data;
}

Result<Value, Failure> RunState::Evaluate(ProgramId program, const EvaluationContext& place) const {
  Result<std::optional<Value>, Failure> value = EvaluateOptional(program, place);
  if (!value) return value.error();
  return (*std::move(value)).value_or(Value::Null());
}

Result<bool, Failure> RunState::EvaluateCondition(ProgramId program,
                                                  const EvaluationContext& place) const {
  const Result<Value, Failure> value = EvaluateRaw(program, place);
  if (!value) return value.error();
  if (value->kind() == Kind::Bool) return value->AsBool();
  return ExpressionFailure(
      fmt::format("expected true or false, found a value of type {}", GetName(value->kind())));
}

Result<std::string, Failure> RunState::EvaluateText(ProgramId program,
                                                    const EvaluationContext& place) const {
  Result<std::optional<std::string>, Failure> text = EvaluateOptionalText(program, place);
  if (!text) return text.error();
  if (text->has_value()) return **std::move(text);
  return ExpressionFailure("an empty optional has no text");
}

Result<std::optional<std::string>, Failure> RunState::EvaluateOptionalText(
    ProgramId program, const EvaluationContext& place) const {
  const Result<std::optional<Value>, Failure> value = EvaluateOptional(program, place);
  if (!value) return value.error();
  if (!value->has_value()) return std::optional<std::string>();
  return std::optional(ToText(**value));
}

// Records

void RunState::Apply(const Record& record, SlotId slot, bool begins) {
  const Fact& fact = record.fact;
  if (begins) ForgetAttempt(slot);
  if (record.command) details_[slot].command = record.command;
  if (fact.route.has_value() && IsRouteOf(fact.slot.node, fact.route)) {
    details_[slot].chosen = ChosenBy(fact.slot.node, fact.route);
  }
  switch (fact.type) {
    case FactType::Succeeded:
      SetOutput(slot, record.value);
      break;
    case FactType::AttemptFailed:
    case FactType::FailedFinally:
      SetFailure(slot, *record.failure);
      break;
    case FactType::RunStarted:
    case FactType::EpochBegan:
    case FactType::CancelAsked:
    case FactType::KillAsked:
    case FactType::Began:
    case FactType::SkippedByIf:
    case FactType::BodyEntered:
    case FactType::BodyTimedOut:
    case FactType::CallRepeated:
    case FactType::RunParked:
    case FactType::RunEnded:
      return;
  }
  const bool has_called = !begins && !fact.is_recovery && fact.type != FactType::FailedFinally;
  if (has_called && plan::CalleeOf(plan_.nodes[fact.slot.node]) == Callee::Agent) {
    ++model_calls_[fact.slot.node];
  }
}

void RunState::Apply(const Note& note) {
  switch (note.kind) {
    case Note::Kind::BodyEnded:
      return SetFailureOf(machine_.instances()[note.instance()]);
    case Note::Kind::BodyClosed:
      return Forget(machine_.instances()[note.instance()]);
    case Note::Kind::Skipped:
    case Note::Kind::Cancelled:
      return;
  }
}

void RunState::SetOutput(SlotId slot, const Value& output) {
  if (slot.index() >= outputs_.size()) outputs_.resize(machine_.instances().slot_count());
  outputs_[slot] = output;
}

void RunState::SetFailure(SlotId slot, Failure failure) {
  StageDetails& details = details_[slot];
  details.failed_attempt = AttemptOf(slot);
  details.failure = std::move(failure);
}

void RunState::TakeFailure(SlotId owner, SlotId inner) {
  if (const Failure* failure = FindFailure(inner)) SetFailure(owner, *failure);
}

/// The failure that a body leaves to its owner: that which ended it, or that of the only stage of a
/// route, if it was tolerated or recovered.
void RunState::SetFailureOf(const Instance& body) {
  switch (body.end) {
    case InstanceEnd::Failed:
      return TakeFailure(body.owner, body.failed_slot);
    case InstanceEnd::TimedOut: {
      const NodeId owner = machine_.instances().node_of(body.owner);
      return SetFailure(
          body.owner, {.code = FailureCode::Timeout,
                       .message = TimeoutMessage(plan_.policy_of(plan_.nodes[owner]).timeout_ns()),
                       .details = {}});
    }
    case InstanceEnd::Completed: {
      const plan::fb::Region& region = plan_.regions[body.region];
      if (!region.is_single() || !plan::RuleOf(region.kind()).is_attempt) return;
      const SlotId inner = body.slots.front();
      const NodeStatus status = machine_.status(inner);
      if (status != NodeStatus::Tolerated && status != NodeStatus::Recovered) return;
      return TakeFailure(body.owner, inner);
    }
    case InstanceEnd::Cancelled:
      return;
  }
}

/// Records may come from elsewhere.
bool RunState::IsRouteOf(NodeId node, RouteId route) const {
  if (!plan_.is_decide(plan_.nodes[node])) return false;
  const plan::fb::Range& routes = plan_.decide_of(plan_.nodes[node]).routes();
  return route.index() - routes.first() < routes.count();
}

/// The ids of the targets, or the key or index of the chosen body.
Value RunState::ChosenBy(NodeId node, RouteId id) const {
  const plan::fb::Decide& decide = plan_.decide_of(plan_.nodes[node]);
  const plan::fb::Route& route = plan_.routes[id];
  if (!plan_.ChoosesBodies(decide)) {
    std::vector<Value> ids;
    for (const NodeId target : plan_.targets_of(route)) {
      ids.push_back(Value::String(LastPart(plan_.name(target))));
    }
    return Value::List(std::move(ids));
  }
  if (decide.is_case_list()) return Value::Int(id.index() - decide.routes().first());
  const ConstantId key(route.key());
  return key.has_value() ? plan_.constant(key) : Value::String("default");
}

const StageDetails* RunState::FindDetails(SlotId slot) const {
  const auto found = details_.find(slot);
  return found == details_.end() ? nullptr : &found->second;
}

void RunState::ForgetAttempt(SlotId slot) {
  if (details_.empty()) return;
  const auto found = details_.find(slot);
  if (found == details_.end()) return;
  found->second.command.reset();
  found->second.chosen.reset();
}

/// Drops what the slots of an instance hold, but for the numbers of their attempts.
void RunState::Forget(const Instance& instance) {
  for (const SlotId slot : instance.slots) {
    const uint32_t attempts = machine_.attempts(slot);
    if (attempts != 0) earlier_attempts_[machine_.instances().node_of(slot)] += attempts;
    if (slot.index() < outputs_.size()) outputs_[slot] = Value::Null();
    details_.erase(slot);
  }
}

uint32_t RunState::AttemptOf(SlotId slot) const {
  const uint32_t attempts = machine_.attempts(slot);
  if (earlier_attempts_.empty()) return attempts;
  const auto earlier = earlier_attempts_.find(machine_.instances().node_of(slot));
  return earlier == earlier_attempts_.end() ? attempts : attempts + earlier->second;
}

uint32_t RunState::ModelCallsOf(NodeId node) const {
  const auto found = model_calls_.find(node);
  return found == model_calls_.end() ? 0 : found->second;
}

const Failure* RunState::FindFailure(SlotId slot) const {
  const StageDetails* details = FindDetails(slot);
  return details != nullptr && details->failure ? &*details->failure : nullptr;
}

Value RunState::LoadVars() const {
  std::vector<MapEntry> entries;
  entries.reserve(inputs_.vars.size());
  for (const plan::VarId var : inputs_.vars.ids()) {
    entries.push_back(
        {.key = Value::String(plan_.name(plan_.vars[var])), .value = inputs_.vars[var]});
  }
  return Value::Map(std::move(entries));
}

Value RunState::LoadRunField(RunField field) const {
  switch (field) {
    case RunField::Id:
      return Value::String(identity_.id);
    case RunField::Mode:
      return Value::String(Spell(identity_.mode));
    case RunField::Seed:
      return Value::Int(identity_.seed);
    case RunField::StartedAt:
      return Value::Timestamp(identity_.started_at);
    case RunField::Dir:
      return Value::String(identity_.folder);
    case RunField::Status:
      return Value::String(Spell(machine_.run_status()));
  }
  return Value::Absent("no such field of the run");
}

const Value* RunState::FindOutput(InstanceId instance, NodeId node) const {
  const SlotId slot = machine_.instances().FindSlot(instance, node);
  const bool is_there =
      slot.has_value() && IsSettled(machine_.status(slot)) && machine_.has_output(slot);
  return is_there ? &outputs_[slot] : nullptr;
}

Value RunState::LoadStageField(InstanceId instance, NodeId node, StageField field) const {
  const SlotId slot = machine_.instances().FindSlot(instance, node);
  if (!slot.has_value()) {
    return Value::Absent(fmt::format("stage `{}` is not known here", plan_.name(node)));
  }
  const NodeStatus status = machine_.status(slot);
  const bool may_be_there = IsSettled(status) && MayHave(ToStageStatus(status), field);
  Value value = may_be_there ? LoadDetail(slot, field) : Value::Absent("");
  if (!value.is_absent()) return value;
  return Value::Absent(fmt::format("stage `{}` has no {}: it is {}", plan_.name(node),
                                   GetName(field), Spell(status)));
}

/// Loads a field of a stage whose status permits it; absent if the stage does not have it.
Value RunState::LoadDetail(SlotId slot, StageField field) const {
  Value absent = Value::Absent("");
  const StageDetails* details = FindDetails(slot);
  switch (field) {
    case StageField::Status:
      return Value::String(Spell(machine_.status(slot)));
    case StageField::Attempts:
      return Value::Int(machine_.attempts(slot));
    case StageField::Error:
      return ErrorValue(slot);
    case StageField::Exit:
      return details != nullptr && details->command ? Value::Int(details->command->exit) : absent;
    case StageField::Stdout:
      return details != nullptr && details->command ? details->command->stdout_text : absent;
    case StageField::Stderr:
      return details != nullptr && details->command ? details->command->stderr_text : absent;
    case StageField::Chosen:
      return details != nullptr ? details->chosen.value_or(absent) : absent;
    case StageField::Output:
    case StageField::Failed:
    case StageField::Items:
    case StageField::Rounds:
    case StageField::Exhausted:
    case StageField::Files:
      break;
  }
  return absent;
}

Value RunState::ErrorValue(SlotId slot) const {
  const StageDetails* details = FindDetails(slot);
  if (details == nullptr || !details->failure) return Value::Absent("");
  const Failure& failure = *details->failure;
  return Value::Record({{"attempt", Value::Int(details->failed_attempt)},
                        {"code", Value::String(Spell(failure.code))},
                        {"details", failure.details},
                        {"message", Value::String(failure.message)},
                        {"stage", Value::String(plan_.name(machine_.instances().node_of(slot)))}});
}

/// The error that expressions of `instance` see: that of the owner of the nearest body around them
/// that shows its owner's error.
Value RunState::LoadError(InstanceId id) const {
  for (const Instances& instances = machine_.instances(); id.has_value();
       id = instances.ParentOf(id)) {
    const Instance& instance = instances[id];
    const plan::fb::RegionKind kind = plan_.regions[instance.region].kind();
    if (plan::RuleOf(kind).sees_error) return ErrorValue(instance.owner);
  }
  return Value::Absent("there is no error here");
}

}  // namespace wfc::runtime
