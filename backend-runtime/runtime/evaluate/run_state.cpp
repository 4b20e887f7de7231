#include "backend-runtime/runtime/evaluate/run_state.h"

#include <fmt/format.h>

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/evaluate/grants.h"
#include "ir/value/data.h"
#include "ir/value/json.h"

namespace wfc::runtime {
namespace {

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

void RunState::set_output(SlotId slot, Value output) {
  if (slot.index() >= outputs_.size()) outputs_.resize(machine_.instances().slot_count());
  outputs_[slot] = std::move(output);
}

const StageDetails* RunState::FindDetails(SlotId slot) const {
  const auto found = details_.find(slot);
  return found == details_.end() ? nullptr : &found->second;
}

void RunState::ForgetAttempt(SlotId slot) {
  if (details_.empty()) return;
  const auto found = details_.find(slot);
  if (found == details_.end()) return;
  found->second.ended.reset();
  found->second.chosen.reset();
}

void RunState::Forget(const Instance& instance) {
  for (const SlotId slot : instance.slots) {
    if (slot.index() < outputs_.size()) outputs_[slot] = Value::Null();
    details_.erase(slot);
  }
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
  const Value absent = Value::Absent("");
  const StageDetails* details = FindDetails(slot);
  switch (field) {
    case StageField::Status:
      return Value::String(Spell(machine_.status(slot)));
    case StageField::Attempts:
      return Value::Int(machine_.attempts(slot));
    case StageField::Error:
      return ErrorValue(slot);
    case StageField::Exit:
      return details != nullptr && details->ended ? Value::Int(details->ended->exit) : absent;
    case StageField::Stdout:
      return details != nullptr && details->ended ? details->ended->stdout_text : absent;
    case StageField::Stderr:
      return details != nullptr && details->ended ? details->ended->stderr_text : absent;
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
