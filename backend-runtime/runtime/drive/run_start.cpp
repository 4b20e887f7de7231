#include "backend-runtime/runtime/drive/run_start.h"

#include <utility>

#include <fmt/core.h>

namespace wfc::runtime {
namespace {

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

}  // namespace

std::unique_ptr<Run> MakeRun(const plan::PlanView& plan, RunStart start, Recorder& recorder) {
  start.inputs.secrets.resize(plan.secrets.size());
  const MachineOptions options =
      MachineOptionsOf(plan, {.concurrency = start.concurrency, .seed = start.identity.seed});
  return std::make_unique<Run>(plan, options, std::move(start.identity), std::move(start.inputs),
                               recorder);
}

Result<RunStart> ReadRunStart(const plan::PlanView& plan, const Record& record) {
  if (record.fact.type != FactType::RunStarted) return Error{"is not the start of a run"};
  const Value& value = record.value;
  const Value* id = value.FindEntry("run", Kind::String);
  const Value* workflow = value.FindEntry("workflow", Kind::String);
  const Value* mode = value.FindEntry("mode", Kind::String);
  const Value* seed = value.FindEntry("seed", Kind::Int);
  const Value* time = value.FindEntry("time", Kind::Timestamp);
  const Value* concurrency = value.FindEntry("concurrency", Kind::Int);
  const Value* vars = value.FindEntry("vars", Kind::Map);
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
  if (const Value* origin = value.Find("origin")) start.origin = *origin;
  const Value* input = value.Find("input");
  if (input != nullptr) start.inputs.input = *input;
  Result<VarValues> read = ReadRecordedVars(plan, *vars);
  if (!read) return read.error();
  start.inputs.vars = *std::move(read);
  start.concurrency = static_cast<uint32_t>(concurrency->AsInt());
  return start;
}

}  // namespace wfc::runtime
