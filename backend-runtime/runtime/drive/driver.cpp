#include "backend-runtime/runtime/drive/driver.h"

#include <utility>

#include <fmt/format.h>

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/evaluate/callee.h"
#include "backend-runtime/runtime/evaluate/vars.h"

namespace wfc::runtime {
namespace {

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

Result<std::unique_ptr<Driver>> Driver::Make(const plan::PlanView& plan, RunOptions options,
                                             const RunParts& parts) {
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
  return std::unique_ptr<Driver>(new Driver(plan, std::move(options), std::move(inputs), parts));
}

Driver::Driver(const plan::PlanView& plan, RunOptions options, RunState::Inputs inputs,
               const RunParts& parts)
    : plan_(plan),
      parts_(parts),
      machine_options_{
          .concurrency = options.concurrency != 0 ? options.concurrency : plan.root().concurrency(),
          .drains_on_failure = plan.root().drains_on_failure(),
          .seed = static_cast<uint64_t>(options.identity.seed)},
      run_(plan, machine_options_, std::move(options.identity), std::move(inputs), parts.recorder),
      evaluator_(plan, run_.machine(), run_.state(), options.redactor,
                 [&recorder = parts.recorder](const Decision& decision) {
                   recorder.RecordDecision(decision);
                 }) {}

Driver::~Driver() {
  for (auto& [id, call] : calls_) parts_.reactor.StopTimer(call.timer);
  for (auto& [owner, timer] : body_timers_) parts_.reactor.StopTimer(timer);
  parts_.reactor.StopTimer(due_timer_);
}

void Driver::Start(std::function<void(RunResult)> done) {
  done_ = std::move(done);
  started_at_ = parts_.reactor.clock().Now();
  Commit(MakeRunStarted());
  Commit({.fact = {.type = FactType::EpochBegan}});
  parts_.reactor.Post([this] { Advance(); });
}

void Driver::Cancel() {
  if (has_ended_) return;
  Commit({.fact = {.type = FactType::CancelAsked}});
  Advance();
}

void Driver::Kill() {
  if (has_ended_) return;
  Commit({.fact = {.type = FactType::KillAsked}});
  Advance();
}

// Records

/// The one place where the state changes.
void Driver::Commit(Record record) {
  record.fact.sequence = machine().sequence() + 1;
  record.fact.time = Now();
  WFC_CHECK(run_.Apply(record) == Contradiction::None);
  if (record.fact.type == FactType::BodyEntered) {
    WatchBody(run_.machine().FindSlot(record.fact.slot), record.fact.region);
  }
  for (const Note& note : run_.notes()) {
    if (note.kind != Note::Kind::BodyEnded) continue;
    StopWatching(run_.machine().instances()[note.instance()].owner);
  }
}

Record Driver::MakeRunStarted() const {
  const RunIdentity& identity = state().identity();
  return {.fact = {.type = FactType::RunStarted},
          .value = Value::Record({{"concurrency", Value::Int(machine_options_.concurrency)},
                                  {"folder", Value::String(identity.folder)},
                                  {"input", state().input()},
                                  {"mode", Value::String(Spell(identity.mode))},
                                  {"run", Value::String(identity.id)},
                                  {"seed", Value::Int(identity.seed)},
                                  {"time", Value::Timestamp(identity.started_at)},
                                  {"vars", state().vars()},
                                  {"workflow", Value::String(plan_.workflow())}})};
}

// Commands

void Driver::Advance() {
  for (int i = 0; i < kStepsPerTurn; ++i) {
    const Command command = run_.Next(Now());
    if (command.kind == Command::Kind::None) return WaitForDue();
    if (command.kind == Command::Kind::EndRun) return EndRun();
    Perform(command);
  }
  if (std::exchange(is_advance_posted_, true)) return;
  parts_.reactor.Post([this] {
    is_advance_posted_ = false;
    Advance();
  });
}

/// Sees to it that the machine is asked again when a retry is due.
void Driver::WaitForDue() {
  const std::optional<int64_t> due = machine().next_due();
  if (due_timer_ != 0 && due == due_) return;
  parts_.reactor.StopTimer(std::exchange(due_timer_, 0));
  if (!due) return;
  due_ = *due;
  due_timer_ = parts_.reactor.StartTimer(started_at_ + due_, [this] {
    due_timer_ = 0;
    Advance();
  });
}

void Driver::Perform(const Command& command) {
  switch (command.kind) {
    case Command::Kind::Begin:
      return Begin(command.slot(), command.is_retry);
    case Command::Kind::CancelAttempt:
      return CancelCallOf(command.slot());
    case Command::Kind::FormOutput:
      return Commit(evaluator_.FormOutput(command.instance()));
    case Command::Kind::TakeRecourse:
      return Commit(evaluator_.TakeRecourse(command.slot()));
    case Command::Kind::EndRun:
    case Command::Kind::None:
      return;
  }
}

void Driver::Begin(SlotId slot, bool is_retry) {
  Beginning beginning = evaluator_.Begin(slot, is_retry);
  if (auto* record = std::get_if<Record>(&beginning)) return Commit(std::move(*record));
  StartCall(slot, std::get<PreparedCall>(std::move(beginning)));
}

void Driver::StartCall(SlotId slot, PreparedCall prepared) {
  Commit(std::move(prepared.announcement));
  const CallId id{.sequence = machine().sequence()};
  prepared.call.id = id;
  RunningCall& call = calls_[id];
  call.slot = slot;
  call.authority = std::move(prepared.authority);
  call_of_[slot] = id;
  if (const int64_t timeout = TimeoutOf(plan_, machine().instances().node_of(slot)); timeout != 0) {
    const int64_t at = parts_.reactor.clock().Now() + timeout;
    call.timer = parts_.reactor.StartTimer(at, [this, id] { OnCallTimeout(id); });
  }
  parts_.executor.Start(std::move(prepared.call), *this);
}

void Driver::CancelCallOf(SlotId slot) {
  const auto found = call_of_.find(slot);
  if (found != call_of_.end()) parts_.executor.Cancel(found->second);
}

void Driver::Ended(CallId id, CallResult result) {
  const auto ended = calls_.extract(id);
  WFC_CHECK(!ended.empty());  // each call ends once
  const RunningCall& call = ended.mapped();
  parts_.reactor.StopTimer(call.timer);
  call_of_.erase(call.slot);
  Commit(evaluator_.EndCall(call.slot, std::move(result), call.has_timed_out));
  Advance();
}

void Driver::EndRun() {
  has_ended_ = true;
  parts_.reactor.StopTimer(std::exchange(due_timer_, 0));
  Record ended = evaluator_.EndRun();
  RunResult result{.status = ended.status, .output = ended.value, .failure = ended.failure};
  if (machine().outcome() == RunStatus::Failed) {
    const Instances& instances = machine().instances();
    result.failed_node = instances.node_of(instances.workflow().failed_slot);
  }
  Commit(std::move(ended));
  if (done_) done_(std::move(result));
}

// Timeouts

/// Sees to it that a body that runs as an attempt ends in time.
void Driver::WatchBody(SlotId owner, RegionId region) {
  const NodeId node = machine().instances().node_of(owner);
  const int64_t timeout = plan_.policy_of(node).timeout_ns();
  if (timeout == 0 || !plan::RuleOf(plan_.regions[region].kind()).is_attempt) return;
  const int64_t at = parts_.reactor.clock().Now() + timeout;
  body_timers_[owner] = parts_.reactor.StartTimer(at, [this, owner] { OnBodyTimeout(owner); });
}

void Driver::StopWatching(SlotId owner) {
  const auto found = body_timers_.extract(owner);
  if (!found.empty()) parts_.reactor.StopTimer(found.mapped());
}

void Driver::OnCallTimeout(CallId id) {
  RunningCall& call = calls_.at(id);
  call.timer = 0;
  call.has_timed_out = true;
  parts_.executor.Cancel(id);
}

void Driver::OnBodyTimeout(SlotId owner) {
  body_timers_.erase(owner);
  Commit({.fact = {.type = FactType::BodyTimedOut, .slot = machine().NameOf(owner)}});
  Advance();
}

}  // namespace wfc::runtime
