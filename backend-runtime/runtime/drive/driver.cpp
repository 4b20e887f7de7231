#include "backend-runtime/runtime/drive/driver.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/drive/consequence.h"
#include "backend-runtime/runtime/drive/record_codec.h"
#include "backend-runtime/runtime/evaluate/callee.h"
#include "backend-runtime/runtime/evaluate/vars.h"

namespace wfc::runtime {
namespace {

/// Steps per turn of the reactor. Events from outside are handled between turns, so a plan of a
/// million transforms can be cancelled.
constexpr int kStepsPerTurn = 4096;
/// How often the inbox is looked at.
constexpr int64_t kInboxInterval = 250 * kNsPerMs;
/// How long calls may take to end once the run cannot be recorded any more.
constexpr int64_t kPatience = 5 * kNsPerSecond;

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

Value ToValue(const Decision& decision) {
  return Value::Record({{"allowed", Value::Bool(decision.is_allowed)},
                        {"capability", Value::String(Spell(decision.capability))},
                        {"reason", Value::String(decision.reason)},
                        {"subject", Value::String(decision.subject)}});
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
  if (parts.storage) {
    const auto refuse = [](const journal::Row&) -> Result<void> {
      return Error{"the run has a record already"};
    };
    const Result<void, journal::LoadError> loaded = parts.storage->journal.Load(refuse);
    if (!loaded) return Error{loaded.error().message};
  }
  options.secrets.resize(plan.secrets.size());
  RunState::Inputs inputs{
      .input = *std::move(input), .vars = *std::move(vars), .secrets = std::move(options.secrets)};
  return std::unique_ptr<Driver>(new Driver(plan, std::move(options), std::move(inputs), parts));
}

Driver::Driver(const plan::PlanView& plan, RunOptions options, RunState::Inputs inputs,
               const RunParts& parts)
    : plan_(plan),
      parts_(parts),
      redactor_(options.redactor),
      machine_options_(MachineOptionsOf(
          plan, {.concurrency = options.concurrency, .seed = options.identity.seed})),
      origin_(std::move(options.origin)),
      run_(plan, machine_options_, std::move(options.identity), std::move(inputs), parts.recorder),
      evaluator_(plan, run_.machine(), run_.state(), options.redactor,
                 [this](const Decision& decision) { OnDecision(decision); }) {}

Driver::~Driver() {
  for (auto& [id, call] : calls_) parts_.reactor.StopTimer(call.timer);
  for (auto& [owner, body] : body_timers_) parts_.reactor.StopTimer(body.timer);
  parts_.reactor.StopTimer(due_timer_);
  parts_.reactor.StopTimer(inbox_timer_);
  parts_.reactor.StopTimer(patience_timer_);
}

void Driver::Start(std::function<void(RunResult)> done) {
  done_ = std::move(done);
  started_at_ = parts_.reactor.clock().Now() - machine().time();
  if (parts_.storage) parts_.storage->journal.OnProgress([this] { OnJournalProgress(); });
  if (recorded_end_) {
    return parts_.reactor.Post(
        [this] { Finish(ResultOf(*recorded_end_), journal::CloseHow::Ended); });
  }
  if (machine().sequence() == 0) Commit(MakeRunStarted());
  const int64_t wall = parts_.reactor.clock().WallNow();
  Commit({.fact = {.type = FactType::EpochBegan},
          .value = Value::Timestamp({.seconds = wall / kNsPerSecond,
                                     .nanos = static_cast<uint32_t>(wall % kNsPerSecond)})});
  for (auto& [owner, body] : body_timers_) Watch(owner, body);
  if (parts_.storage) parts_.storage->journal.Request(machine().sequence());
  WatchInbox();
  parts_.reactor.Post([this] { Advance(); });
}

void Driver::Cancel(Value who) {
  if (has_ended_ || recorded_end_) return;
  Commit({.fact = {.type = FactType::CancelAsked}, .value = std::move(who)});
  Advance();
}

void Driver::Kill(Value who) {
  if (has_ended_ || recorded_end_) return;
  Commit({.fact = {.type = FactType::KillAsked}, .value = std::move(who)});
  Advance();
}

std::vector<SlotId> Driver::CallsInDoubt() const {
  return runtime::CallsInDoubt(machine());
}

Result<void> Driver::Resolve(SlotId slot, std::optional<CallResult> ended) {
  WFC_CHECK(machine().is_in_doubt(slot));
  if (!ended) {
    Commit({.fact = {.type = FactType::CallRepeated, .slot = machine().NameOf(slot)}});
    return {};
  }
  const bool has_failed = ended->failure.has_value();
  Record record = evaluator_.EndCall(slot, *std::move(ended), /*has_timed_out=*/false);
  if (record.failure && !has_failed) return Error{record.failure->message};
  Commit(std::move(record));
  return {};
}

void Driver::Leave(std::string why) {
  if (has_ended_ || recorded_end_) return;
  if (!parts_.storage) return Cancel();
  if (!left_because_) left_because_ = std::move(why);
  static_cast<void>(HasLostJournal());
}

// Records

/// The one place where the state changes. A record is applied and appended in one step, so that the
/// order of the journal is that of the state.
void Driver::Commit(Record record, uint64_t inbox_entry) {
  if (HasLostJournal()) return;
  record.fact.sequence =
      1 + (parts_.storage ? parts_.storage->journal.last_seq() : machine().sequence());
  record.fact.time = Now();
  if (parts_.storage) record.attempt = run_.AttemptOf(record.fact);
  WFC_CHECK(run_.Apply(record) == Contradiction::None);
  if (parts_.storage) {
    Append(ToRow(record, parts_.storage->blobs, payload_), inbox_entry);
    RecordConsequences();
  }
  Follow(record);
  if (record.fact.type == FactType::BodyEntered) {
    const auto entered = body_timers_.find(machine().FindSlot(record.fact.slot));
    if (entered != body_timers_.end()) Watch(entered->first, entered->second);
  }
}

/// Keeps the time by which bodies have to end.
void Driver::Follow(const Record& record) {
  if (record.fact.type == FactType::BodyEntered) {
    const NodeId owner = record.fact.slot.node;
    const int64_t timeout = plan_.policy_of(owner).timeout_ns();
    const plan::fb::RegionKind kind = plan_.regions[record.fact.region].kind();
    if (timeout != 0 && plan::RuleOf(kind).is_attempt) {
      body_timers_[machine().FindSlot(record.fact.slot)] = {.due = record.fact.time + timeout};
    }
  }
  for (const Note& note : run_.notes()) {
    if (note.kind != Note::Kind::BodyEnded) continue;
    StopWatching(machine().instances()[note.instance()].owner);
  }
}

/// Appends a row, which takes the entry out of the inbox unless it is 0.
void Driver::Append(const journal::Row& row, uint64_t inbox_entry) {
  if (inbox_entry == 0) {
    parts_.storage->journal.Append(row);
  } else {
    parts_.storage->journal.AppendTaking(row, inbox_entry);
  }
}

/// Records what followed from the last fact, for those who read the record with SQL.
void Driver::RecordConsequences() {
  for (const Note& note : run_.notes()) {
    const std::optional<RecordedNote> told = ConsequenceOf(note, run_);
    if (told) Append(ToRow(*told, parts_.storage->blobs, payload_), 0);
  }
}

/// A capability was granted or refused; called on any thread.
void Driver::OnDecision(const Decision& decision) {
  if (std::this_thread::get_id() != thread_) {
    return parts_.reactor.Post([this, decision] { OnDecision(decision); });
  }
  AddNote(NoteType::Decision, decision.slot, ToValue(decision));
}

void Driver::Transcribe(SlotId slot, const Value& line) {
  AddNote(NoteType::Transcript, slot, line);
}

void Driver::Transcribe(CallId id, Value line) {
  const auto running = calls_.find(id);
  if (running != calls_.end()) Transcribe(running->second.slot, line);
}

void Driver::AddNote(NoteType type, SlotId slot, Value value) {
  if (has_ended_ || HasLostJournal()) return;
  const RecordedNote note{
      .type = type,
      .slot = machine().NameOf(slot),
      .attempt = state().AttemptOf(slot),
      .time = Now(),
      .value = redactor_ == nullptr ? std::move(value) : redactor_->Redact(value)};
  if (parts_.storage) {
    parts_.storage->journal.Append(ToRow(note, parts_.storage->blobs, payload_));
  }
  parts_.recorder.RecordNote(note);
}

/// Rows have become durable, or will not any more.
void Driver::OnJournalProgress() {
  if (has_ended_ || HasLostJournal()) return;
  const uint64_t durable = parts_.storage->journal.durable();
  std::vector<CallId> startable;
  for (const auto& [id, call] : calls_) {
    if (call.waiting && id.sequence <= durable) startable.push_back(id);
  }
  std::ranges::sort(startable);
  for (const CallId id : startable) StartCall(id);
  Advance();
}

/// Whether the run cannot be recorded any more. From then on nothing changes: calls that run are
/// cancelled, and what they come to is dropped.
bool Driver::HasLostJournal() {
  if (is_broken_) return true;
  if (!parts_.storage || has_ended_) return false;
  if (!left_because_) left_because_ = parts_.storage->journal.failure();
  if (!left_because_) return false;
  is_broken_ = true;
  std::erase_if(calls_, [](const auto& call) { return call.second.waiting.has_value(); });
  for (const auto& [id, call] : calls_) parts_.executor.Cancel(id);
  patience_timer_ =
      parts_.reactor.StartTimer(parts_.reactor.clock().Now() + (calls_.empty() ? 0 : kPatience),
                                [this] { LeaveBrokenRun(); });
  return true;
}

void Driver::LeaveBrokenRun() {
  if (std::exchange(has_ended_, true)) return;
  journal::Journal& journal = parts_.storage->journal;
  RunResult result{.status = RunStatus::Running};
  result.record_failure = left_because_;
  Record parked{
      .fact = {.type = FactType::RunParked, .sequence = journal.last_seq() + 1, .time = Now()},
      .value = Value::String(*result.record_failure)};
  const journal::Row row = ToRow(parked, parts_.storage->blobs, payload_);
  // If this cannot be recorded either, nothing more can be done about it. A record that has not
  // even the start of the run is left as it is.
  if (!journal.failure()) {
    journal.Append(row);
    static_cast<void>(journal.Close(journal::CloseHow::Parked));
  } else if (journal.durable() != 0) {
    static_cast<void>(journal.AppendAfterFailure(row));
  }
  if (done_) done_(std::move(result));
}

Record Driver::MakeRunStarted() const {
  const RunIdentity& identity = state().identity();
  return {.fact = {.type = FactType::RunStarted},
          .value = Value::Record({{"concurrency", Value::Int(machine_options_.concurrency)},
                                  {"folder", Value::String(identity.folder)},
                                  {"input", state().input()},
                                  {"mode", Value::String(Spell(identity.mode))},
                                  {"origin", origin_},
                                  {"run", Value::String(identity.id)},
                                  {"seed", Value::Int(identity.seed)},
                                  {"time", Value::Timestamp(identity.started_at)},
                                  {"vars", state().vars()},
                                  {"workflow", Value::String(plan_.workflow())}})};
}

// The inbox

/// Takes what other processes ask, now and every now and then.
void Driver::WatchInbox() {
  if (!parts_.storage || parts_.storage->inbox == nullptr) return;
  inbox_timer_ = parts_.reactor.StartTimer(parts_.reactor.clock().Now() + kInboxInterval,
                                           [this] { WatchInbox(); });
  TakeInbox();
}

void Driver::TakeInbox() {
  if (has_ended_ || HasLostJournal() || !parts_.storage->inbox->MayHaveNews()) return;
  const Result<std::vector<journal::InboxEntry>> pending = parts_.storage->inbox->Pending();
  if (!pending) return Leave(fmt::format("its inbox cannot be read: {}", pending.error().message));
  for (const journal::InboxEntry& entry : *pending) Take(entry);
  if (!pending->empty()) Advance();
}

void Driver::Take(const journal::InboxEntry& entry) {
  const Value by = Value::String(redactor_ == nullptr ? entry.by : redactor_->Redact(entry.by));
  const Value uid = Value::Int(entry.uid);
  if (entry.kind != journal::kCancelRequest && entry.kind != journal::kKillRequest) {
    const RecordedNote note{
        .type = NoteType::Refused,
        .time = Now(),
        .value = Value::Record({{"by", by}, {"kind", Value::String(entry.kind)}, {"uid", uid}})};
    Append(ToRow(note, parts_.storage->blobs, payload_), entry.id);
    return parts_.recorder.RecordNote(note);
  }
  const Value who = Value::Record({{"by", by}, {"uid", uid}});
  Commit({.fact = {.type = FactType::CancelAsked}, .value = who}, entry.id);
  if (entry.kind != journal::kKillRequest) return;
  Commit({.fact = {.type = FactType::KillAsked}, .value = who});
}

// Commands

void Driver::Advance() {
  for (int i = 0; i < kStepsPerTurn; ++i) {
    if (has_ended_ || HasLostJournal() || HasBacklog()) return;
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

/// Nothing can be done now. Sees to it that the machine is asked again when a retry is due; a run
/// in which nothing can happen any more without a person is parked.
void Driver::WaitForDue() {
  const std::optional<int64_t> due = machine().next_due();
  if (!due && calls_.empty() && machine().in_doubt_count() != 0) return Park();
  if (parts_.storage) parts_.storage->journal.Idle();
  if (due_timer_.has_value() && due == due_) return;
  parts_.reactor.StopTimer(std::exchange(due_timer_, {}));
  if (!due) return;
  due_ = *due;
  due_timer_ = parts_.reactor.StartTimer(started_at_ + due_, [this] {
    due_timer_ = {};
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
  AnnounceCall(slot, std::get<PreparedCall>(std::move(beginning)));
}

/// A call that does more than to read starts when its announcement is durable: after a crash it is
/// known that it may have been made.
void Driver::AnnounceCall(SlotId slot, PreparedCall prepared) {
  const bool waits =
      parts_.storage && prepared.announcement.fact.call_class != CallClass::Repeatable;
  Commit(std::move(prepared.announcement));
  if (is_broken_) return;
  const CallId id{.sequence = machine().sequence()};
  prepared.call.id = id;
  calls_.emplace(id, RunningCall{.slot = slot,
                                 .authority = std::move(prepared.authority),
                                 .waiting = std::move(prepared.call)});
  call_of_[slot] = id;
  if (!waits || parts_.storage->journal.durable() >= id.sequence) return StartCall(id);
  parts_.storage->journal.Request(id.sequence);
}

void Driver::StartCall(CallId id) {
  RunningCall& running = calls_.at(id);
  Call call = *std::exchange(running.waiting, std::nullopt);
  if (const int64_t timeout = TimeoutOf(plan_, call.site.node); timeout != 0) {
    const int64_t at = parts_.reactor.clock().Now() + timeout;
    running.timer = parts_.reactor.StartTimer(at, [this, id] { OnCallTimeout(id); });
  }
  parts_.executor.Start(std::move(call), *this);
}

void Driver::CancelCallOf(SlotId slot) {
  const auto found = call_of_.find(slot);
  if (found == call_of_.end()) return;
  const CallId id = found->second;
  if (!std::exchange(calls_.at(id).waiting, std::nullopt)) return parts_.executor.Cancel(id);
  // It has not been started, and will not be.
  parts_.reactor.Post([this, id] {
    CallResult cancelled;
    cancelled.failure = Failure{
        .code = FailureCode::Cancelled, .message = "cancelled before it started", .details = {}};
    Ended(id, std::move(cancelled));
  });
}

void Driver::Ended(CallId id, CallResult result) {
  const auto ended = calls_.extract(id);
  if (ended.empty() && is_broken_) return;
  WFC_CHECK(!ended.empty());  // each call ends once
  const RunningCall& call = ended.mapped();
  parts_.reactor.StopTimer(call.timer);
  if (HasLostJournal()) {
    if (calls_.empty()) LeaveBrokenRun();
    return;
  }
  call_of_.erase(call.slot);
  Commit(evaluator_.EndCall(call.slot, std::move(result), call.has_timed_out));
  Advance();
}

void Driver::EndRun() {
  Record ended = evaluator_.EndRun();
  RunResult result = ResultOf(ended);
  Commit(std::move(ended));
  if (!is_broken_) Finish(std::move(result), journal::CloseHow::Ended);
}

/// Leaves a run that cannot go on without a person.
void Driver::Park() {
  Commit(
      {.fact = {.type = FactType::RunParked}, .value = Value::String(Spell(RunStatus::InDoubt))});
  if (!is_broken_) Finish({.status = RunStatus::InDoubt}, journal::CloseHow::Parked);
}

void Driver::Finish(RunResult result, journal::CloseHow how) {
  has_ended_ = true;
  parts_.reactor.StopTimer(std::exchange(due_timer_, {}));
  parts_.reactor.StopTimer(std::exchange(inbox_timer_, {}));
  if (parts_.storage) {
    const Result<void> closed = parts_.storage->journal.Close(how);
    if (!closed) result.record_failure = closed.error().message;
  }
  if (done_) done_(std::move(result));
}

RunResult Driver::ResultOf(const Record& ended) const {
  RunResult result{.status = ended.status, .output = ended.value, .failure = ended.failure};
  if (machine().outcome() == RunStatus::Failed) {
    const Instances& instances = machine().instances();
    result.failed_node = instances.node_of(instances.workflow().failed_slot);
  }
  return result;
}

/// Whether so much waits to be recorded that nothing more is begun until it is.
bool Driver::HasBacklog() const {
  return parts_.storage && parts_.storage->journal.backlog_bytes() > journal::kMaxBacklogBytes;
}

// Timeouts

/// Sees to it that a body that runs as an attempt ends in time.
void Driver::Watch(SlotId owner, BodyTimer& body) {
  const int64_t at = started_at_ + body.due;
  body.timer = parts_.reactor.StartTimer(at, [this, owner] { OnBodyTimeout(owner); });
}

void Driver::StopWatching(SlotId owner) {
  const auto found = body_timers_.extract(owner);
  if (!found.empty()) parts_.reactor.StopTimer(found.mapped().timer);
}

void Driver::OnCallTimeout(CallId id) {
  RunningCall& call = calls_.at(id);
  call.timer = {};
  call.has_timed_out = true;
  parts_.executor.Cancel(id);
}

void Driver::OnBodyTimeout(SlotId owner) {
  body_timers_.erase(owner);
  if (has_ended_) return;
  Commit({.fact = {.type = FactType::BodyTimedOut, .slot = machine().NameOf(owner)}});
  Advance();
}

}  // namespace wfc::runtime
