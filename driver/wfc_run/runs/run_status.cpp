#include "driver/wfc_run/runs/run_status.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/plan/words.h"
#include "driver/wfc_run/event_json.h"
#include "driver/wfc_run/progress.h"
#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/runs/manifest_file.h"
#include "driver/wfc_run/runs/run_summary.h"
#include "driver/wfc_run/wall_time.h"
#include "ir/base/stage_fields.h"
#include "ir/base/time_units.h"
#include "ir/base/visible_text.h"
#include "ir/value/text.h"

namespace wfc::driver {
namespace {

/// A list that people see has so many lines.
constexpr size_t kMostLines = 10;

bool IsOpen(const StageState& stage) {
  return stage.status && !IsSettled(*stage.status);
}

/// Whether a crash leaves it unknown if the stage's call was made.
bool IsUnkeyedCall(const StageState& stage) {
  return stage.status == NodeStatus::Running && stage.call_class == CallClass::Unkeyed;
}

int64_t ToWall(TimeValue time) {
  return time.seconds * kNsPerSecond + time.nanos;
}

/// The run time now: it goes on while the run is driven.
int64_t RunTime(const runtime::History& history, const StageTrack& track, bool is_driven,
                int64_t wall_now) {
  const int64_t last = history.run()->machine().time();
  if (!is_driven) return last;
  return std::max(last, track.epoch_began() + wall_now - ToWall(track.epoch_wall()));
}

void AddStages(const runtime::History& history, const StageTrack& track, RunStatusReport& report) {
  const plan::PlanView& plan = track.plan();
  const bool has_ended = history.run()->machine().has_ended();
  for (const plan::NodeId node : plan.nodes.ids()) {
    const StageState& stage = track.of(node);
    ++report.stage_count;
    report.model_calls += history.run()->state().ModelCallsOf(node);
    // A run that was cancelled can end before all its stages have been told of.
    if (has_ended && !(stage.status && IsSettled(*stage.status))) {
      ++report.by_status[Spell(NodeStatus::Cancelled)];
      continue;
    }
    ++report.by_status[stage.status ? Spell(*stage.status) : "pending"];
    if (!IsOpen(stage)) continue;
    report.open.push_back({.stage = std::string(plan.name(node)),
                           .status = *stage.status,
                           .attempt = stage.attempts,
                           .for_ns = report.duration_ns - stage.began});
    const bool may_be_done = !report.is_driven && IsUnkeyedCall(stage);
    if (may_be_done) report.in_doubt.emplace_back(plan.name(node));
  }
}

/// The calls that a driver has found in doubt.
void AddCallsInDoubt(const runtime::History& history, const plan::PlanView& plan,
                     RunStatusReport& report) {
  const runtime::StateMachine& machine = history.run()->machine();
  for (const runtime::SlotId slot : runtime::CallsInDoubt(machine)) {
    report.in_doubt.emplace_back(plan.name(machine.instances().node_of(slot)));
  }
  std::ranges::sort(report.in_doubt);
  const auto repeated = std::ranges::unique(report.in_doubt);
  report.in_doubt.erase(repeated.begin(), repeated.end());
}

void AddEnd(const runtime::History& history, const StageTrack& track, RunStatusReport& report) {
  const runtime::StateMachine& machine = history.run()->machine();
  const runtime::Record& last = track.last();
  if (machine.has_ended()) {
    report.status = last.status;
    report.failure = last.failure;
    const runtime::SlotId failed = machine.instances().workflow().failed_slot;
    const bool has_failed = machine.outcome() == RunStatus::Failed && failed.has_value();
    if (has_failed) {
      report.failed_stage = track.plan().name(machine.instances().node_of(failed));
    }
    return;
  }
  const bool is_parked = last.fact.type == runtime::FactType::RunParked &&
                         last.value == Value::String(Spell(RunStatus::InDoubt));
  if (is_parked && !report.is_driven) report.status = RunStatus::InDoubt;
}

void AddDrivers(RecordedRun& run, RunStatusReport& report) {
  const auto drivers = run.reader().Drivers();
  if (!drivers || drivers->empty()) return;
  report.driver = drivers->back().process;
  report.driven_since = drivers->back().began;
}

Value DriverValue(const RunStatusReport& report) {
  if (!report.driver) return Value::Null();
  return Value::Record(
      {{"pid", Value::Int(report.driver->pid)},
       {"host", Value::String(report.driver->host)},
       {"since", Value::String(FormatTimestamp(ToTime(report.driven_since)))},
       {"drives", Value::Bool(report.is_driven)},
       {"heartbeat_age_ms",
        report.heartbeat_age ? Value::Int(*report.heartbeat_age / kNsPerMs) : Value::Null()},
       {"stale", Value::Bool(report.is_stale())}});
}

Value Texts(const std::vector<std::string>& texts) {
  std::vector<Value> values;
  values.reserve(texts.size());
  for (const std::string& text : texts) values.push_back(Value::String(text));
  return Value::List(std::move(values));
}

Value OpenValue(const RunStatusReport& report) {
  std::vector<Value> values;
  values.reserve(report.open.size());
  for (const OpenStage& stage : report.open) {
    values.push_back(Value::Record({{"stage", Value::String(stage.stage)},
                                    {"status", Value::String(Spell(stage.status))},
                                    {"attempt", Value::Int(stage.attempt)},
                                    {"for_ms", Value::Int(stage.for_ns / kNsPerMs)}}));
  }
  return Value::List(std::move(values));
}

std::string DriverText(const RunStatusReport& report) {
  if (!report.is_driven || !report.driver) return {};
  std::string text = fmt::format(
      "driven by process {} on {} since {}", report.driver->pid, VisibleLine(report.driver->host),
      FormatTimestamp({.seconds = report.driven_since / kNsPerSecond, .nanos = 0}));
  if (report.heartbeat_age) {
    text += fmt::format("; heartbeat {} ago", ShortDuration(*report.heartbeat_age));
  }
  if (report.is_stale()) text += "; STALE: the process is there, but does not get on";
  return text + "\n";
}

std::string StagesText(const RunStatusReport& report) {
  std::string counts;
  for (const auto& [status, count] : report.by_status) {
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, status);
  }
  return fmt::format("{} stages: {}\n", report.stage_count, counts);
}

std::string OpenText(const RunStatusReport& report) {
  std::string text;
  for (size_t i = 0; i < std::min(report.open.size(), kMostLines); ++i) {
    const OpenStage& stage = report.open[i];
    text += fmt::format("  {} {}{}{}\n", report.is_driven ? Spell(stage.status) : "left in",
                        VisibleLine(stage.stage),
                        stage.attempt > 1 ? fmt::format(", attempt {}", stage.attempt) : "",
                        report.is_driven ? ", for " + ShortDuration(stage.for_ns) : "");
  }
  const bool is_cut = report.open.size() > kMostLines;
  return is_cut ? text + fmt::format("  and {} more\n", report.open.size() - kMostLines) : text;
}

std::string DoubtText(const RunStatusReport& report) {
  std::string text;
  for (size_t i = 0; i < std::min(report.in_doubt.size(), kMostLines); ++i) {
    text += fmt::format("  in doubt: the call of {} was interrupted, and may have been made\n",
                        VisibleLine(report.in_doubt[i]));
  }
  return text;
}

}  // namespace

