#include "driver/wfc_run/runs/list.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "backend-runtime/host/clock.h"
#include "driver/wfc_run/progress.h"
#include "driver/wfc_run/runs/columns.h"
#include "driver/wfc_run/runs/run_summary.h"
#include "driver/wfc_run/terminal.h"
#include "ir/base/standard_streams.h"
#include "ir/base/time_units.h"
#include "ir/base/utf8.h"
#include "ir/base/visible_text.h"
#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc::driver {
namespace {

/// A run that `resume` does not name is one of so many that are shown.
constexpr size_t kMostResumable = 10;
/// What the columns need beside the workflow's.
constexpr size_t kOtherColumns = 72;
constexpr size_t kNarrowest = 8;

/// How long ago that is: "5s ago", "3m ago", "2h ago", "12d ago".
std::string Age(const std::optional<TimeValue>& then, int64_t wall_now) {
  if (!then) return "-";
  const int64_t seconds = std::max<int64_t>(0, wall_now / kNsPerSecond - then->seconds);
  constexpr int64_t kMinute = 60;
  constexpr int64_t kHour = 60 * kMinute;
  constexpr int64_t kDay = 24 * kHour;
  if (seconds < kMinute) return fmt::format("{}s ago", seconds);
  if (seconds < kHour) return fmt::format("{}m ago", seconds / kMinute);
  if (seconds < 2 * kDay) return fmt::format("{}h ago", seconds / kHour);
  return fmt::format("{}d ago", seconds / kDay);
}

size_t WorkflowWidth(const std::vector<RunSummary>& runs) {
  size_t longest = kNarrowest;
  for (const RunSummary& run : runs) {
    longest = std::max(longest, CountCodePoints(VisibleLine(run.workflow)));
  }
  const std::optional<int> columns = OutputColumns();
  if (!columns) return longest;
  const auto width = static_cast<size_t>(std::max(*columns, 0));
  return std::min(longest, std::max(width, kOtherColumns + kNarrowest) - kOtherColumns);
}

std::string Row(const RunSummary& run, size_t workflow_width, int64_t wall_now) {
  const bool is_known = run.standing != Standing::Damaged;
  return fmt::format("{:28}  {}  {:11}  {:8}  {:6}  {}\n", VisibleLine(run.place.id),
                     Cell(run.workflow, workflow_width), SpellStanding(run),
                     Age(run.started_at, wall_now), is_known ? ShortDuration(run.duration_ns) : "-",
                     is_known ? fmt::format("{}/{}", run.settled_count, run.stage_count) : "-");
}

std::string Table(const std::vector<RunSummary>& runs, int64_t wall_now) {
  if (runs.empty()) return {};
  const size_t width = WorkflowWidth(runs);
  std::string text = fmt::format("{:28}  {:{}}  {:11}  {:8}  {:6}  {}\n", "RUN", "WORKFLOW", width,
                                 "STATUS", "STARTED", "TOOK", "STAGES");
  for (const RunSummary& run : runs) text += Row(run, width, wall_now);
  return text;
}

Value ToJson(const RunSummary& run) {
  const bool is_known = run.standing != Standing::Damaged;
  return Value::Record(
      {{"run", Value::String(run.place.id)},
       {"workflow", Value::String(run.workflow)},
       {"status", Value::String(SpellStanding(run))},
       {"started_at",
        run.started_at ? Value::String(FormatTimestamp(*run.started_at)) : Value::Null()},
       {"duration_ms", is_known ? Value::Int(run.duration_ns / kNsPerMs) : Value::Null()},
       {"stages", Value::Record({{"settled", Value::Int(run.settled_count)},
                                 {"total", Value::Int(run.stage_count)}})},
       {"folder", Value::String(run.place.folder)},
       {"problem", run.problem.empty() ? Value::Null() : Value::String(run.problem)}});
}

/// The runs that are asked for, the newest first.
std::vector<RunSummary> ReadRuns(const std::string& root, const ListOptions& options,
                                 int64_t wall_now) {
  std::vector<RunSummary> runs;
  for (const RunPlace& place : RunsIn(root)) {
    if (options.limit != 0 && runs.size() == options.limit) break;
    RunSummary run = Summarize(place, wall_now);
    const bool is_asked_for = options.workflow.empty() || run.workflow == options.workflow;
    if (is_asked_for) runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

ExitCode ListRuns(const ListOptions& options) {
  const Result<std::string> root = ChooseRunRoot(options.run_root);
  if (!root) {
    PrintError(root.error().message);
    return ExitCode::Usage;
  }
  const int64_t now = host::PosixClock().WallNow();
  const std::vector<RunSummary> runs = ReadRuns(*root, options, now);
  std::string text = Table(runs, now);
  if (options.form == RunForm::Json) {
    std::vector<Value> items;
    items.reserve(runs.size());
    for (const RunSummary& run : runs) items.push_back(ToJson(run));
    text = WriteJson(Value::Record({{"run_root", Value::String(*root)},
                                    {"runs", Value::List(std::move(items))}}),
                     JsonStyle::Pretty) +
           "\n";
  } else if (runs.empty()) {
    PrintMessage(stderr, fmt::format("there are no runs in {}\n", VisibleText(*root)));
  }
  return PrintResult(text) ? ExitCode::Completed : ExitCode::Storage;
}

ExitCode ListResumable() {
  const int64_t now = host::PosixClock().WallNow();
  std::vector<RunSummary> runs;
  const std::vector<std::string> roots = FindRunRoots();
  for (const RunPlace& place : roots.empty() ? std::vector<RunPlace>() : RunsIn(roots.front())) {
    if (runs.size() == kMostResumable) break;
    RunSummary run = Summarize(place, now);
    const bool waits = run.standing == Standing::Rests && run.status == RunStatus::InDoubt;
    if (waits || run.standing == Standing::Interrupted) runs.push_back(std::move(run));
  }
  PrintError(runs.empty() ? "which run? None of those in .wfc/runs can be gone on with"
                          : "which run? These can be gone on with, as `wfc resume RUN`:");
  PrintMessage(stderr, Table(runs, now));
  return ExitCode::Usage;
}

}  // namespace wfc::driver
