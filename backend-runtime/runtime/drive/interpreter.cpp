#include "backend-runtime/runtime/drive/interpreter.h"

#include <utility>

#include <fmt/format.h>

#include "backend-runtime/runtime/evaluate/callee.h"
#include "backend-runtime/runtime/evaluate/vars.h"

namespace wfc::runtime {
namespace {

using plan::fb::Verb;

/// Steps per turn of the reactor. Events from outside are handled between turns, so a plan of a
/// million transforms can be cancelled.
constexpr int kStepsPerTurn = 4096;

Result<Value> ResolveInput(const plan::PlanView& plan, const Value& given) {
  Value input = given.is_null() ? Value::Map({}) : given;
  const SchemaId schema(plan.root().input());
  if (!schema.has_value()) {
    const bool is_empty = input.kind() == Kind::Map && input.entries().empty();
    if (is_empty) return input;
    return Error{"the workflow takes no input"};
  }
  const uint32_t entry = plan.schemas[schema].entry();
  const auto mismatches = plan.validator().FillAndValidate(entry, input);
  if (mismatches.empty()) return input;
  return Error{fmt::format("the input does not fit: {}", types::Describe(mismatches))};
}

bool MayRunIn(const plan::PlanView& plan, Mode mode) {
  const bool is_listed = (plan.root().modes() & Bit(mode)) != 0;
  return is_listed || mode == Mode::DryRun;
}

}  // namespace

Result<std::unique_ptr<Interpreter>> Interpreter::Make(const plan::PlanView& plan,
                                                       RunOptions options, const RunParts& parts) {
  if (!MayRunIn(plan, options.identity.mode)) {
    return Error{fmt::format("workflow `{}` may not run in mode {}", plan.workflow(),
                             Spell(options.identity.mode))};
  }
  Result<Value> input = ResolveInput(plan, options.input);
  if (!input) return input.error();
  Result<VarValues> vars = ReadVars(plan, options.environment);
  if (!vars) return vars.error();
  options.secrets.resize(plan.secrets.size());
  RunState::Inputs inputs{
      .input = *std::move(input), .vars = *std::move(vars), .secrets = std::move(options.secrets)};
  return std::unique_ptr<Interpreter>(
      new Interpreter(plan, std::move(options), std::move(inputs), parts));
}

Interpreter::Interpreter(const plan::PlanView& plan, RunOptions options, RunState::Inputs inputs,
                         const RunParts& parts)
    : plan_(plan),
      parts_(parts),
      redactor_(options.redactor),
      machine_(plan, {.concurrency = options.concurrency != 0 ? options.concurrency
                                                              : plan.root().concurrency(),
                      .drains_on_failure = plan.root().drains_on_failure(),
                      .seed = static_cast<uint64_t>(options.identity.seed)}),
      state_(plan, machine_, std::move(options.identity), std::move(inputs)),
      grants_(plan, state_.identity().mode,
              [&recorder = parts.recorder](const Decision& decision) {
                recorder.RecordDecision(decision);
              }),
      requests_(plan, state_, grants_, redactor_),
      bodies_(plan) {}

Interpreter::~Interpreter() {
  for (auto& [slot, active] : active_) StopTimer(active);
  parts_.reactor.StopTimer(due_timer_);
}

void Interpreter::Start(std::function<void(RunResult)> done) {
  done_ = std::move(done);
  started_at_ = parts_.reactor.clock().Now();
  RecordRunStarted();
  machine_.Start();
  parts_.reactor.Post([this] { Advance(); });
}

void Interpreter::Cancel() {
  if (has_ended_) return;
  Record(EventType::CancelRequested, SlotId(), nullptr);
  machine_.CancelRun();
  Advance();
}

void Interpreter::Kill() {
  if (has_ended_) return;
  machine_.KillRun();
  Advance();
}

// The machine's steps

void Interpreter::Advance() {
  machine_.AdvanceTo(Now());
  for (int i = 0; i < kStepsPerTurn; ++i) {
    const Step step = machine_.Next();
    if (step.kind == Step::Kind::None) return WaitForDue();
    if (step.kind == Step::Kind::RunEnded) return EndRun();
    Perform(step);
  }
  if (std::exchange(is_advance_posted_, true)) return;
  parts_.reactor.Post([this] {
    is_advance_posted_ = false;
    Advance();
  });
}

/// Sees to it that the machine is asked again when a retry is due.
void Interpreter::WaitForDue() {
  const std::optional<int64_t> due = machine_.next_due();
  if (due_timer_ != 0 && due == due_) return;
  parts_.reactor.StopTimer(std::exchange(due_timer_, 0));
  if (!due) return;
  due_ = *due;
  due_timer_ = parts_.reactor.StartTimer(started_at_ + due_, [this] {
    due_timer_ = 0;
    Advance();
  });
}

void Interpreter::Perform(const Step& step) {
  switch (step.kind) {
    case Step::Kind::Begin:
      return Begin(step.slot(), step.is_retry);
    case Step::Kind::Skipped:
    case Step::Kind::Cancelled:
      return RecordSettled(step.slot());
    case Step::Kind::CancelAttempt:
      return CancelAttempt(step.slot());
    case Step::Kind::BodyEnded:
      return EndBody(step.instance());
    case Step::Kind::BodyReported:
      return CloseBody(step.instance());
    case Step::Kind::RunEnded:
    case Step::Kind::None:
      return;
  }
}

void Interpreter::Begin(SlotId slot, bool is_retry) {
  state_.ForgetAttempt(slot);
  if (!is_retry && !PassesCondition(slot)) return;
  machine_.BeginAttempt(slot);
  RecordStarted(slot);
  switch (RowOf(slot).verb()) {
    case Verb::Transform:
      return RunTransform(slot);
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
}

bool Interpreter::PassesCondition(SlotId slot) {
  const ProgramId condition(RowOf(slot).condition());
  if (!condition.has_value()) return true;
  Result<bool, Failure> holds = state_.EvaluateCondition(condition, PlaceOf(slot));
  if (!holds) {
    machine_.BeginAttempt(slot);
    RecordStarted(slot);
    Fail(slot, holds.error(), MayRetry::No);
    return false;
  }
  if (*holds) return true;
  machine_.Skip(slot, SkipReason::Condition);
  RecordSettled(slot);
  return false;
}

void Interpreter::BeginCall(SlotId slot) {
  Active& active = Activate(slot);
  const NodeId node = NodeOf(slot);
  active.authority.emplace(grants_.Make(node, EffectOf(plan_, node)));
  Request request =
      requests_.Build(node, machine_.instances().instance_of(slot), *active.authority);
  if (const auto* failure = std::get_if<Failure>(&request)) {
    return Fail(slot, *failure, MayRetry::Yes);
  }
  if (auto* immediate = std::get_if<Immediate>(&request)) {
    active.is_simulated = immediate->is_simulated;
    if (immediate->ended) state_.details(slot).ended = std::move(immediate->ended);
    return FinishWith(slot, std::move(immediate->output));
  }
  Call call{.id = {.sequence = call_count_++},
            .site = {.node = node, .attempt = active.attempt, .stage = plan_.name(node)},
            .authority = &*active.authority,
            .target = {}};
  if (auto* command = std::get_if<CommandCall>(&request)) {
    call.target = std::move(*command);
  } else if (auto* builtin = std::get_if<BuiltinCall>(&request)) {
    call.target = std::move(*builtin);
  } else {
    call.target = std::get<ModelCall>(std::move(request));
  }
  StartCall(slot, std::move(call));
}

void Interpreter::StartCall(SlotId slot, Call call) {
  Active& active = active_.at(slot);
  active.call = call.id;
  callers_.emplace(call.id, slot);
  if (const int64_t timeout = TimeoutOf(plan_, NodeOf(slot)); timeout != 0) {
    const int64_t at = parts_.reactor.clock().Now() + timeout;
    active.timer = parts_.reactor.StartTimer(at, [this, slot] { OnTimeout(slot); });
  }
  parts_.executor.Start(std::move(call), *this);
}

Interpreter::Active& Interpreter::Activate(SlotId slot) {
  const auto [found, is_new] = active_.try_emplace(slot);
  Active& active = found->second;
  const int64_t now = Now();
  if (is_new) active.first_began = now;
  if (active.attempt != AttemptOf(slot)) active.began = now;
  active.attempt = AttemptOf(slot);
  return active;
}

void Interpreter::StopTimer(Active& active) {
  parts_.reactor.StopTimer(std::exchange(active.timer, 0));
}

// Events from outside

void Interpreter::OnTimeout(SlotId slot) {
  const auto found = active_.find(slot);
  if (found == active_.end()) return;
  found->second.timer = 0;
  if (found->second.call) {
    found->second.is_timed_out = true;
    CancelAttempt(slot);
  } else {
    machine_.TimeOut(found->second.body);
  }
  Advance();
}

void Interpreter::CancelAttempt(SlotId slot) {
  const auto found = active_.find(slot);
  if (found == active_.end() || !found->second.call) return;
  parts_.executor.Cancel(*found->second.call);
}

void Interpreter::Ended(CallId id, CallResult result) {
  const auto caller = callers_.extract(id);
  WFC_CHECK(!caller.empty());  // each call ends once
  const SlotId slot = caller.mapped();
  Active& active = active_.at(slot);
  active.call.reset();
  StopTimer(active);
  HideSecrets(result);
  const int64_t timeout = TimeoutOf(plan_, NodeOf(slot));
  const bool has_timed_out = std::exchange(active.is_timed_out, false);
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
  FinishCall(slot, std::move(result));
  Advance();
}

/// Later stages and the records get the same redacted value.
void Interpreter::HideSecrets(CallResult& result) const {
  if (redactor_ == nullptr || redactor_->empty()) return;
  result.output = redactor_->Redact(result.output);
  result.stdout_text = redactor_->Redact(result.stdout_text);
  result.stderr_text = redactor_->Redact(result.stderr_text);
  if (!result.failure) return;
  result.failure->message = redactor_->Redact(result.failure->message);
  result.failure->details = redactor_->Redact(result.failure->details);
}

Result<Value, Failure> Interpreter::FormOutput(ProgramId output) const {
  Result<Value, Failure> value = state_.Evaluate(output, EvaluationContext{});
  if (!value) {
    return Failure{
        .code = FailureCode::NoOutput,
        .message = fmt::format("the workflow's output cannot be formed: {}", value.error().message),
        .details = {}};
  }
  const SchemaId returns(plan_.root().returns());
  if (!returns.has_value()) return value;
  const auto mismatches = plan_.validator().Validate(plan_.schemas[returns].entry(), *value);
  if (!mismatches.empty()) return SchemaFailure("the output", mismatches);
  return value;
}

void Interpreter::EndRun() {
  has_ended_ = true;
  parts_.reactor.StopTimer(std::exchange(due_timer_, 0));
  RunResult result{.status = machine_.outcome(), .output = {}, .failure = {}};
  const ProgramId output(plan_.root().output());
  if (result.status == RunStatus::Failed) {
    const SlotId failed = machine_.instances().workflow().failed_slot;
    result.failed_node = NodeOf(failed);
    result.failure = state_.details(failed).failure;
  } else if (result.status != RunStatus::Cancelled && output.has_value()) {
    Result<Value, Failure> value = FormOutput(output);
    if (value) {
      result.output = *std::move(value);
    } else {
      result.failure = value.error();
      result.status = RunStatus::Failed;
    }
  }
  RecordRunFinished(result);
  if (done_) done_(std::move(result));
}

}  // namespace wfc::runtime