bool RunStatusReport::is_stale() const {
  return is_driven && heartbeat_age && *heartbeat_age > kStaleAfter;
}

RunStatusReport MakeStatusReport(RecordedRun& run, const runtime::History& history,
                                 const StageTrack& track, const store::LockState& lock,
                                 int64_t wall_now) {
  const runtime::RunIdentity& identity = history.run()->state().identity();
  RunStatusReport report{.run = identity.id,
                         .workflow = std::string(run.plan().workflow()),
                         .folder = run.folder(),
                         .name = NameFromHere(run.folder()),
                         .mode = identity.mode,
                         .is_driven = lock.is_held && !history.run()->machine().has_ended(),
                         .started_at = identity.started_at};
  report.duration_ns = RunTime(history, track, report.is_driven, wall_now);
  const std::optional<int64_t> heartbeat = WallAt(run.manifest(), "heartbeat_at");
  if (heartbeat) report.heartbeat_age = std::max<int64_t>(0, wall_now - *heartbeat);
  AddDrivers(run, report);
  AddEnd(history, track, report);
  AddStages(history, track, report);
  AddCallsInDoubt(history, run.plan(), report);
  return report;
}

std::string_view SpellStatus(const RunStatusReport& report) {
  return report.is_interrupted() ? "interrupted" : Spell(report.status);
}

