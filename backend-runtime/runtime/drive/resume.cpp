// The part of the driver that reads the record of a run, to go on with it.
#include <string>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/runtime/drive/driver.h"
#include "backend-runtime/runtime/drive/record_codec.h"

namespace wfc::runtime {
namespace {

Error BadRecord(uint64_t seq, std::string_view what) {
  return Error{fmt::format("record {} {}", seq, what)};
}

/// What a run was started with, as its first record says.
struct RunStart {
  RunIdentity identity;
  RunState::Inputs inputs;
  uint32_t concurrency = 0;
};

const Value* FindEntry(const Value& map, std::string_view key, Kind kind) {
  const Value* found = map.kind() == Kind::Map ? map.Find(key) : nullptr;
  return found != nullptr && found->kind() == kind ? found : nullptr;
}

Result<VarValues> ReadRecordedVars(const plan::PlanView& plan, const Value& recorded) {
  VarValues vars;
  for (const plan::fb::Var& var : plan.vars) {
    const Value* value = recorded.Find(plan.name(var));
    if (value == nullptr) {
      return Error{fmt::format("does not have the variable `{}`", plan.name(var))};
    }
    vars.Add(*value);
  }
  return vars;
}

Result<RunStart> ReadStart(const plan::PlanView& plan, const Record& record) {
  const Value& value = record.value;
  const Value* id = FindEntry(value, "run", Kind::String);
  const Value* workflow = FindEntry(value, "workflow", Kind::String);
  const Value* mode = FindEntry(value, "mode", Kind::String);
  const Value* seed = FindEntry(value, "seed", Kind::Int);
  const Value* time = FindEntry(value, "time", Kind::Timestamp);
  const Value* concurrency = FindEntry(value, "concurrency", Kind::Int);
  const Value* vars = FindEntry(value, "vars", Kind::Map);
  const bool is_whole =
      id && workflow && mode && seed && time && vars && concurrency && concurrency->AsInt() > 0;
  if (!is_whole) return Error{"does not say what the run was started with"};
  if (workflow->AsString() != plan.workflow()) {
    return Error{fmt::format("is of a run of `{}`, and the plan is of `{}`", workflow->AsString(),
                             plan.workflow())};
  }
  RunStart start;
  start.identity.id = id->AsString();
  const std::optional<Mode> known = ParseWord<Mode>(mode->AsString());
  if (!known) return Error{fmt::format("has the mode `{}`, which there is not", mode->AsString())};
  start.identity.mode = *known;
  start.identity.seed = seed->AsInt();
  start.identity.started_at = time->AsTime();
  const Value* input = value.Find("input");
  if (input != nullptr) start.inputs.input = *input;
  Result<VarValues> read = ReadRecordedVars(plan, *vars);
  if (!read) return read.error();
  start.inputs.vars = *std::move(read);
  start.concurrency = static_cast<uint32_t>(concurrency->AsInt());
  return start;
}

}  // namespace

Result<std::unique_ptr<Driver>> Driver::Resume(const plan::PlanView& plan, ResumeOptions options,
                                               const RunParts& parts) {
  WFC_CHECK(parts.storage.has_value());
  std::unique_ptr<Driver> driver;
  const auto take = [&](const journal::Row& row) -> Result<void> {
    if (!row.is_fact()) return {};
    const Result<Record> record = ReadRecord(row, parts.storage->blobs);
    if (!record) return BadRecord(row.seq, record.error().message);
    if (driver != nullptr) return driver->Take(*record);
    Result<std::unique_ptr<Driver>> made = MakeAgain(plan, *record, options, parts);
    if (!made) return BadRecord(row.seq, made.error().message);
    driver = *std::move(made);
    return driver->Take(*record);
  };
  const Result<void, journal::LoadError> loaded = parts.storage->journal.Load(take);
  if (!loaded) return Error{loaded.error().message};
  if (driver == nullptr) return Error{"the run has no record"};
  return driver;
}

/// A driver of the run whose first record this is.
Result<std::unique_ptr<Driver>> Driver::MakeAgain(const plan::PlanView& plan, const Record& first,
                                                  ResumeOptions& options, const RunParts& parts) {
  if (first.fact.type != FactType::RunStarted) return Error{"is not the start of a run"};
  Result<RunStart> start = ReadStart(plan, first);
  if (!start) return start.error();
  start->identity.folder = options.folder;
  start->inputs.secrets = std::move(options.secrets);
  start->inputs.secrets.resize(plan.secrets.size());
  const uint32_t concurrency = options.concurrency != 0 ? options.concurrency : start->concurrency;
  return std::unique_ptr<Driver>(new Driver(plan,
                                            {.identity = std::move(start->identity),
                                             .input = {},
                                             .concurrency = concurrency,
                                             .redactor = options.redactor},
                                            std::move(start->inputs), parts));
}

/// Takes a record of an earlier epoch.
Result<void> Driver::Take(const Record& record) {
  const Contradiction contradiction = run_.Apply(record);
  if (contradiction != Contradiction::None) {
    return BadRecord(
        record.fact.sequence,
        fmt::format("says `{}`, {}", RowOf(record.fact.type).word, Describe(contradiction)));
  }
  Follow(record);
  if (record.fact.type == FactType::RunEnded) recorded_end_ = record;
  return {};
}

}  // namespace wfc::runtime
