#include "driver/wfc_run/simulate_trace.h"

#include <cstdio>

#include <fmt/core.h>

#include "backend-runtime/runtime/evaluate/grants.h"
#include "driver/wfc_run/event_json.h"
#include "driver/wfc_run/progress_line.h"
#include "driver/wfc_run/simulate_report.h"
#include "driver/wfc_run/terminal.h"
#include "ir/base/utf8.h"
#include "ir/base/visible_text.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

using runtime::Event;

constexpr size_t kMostShown = 160;

/// A value on one line, shortened if it is long.
std::string Short(const Value& value) {
  std::string text = VisibleLine(WriteJson(value));
  if (text.size() <= kMostShown) return text;
  size_t end = kMostShown;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

/// The output of a stage or the choice of a decide, which ProgressLine does not show because the
/// records of a real run have it. Empty for other events.
std::string DataLine(const Event& event) {
  if (event.payload == nullptr) return {};
  switch (event.type) {
    case EventType::StageFinished:
      return fmt::format("           output {}\n", Short(*event.payload));
    case EventType::RouteChosen:
      return fmt::format("           chose {}\n", Short(*event.payload->Find("chosen")));
    case EventType::RunStarted:
    case EventType::StageStarted:
    case EventType::AttemptFailed:
    case EventType::StageSkipped:
    case EventType::FallbackStarted:
    case EventType::RunFailing:
    case EventType::CancelRequested:
    case EventType::RunFinished:
      return {};
  }
  return {};
}

Value FaultsOf(const plan::PlanView& plan, const simulate::Scenario& scenario) {
  std::vector<Value> faults;
  for (const simulate::Fault& fault : scenario.faults) {
    const bool is_forever = fault.attempts == simulate::kAllAttempts;
    faults.push_back(
        Value::Record({{"stage", Value::String(plan.name(fault.node))},
                       {"code", Value::String(Spell(fault.code))},
                       {"attempts", is_forever ? Value::Null() : Value::Int(fault.attempts)},
                       {"hangs", Value::Bool(fault.hangs)}}));
  }
  return Value::List(std::move(faults));
}

}  // namespace

SimulationTrace::SimulationTrace(const plan::PlanView& plan, const SimulateOptions& options,
                                 uint64_t number)
    : plan_(plan), options_(options), number_(number) {
  shown_ = {.stream = stdout, .paint = ChoosePaint(options.color)};
}

void SimulationTrace::Record(const Event& event) {
  const std::string_view stage =
      event.node.has_value() ? plan_.name(event.node) : std::string_view();
  if (options_.form == RunForm::Json) {
    events_.push_back(ToValue(event, stage));
    return;
  }
  if (const auto line = ProgressLine(event, stage, shown_)) lines_ += *line + "\n";
  lines_ += DataLine(event);
}

ExitCode SimulationTrace::Finish(const simulate::SimulatedRun& run,
                                 const simulate::Scenario& scenario) const {
  const std::string text = options_.form == RunForm::Json
                               ? WriteJson(ToJson(run, scenario), JsonStyle::Pretty) + "\n"
                               : ToText(run, scenario);
  if (!PrintResult(text)) return ExitCode::Usage;
  return run.observation.surprises.empty() ? ExitCode::Completed : ExitCode::Failed;
}

std::string SimulationTrace::ToText(const simulate::SimulatedRun& run,
                                    const simulate::Scenario& scenario) const {
  std::string text = fmt::format("run {} of seed {}, mode {}\ninput {}\n", number_, options_.seed,
                                 Spell(scenario.mode), Short(run.input));
  text += lines_;
  text += fmt::format("{}\n", Spell(run.result.status));
  if (!run.result.output.is_null()) text += fmt::format("output {}\n", Short(run.result.output));
  for (const simulate::Surprise& surprise : run.observation.surprises) {
    text +=
        fmt::format("{}: {}\n", Painted("surprise", "31", shown_.paint), Describe(plan_, surprise));
  }
  return text;
}

Value SimulationTrace::ToJson(const simulate::SimulatedRun& run,
                              const simulate::Scenario& scenario) const {
  std::vector<Value> surprises;
  for (const simulate::Surprise& surprise : run.observation.surprises) {
    surprises.push_back(ToValue(plan_, surprise));
  }
  const auto& failure = run.result.failure;
  return Value::Record({{"workflow", Value::String(plan_.workflow())},
                        {"seed", Value::Int(static_cast<int64_t>(options_.seed))},
                        {"run", Value::Int(static_cast<int64_t>(number_))},
                        {"mode", Value::String(Spell(scenario.mode))},
                        {"input", run.input},
                        {"faults", FaultsOf(plan_, scenario)},
                        {"events", Value::List(events_)},
                        {"status", Value::String(Spell(run.result.status))},
                        {"output", run.result.output},
                        {"failure", failure ? ToValue(*failure) : Value::Null()},
                        {"surprises", Value::List(std::move(surprises))}});
}

}  // namespace wfc::driver
