#include "backend-runtime/runtime/drive/replay.h"

#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "backend-runtime/runtime/drive/bad_record.h"
#include "backend-runtime/runtime/drive/consequence.h"
#include "backend-runtime/runtime/drive/record_codec.h"
#include "backend-runtime/runtime/drive/run_start.h"
#include "ir/types/vm/describe.h"
#include "ir/value/json.h"

namespace wfc::runtime {
namespace {

/// Whether what the fact says comes from outside, whatever the state is.
bool ComesFromOutside(FactType type) {
  switch (type) {
    case FactType::RunStarted:
    case FactType::EpochBegan:
    case FactType::CancelAsked:
    case FactType::KillAsked:
    case FactType::BodyTimedOut:
    case FactType::CallRepeated:
    case FactType::RunParked:
      return true;
    case FactType::Began:
    case FactType::Succeeded:
    case FactType::AttemptFailed:
    case FactType::FailedFinally:
    case FactType::SkippedByIf:
    case FactType::BodyEntered:
    case FactType::RunEnded:
      return false;
  }
  return false;
}

/// The result of a call of which the end is recorded so.
CallResult ToCallResult(const Record& ended) {
  CallResult result;
  result.output = ended.value;
  result.failure = ended.failure;
  if (!ended.command) return result;
  result.exit = ended.command->exit;
  result.stdout_text = ended.command->stdout_text.AsString();
  result.stderr_text = ended.command->stderr_text.AsString();
  return result;
}

/// Without what no evaluator knows: number and time.
Value Comparable(Record record) {
  record.fact.sequence = 0;
  record.fact.time = 0;
  return runtime::ToValue(record);
}

struct Pair {
  std::string path;
  Value left;
  Value right;
};

std::string Pointer(std::string path, std::string_view key) {
  types::AppendPointer(path, key);
  return path;
}

/// One step inwards to where two values that are not equal differ; false if they do as a whole.
bool StepInwards(Pair& pair) {
  if (pair.left.kind() == Kind::List && pair.right.kind() == Kind::List &&
      pair.left.items().size() == pair.right.items().size()) {
    for (size_t i = 0; i < pair.left.items().size(); ++i) {
      if (pair.left.items()[i] == pair.right.items()[i]) continue;
      pair = Pair{Pointer(pair.path, fmt::format("{}", i)), pair.left.items()[i],
                  pair.right.items()[i]};
      return true;
    }
  }
  if (pair.left.kind() != Kind::Map || pair.right.kind() != Kind::Map) return false;
  for (const MapEntry& entry : pair.left.entries()) {
    if (!entry.key.is_string()) continue;
    const Value* other = pair.right.Find(entry.key.AsString());
    if (other == nullptr || *other == entry.value) continue;
    pair = Pair{Pointer(pair.path, entry.key.AsString()), entry.value, *other};
    return true;
  }
  return false;
}

Value ToValue(const RecordedNote& note) {
  return Value::Record({{"attempt", Value::Int(note.attempt)},
                        {"body", Value::Int(static_cast<int64_t>(note.slot.body.sequence))},
                        {"node", Value::Int(note.slot.node.index())},
                        {"type", Value::Int(static_cast<int64_t>(note.type))},
                        {"value", note.value}});
}

constexpr const char* kMayNotBe = "the machine would not do this now";

}  // namespace

Result<void> Replay::Take(const journal::Row& row, journal::Blobs& blobs) {
  if (difference_) return {};
  if (row.is_fact()) return TakeFact(row, blobs);
  if (run_ != nullptr) TakeNote(row, blobs);
  return {};
}

Result<void> Replay::TakeFact(const journal::Row& row, journal::Blobs& blobs) {
  const Result<Record> record = ReadRecord(row, blobs);
  if (!record) return BadRecord(row.seq, record.error().message);
  if (run_ == nullptr) {
    if (const Result<void> begun = Begin(*record); !begun) {
      return BadRecord(row.seq, begun.error().message);
    }
  } else {
    TakeCommands(record->fact.time);
  }
  ++fact_count_;
  const bool is_taken_over = has_parent_ && record->fact.time == 0;
  if (is_taken_over) {
    commands_.erase(record->fact.slot);
  } else if (!ComesFromOutside(record->fact.type)) {
    std::optional<Record> computed = Compute(*record);
    if (computed) {
      Compare(*record, *std::move(computed));
    } else {
      Differ(row.seq, record->fact.slot.node, RowOf(record->fact.type).word, Comparable(*record),
             Value::String(kMayNotBe));
    }
    if (difference_) return {};
  }
  const Contradiction contradiction = run_->Apply(*record);
  if (contradiction != Contradiction::None) return BadRecord(record->fact, contradiction);
  consequence_count_ = 0;
  return {};
}

Result<void> Replay::Begin(const Record& first) {
  Result<RunStart> start = ReadRunStart(plan_, first);
  if (!start) return start.error();
  if (const Value* folder = first.value.Find("folder"); folder != nullptr && folder->is_string()) {
    start->identity.folder = folder->AsString();
  }
  has_parent_ = first.value.Find("parent") != nullptr;
  // What a secret was is not recorded. Records hold its name where its value stood.
  for (const plan::fb::Secret& secret : plan_.secrets) {
    start->inputs.secrets.Add(fmt::format("[secret {}]", plan_.name(secret)));
  }
  // All that may begin is begun at once: which of it was recorded first depended on the world.
  start->concurrency = std::numeric_limits<uint32_t>::max();
  run_ = MakeRun(plan_, *std::move(start), silence_);
  evaluator_ = std::make_unique<Evaluator>(plan_, run_->machine(), run_->state(), nullptr,
                                           [](const Decision&) {});
  return {};
}

/// Takes all that the machine would do now.
void Replay::TakeCommands(int64_t now) {
  for (Command command = run_->Next(now); command.kind != Command::Kind::None;
       command = run_->Next(now)) {
    may_end_ = may_end_ || command.kind == Command::Kind::EndRun;
    if (may_end_) return;
    const SlotId slot = SlotOf(command);
    if (slot.has_value()) commands_[run_->machine().NameOf(slot)] = command;
  }
}

/// The slot whose next fact answers the command; none if no fact of a slot does.
SlotId Replay::SlotOf(const Command& command) const {
  switch (command.kind) {
    case Command::Kind::Begin:
    case Command::Kind::TakeRecourse:
      return command.slot();
    case Command::Kind::FormOutput:
      return run_->machine().instances()[command.instance()].owner;
    case Command::Kind::CancelAttempt:  // the call ends by what comes from outside
    case Command::Kind::EndRun:
    case Command::Kind::None:
      break;
  }
  return {};
}

std::optional<Record> Replay::Compute(const Record& recorded) {
  if (recorded.fact.type == FactType::RunEnded) {
    return may_end_ ? std::optional(evaluator_->EndRun()) : std::nullopt;
  }
  if (!run_->machine().FindSlot(recorded.fact.slot).has_value()) return std::nullopt;
  return ComputeOfSlot(recorded);
}

std::optional<Record> Replay::ComputeOfSlot(const Record& recorded) {
  const auto command = commands_.extract(recorded.fact.slot);
  if (!command.empty()) return Perform(command.mapped(), recorded);
  const SlotId slot = run_->machine().FindSlot(recorded.fact.slot);
  if (run_->machine().status(slot) != NodeStatus::Running) return std::nullopt;
  requests_.erase(recorded.fact.slot);
  return evaluator_->EndCall(slot, ToCallResult(recorded), false);
}

std::optional<Record> Replay::Perform(const Command& command, const Record& recorded) {
  ++computed_count_;
  switch (command.kind) {
    case Command::Kind::FormOutput:
      return evaluator_->FormOutput(command.instance());
    case Command::Kind::TakeRecourse:
      return evaluator_->TakeRecourse(command.slot());
    case Command::Kind::Begin:
      break;
    case Command::Kind::CancelAttempt:
    case Command::Kind::EndRun:
    case Command::Kind::None:
      return std::nullopt;
  }
  Beginning beginning = evaluator_->Begin(command.slot(), command.is_retry);
  if (auto* record = std::get_if<Record>(&beginning)) return std::move(*record);
  auto& prepared = std::get<PreparedCall>(beginning);
  if (const auto* request = std::get_if<ModelCall>(&prepared.call.target)) {
    requests_[recorded.fact.slot] = *request;
  }
  return std::move(prepared.announcement);
}

void Replay::Compare(const Record& recorded, Record computed) {
  computed.attempt = run_->AttemptOf(computed.fact);
  const Value left = Comparable(recorded);
  const Value right = Comparable(std::move(computed));
  if (left == right) return;
  Differ(recorded.fact.sequence, recorded.fact.slot.node, RowOf(recorded.fact.type).word, left,
         right);
}

void Replay::TakeNote(const journal::Row& row, journal::Blobs& blobs) {
  const std::optional<NoteType> type = NoteOfNumber(row.type);
  if (!type) return;
  if (IsConsequence(*type)) return CompareConsequence(row, blobs);
  if (*type != NoteType::Transcript) return;
  const auto note = ReadNote(row, blobs);
  if (note && *note) CompareRequest(row, (*note)->value);
}

/// A consequence is recorded behind its fact, in the order in which the machine told it.
void Replay::CompareConsequence(const journal::Row& row, journal::Blobs& blobs) {
  std::vector<RecordedNote> told;
  for (const Note& note : run_->notes()) {
    if (auto consequence = ConsequenceOf(note, *run_)) told.push_back(*std::move(consequence));
  }
  const auto recorded = ReadNote(row, blobs);
  if (!recorded || !*recorded) return;
  const bool is_told = consequence_count_ < told.size();
  const Value replayed = is_told ? ToValue(told[consequence_count_]) : Value::String(kMayNotBe);
  ++consequence_count_;
  const Value shown = ToValue(**recorded);
  if (shown != replayed) Differ(row.seq, SlotNameOf(row).node, "consequence", shown, replayed);
}

/// What was asked of a model.
void Replay::CompareRequest(const journal::Row& row, const Value& line) {
  const SlotName slot = SlotNameOf(row);
  const auto request = requests_.find(slot);
  const Value* type = line.kind() == Kind::Map ? line.Find("type") : nullptr;
  if (request == requests_.end() || type == nullptr || *type != Value::String("request")) return;
  for (const auto& [key, replayed] : {std::pair{"prompt", &request->second.prompt},
                                      std::pair{"system", &request->second.system}}) {
    const Value* recorded = line.Find(key);
    if (recorded == nullptr || *recorded == Value::String(*replayed)) continue;
    return Differ(row.seq, slot.node, key, *recorded, Value::String(*replayed));
  }
}

void Replay::Differ(uint64_t seq, NodeId node, std::string_view what, const Value& recorded,
                    const Value& replayed) {
  Pair pair{.path = "", .left = recorded, .right = replayed};
  while (StepInwards(pair)) {
  }
  difference_ = FirstDifference{.seq = seq,
                                .node = node,
                                .what = std::string(what),
                                .path = std::move(pair.path),
                                .recorded = WriteJson(pair.left),
                                .replayed = WriteJson(pair.right)};
}

}  // namespace wfc::runtime