std::vector<std::string> WhatToType(const RunStatusReport& report) {
  if (report.is_driven) return {};
  std::vector<std::string> commands;
  for (const std::string& stage : report.in_doubt) {
    for (const std::string_view how : {"--done OUTPUT", "--repeat", "--fail MESSAGE"}) {
      commands.push_back(fmt::format("wfc resolve {} {} {}", report.name, stage, how));
    }
  }
  const bool can_go_on = report.is_interrupted() && report.in_doubt.empty();
  if (can_go_on) commands.push_back(fmt::format("wfc resume {}", report.name));
  return commands;
}

Value ToValue(const RunStatusReport& report) {
  std::vector<MapEntry> by_status;
  by_status.reserve(report.by_status.size());
  for (const auto& [status, count] : report.by_status) {
    by_status.push_back({Value::String(status), Value::Int(count)});
  }
  return Value::Record(
      {{"run", Value::String(report.run)},
       {"workflow", Value::String(report.workflow)},
       {"mode", Value::String(Spell(report.mode))},
       {"status", Value::String(SpellStatus(report))},
       {"folder", Value::String(report.folder)},
       {"started_at", Value::String(FormatTimestamp(report.started_at))},
       {"duration_ms", Value::Int(report.duration_ns / kNsPerMs)},
       {"failure", report.failure ? ToValue(*report.failure) : Value::Null()},
       {"failed_stage",
        report.failed_stage.empty() ? Value::Null() : Value::String(report.failed_stage)},
       {"driver", DriverValue(report)},
       {"stages", Value::Record({{"total", Value::Int(report.stage_count)},
                                 {"by_status", Value::Map(std::move(by_status))}})},
       {"open", OpenValue(report)},
       {"in_doubt", Texts(report.in_doubt)},
       {"model_calls", Value::Int(report.model_calls)},
       {"next", Texts(WhatToType(report))}});
}

std::string NextText(const std::vector<std::string>& commands) {
  std::string text;
  for (size_t i = 0; i < std::min(commands.size(), kMostLines); ++i) {
    text += fmt::format("{}{}\n", i == 0 ? "next: " : "      ", VisibleLine(commands[i]));
  }
  return text;
}

std::string ToText(const RunStatusReport& report) {
  return HeadText(report) + NextText(WhatToType(report));
}

std::string HeadText(const RunStatusReport& report) {
  std::string text =
      fmt::format("{}: run {} of `{}`{}\nstarted {}, driven for {}\n", SpellStatus(report),
                  VisibleLine(report.run), VisibleLine(report.workflow),
                  report.mode == Mode::DryRun ? ", a dry run: its effects were simulated" : "",
                  FormatTimestamp({.seconds = report.started_at.seconds, .nanos = 0}),
                  ShortDuration(report.duration_ns));
  text += DriverText(report) + StagesText(report) + OpenText(report) + DoubtText(report);
  if (report.model_calls > 0)
    text += fmt::format("{} call{} of models\n", report.model_calls,
                        report.model_calls == 1 ? "" : "s");
  if (report.failure) {
    text += VisibleLine(fmt::format(
                "{}{}: {}",
                report.failed_stage.empty() ? "" : fmt::format("stage `{}`: ", report.failed_stage),
                Spell(report.failure->code), report.failure->message)) +
            "\n";
  }
  return text + fmt::format("folder: {}\n", VisibleLine(report.folder));
}

ExitCode ExitCodeOf(const RunStatusReport& report) {
  if (report.is_interrupted() || report.is_stale()) return ExitCode::Interrupted;
  return ExitCodeOf(report.status);
}

}  // namespace wfc::driver
