// The verb `runs prune`.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "backend-runtime/host/clock.h"
#include "driver/wfc_run/runs/run_summary.h"
#include "driver/wfc_run/runs/run_trash.h"
#include "driver/wfc_run/runs/verbs.h"
#include "ir/base/standard_streams.h"
#include "ir/base/time_units.h"
#include "ir/base/visible_text.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

/// A run that has ended, and what it takes on the disk.
struct EndedRun {
  RunSummary summary;
  int64_t size = 0;
};

struct Report {
  std::vector<EndedRun> removed;
  std::vector<std::string> problems;
  int64_t kept_count = 0;
  int64_t leftover_count = 0;  ///< what earlier prunes left behind
};

/// A size for people: "12.3MB".
std::string ShortSize(int64_t bytes) {
  constexpr std::pair<int64_t, std::string_view> kUnits[] = {
      {1'000'000'000, "GB"}, {1'000'000, "MB"}, {1'000, "KB"}};
  for (const auto& [factor, name] : kUnits) {
    if (bytes < factor) continue;
    const int64_t tenths = bytes / (factor / 10);
    return fmt::format("{}.{}{}", tenths / 10, tenths % 10, name);
  }
  return fmt::format("{}B", bytes);
}

/// The nanoseconds since the run ended.
int64_t AgeOf(const RunSummary& run, int64_t wall_now) {
  const int64_t started = run.started_at->seconds * kNsPerSecond + run.started_at->nanos;
  return wall_now - started - run.duration_ns;
}

/// The runs that a limit tells to go, the newest first. Each limit counts on its own.
std::vector<EndedRun> Choose(std::vector<EndedRun> ended, int64_t total_size,
                             const PruneOptions& options, int64_t wall_now) {
  std::vector<EndedRun> chosen;
  std::vector<EndedRun> left;
  for (EndedRun& run : ended) {
    const bool is_old = options.older_than && AgeOf(run.summary, wall_now) > *options.older_than;
    const bool is_beyond = options.keep && left.size() >= *options.keep;
    if (is_old || is_beyond) total_size -= run.size;
    (is_old || is_beyond ? chosen : left).push_back(std::move(run));
  }
  while (options.max_size && total_size > *options.max_size && !left.empty()) {
    total_size -= left.back().size;
    chosen.push_back(std::move(left.back()));
    left.pop_back();
  }
  return chosen;
}

/// Reads all runs of the root, and chooses those that are to go.
std::vector<EndedRun> FindOnesToGo(const std::string& root, const PruneOptions& options,
                                   Report& report) {
  const int64_t now = host::PosixClock().WallNow();
  std::vector<EndedRun> ended;
  int64_t total_size = 0;
  for (const RunPlace& place : RunsIn(root)) {
    EndedRun run{.summary = Summarize(place, now)};
    if (options.max_size || HasEnded(run.summary)) run.size = SizeOnDisk(place.folder);
    total_size += run.size;
    ++report.kept_count;
    if (HasEnded(run.summary)) ended.push_back(std::move(run));
  }
  return Choose(std::move(ended), total_size, options, now);
}

/// What was left behind by prunes that did not come to their end.
void EmptyTrash(const std::string& root, IsDryRun is_dry_run, Report& report) {
  for (const std::string& workflow : WorkflowFoldersIn(root)) {
    const Result<RunTrash> trash = RunTrash::Open(workflow);
    if (!trash) continue;
    for (const std::string& leftover : trash->Leftovers()) {
      ++report.leftover_count;
      if (is_dry_run == IsDryRun::Yes) continue;
      const Result<void> emptied = trash->Empty(leftover);
      if (!emptied) report.problems.push_back(emptied.error().message);
    }
  }
}

Result<void> RemoveRun(const RunPlace& place) {
  const Result<RunTrash> trash = RunTrash::Open(WorkflowFolderOf(place));
  if (!trash) return trash.error();
  return trash->Remove(place);
}

Report Prune(const std::string& root, const PruneOptions& options) {
  Report report;
  EmptyTrash(root, options.is_dry_run, report);
  std::vector<EndedRun> chosen = FindOnesToGo(root, options, report);
  for (EndedRun& run : chosen) {
    const bool removes = options.is_dry_run == IsDryRun::No;
    const Result<void> removed = removes ? RemoveRun(run.summary.place) : Result<void>();
    if (!removed) {
      report.problems.push_back(removed.error().message);
      continue;
    }
    --report.kept_count;
    report.removed.push_back(std::move(run));
  }
  return report;
}

int64_t FreedBy(const Report& report) {
  int64_t freed = 0;
  for (const EndedRun& run : report.removed) freed += run.size;
  return freed;
}

std::string ReportText(const Report& report, IsDryRun is_dry_run) {
  const bool is_dry = is_dry_run == IsDryRun::Yes;
  std::string text;
  for (const EndedRun& run : report.removed) {
    text += fmt::format("{} {}  {}  {}  {}\n", is_dry ? "would remove" : "removed",
                        VisibleLine(run.summary.place.id), VisibleLine(run.summary.workflow),
                        SpellStanding(run.summary), ShortSize(run.size));
  }
  if (report.leftover_count > 0) {
    text += fmt::format("{} what was left of {} runs that were removed before\n",
                        is_dry ? "would remove" : "removed", report.leftover_count);
  }
  const size_t count = report.removed.size();
  return text + fmt::format("{} {} of {} runs: {} {}\n", is_dry ? "would remove" : "removed", count,
                            count + static_cast<size_t>(report.kept_count),
                            ShortSize(FreedBy(report)), is_dry ? "would be freed" : "freed");
}

Value ReportValue(const Report& report, IsDryRun is_dry_run) {
  std::vector<Value> removed;
  removed.reserve(report.removed.size());
  for (const EndedRun& run : report.removed) {
    removed.push_back(Value::Record({{"run", Value::String(run.summary.place.id)},
                                     {"workflow", Value::String(run.summary.workflow)},
                                     {"status", Value::String(SpellStanding(run.summary))},
                                     {"folder", Value::String(run.summary.place.folder)},
                                     {"bytes", Value::Int(run.size)}}));
  }
  return Value::Record({{"dry_run", Value::Bool(is_dry_run == IsDryRun::Yes)},
                        {"removed", Value::List(std::move(removed))},
                        {"leftovers", Value::Int(report.leftover_count)},
                        {"freed_bytes", Value::Int(FreedBy(report))},
                        {"kept", Value::Int(report.kept_count)}});
}

}  // namespace

ExitCode PruneRuns(const PruneOptions& options) {
  if (!options.older_than && !options.keep && !options.max_size) {
    PrintError("say which runs to remove: give --older-than, --keep or --max-size");
    return ExitCode::Usage;
  }
  const Result<std::string> root = ChooseRunRoot(options.run_root);
  if (!root) {
    PrintError(root.error().message);
    return ExitCode::Usage;
  }
  const Report report = Prune(*root, options);
  const std::string text =
      options.form == RunForm::Json
          ? WriteJson(ReportValue(report, options.is_dry_run), JsonStyle::Pretty) + "\n"
          : ReportText(report, options.is_dry_run);
  const bool is_printed = PrintResult(text);
  for (const std::string& problem : report.problems) PrintError(problem);
  return is_printed && report.problems.empty() ? ExitCode::Completed : ExitCode::Storage;
}

}  // namespace wfc::driver
