// The verb `status`.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "backend-runtime/host/clock.h"
#include "driver/wfc_run/runs/columns.h"
#include "driver/wfc_run/runs/event_line.h"
#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/runs/run_status.h"
#include "driver/wfc_run/runs/verbs.h"
#include "driver/wfc_run/terminal.h"
#include "ir/base/standard_streams.h"
#include "ir/base/time_units.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

constexpr int64_t kBetweenLooks = kNsPerSecond;
/// A run that takes long to read is read more rarely, so that this share of the time is spent on
/// it.
constexpr int64_t kShareOfLooking = 10;

/// What is known of a run at one moment.
struct Seen {
  RunStatusReport report;
  std::vector<std::string> lines;  ///< what has happened; of a run that is watched
};

/// Keeps the events as lines, too.
class LinesAndTrack : public StageTrack {
 public:
  explicit LinesAndTrack(const plan::PlanView& plan) : StageTrack(plan) {}

  void Record(const runtime::Event& event) override {
    StageTrack::Record(event);
    lines.push_back(
        EventLine(event, event.node.has_value() ? plan().name(event.node) : std::string_view()));
  }

  std::vector<std::string> lines;
};

Result<Seen> Look(const std::string& folder) {
  Seen seen;
  const Result<void> looked = LookAt(folder, [&](RecordedRun& run) -> Result<void> {
    // A driver that ends after that has recorded the end.
    const store::LockState lock = store::InspectLock(run.folder());
    LinesAndTrack track(run.plan());
    runtime::History history(run.plan(), track);
    Result<void> read = run.Read(history, [&] { track.TakeFact(history.last()); });
    if (!read) return read;
    seen.report = MakeStatusReport(run, history, track, lock, host::PosixClock().WallNow());
    seen.lines = std::move(track.lines);
    return {};
  });
  if (!looked) return looked.error();
  return seen;
}

/// Shows what has changed since the last look.
class Watcher {
 public:
  explicit Watcher(RunForm form) : form_(form), columns_(OutputColumns()) {}

  /// False if it cannot be printed.
  [[nodiscard]] bool Show(const Seen& seen) {
    if (form_ == RunForm::Json) return ShowJson(seen);
    return columns_ ? Redraw(seen) : ShowLines(seen);
  }

 private:
  bool ShowJson(const Seen& seen) {
    const bool is_new = !has_shown_ || seen.lines.size() != line_count_ ||
                        seen.report.is_driven != was_driven_ ||
                        seen.report.is_stale() != was_stale_;
    Remember(seen);
    return !is_new || PrintResult(WriteJson(ToValue(seen.report)) + "\n");
  }

  bool ShowLines(const Seen& seen) {
    const bool is_whole = !has_shown_ || !seen.report.is_driven;
    std::string text;
    for (size_t i = line_count_; has_shown_ && i < seen.lines.size(); ++i) {
      text += seen.lines[i] + "\n";
    }
    const bool has_become_stale = has_shown_ && seen.report.is_stale() && !was_stale_;
    if (has_become_stale) text += "the process that drives the run does not get on\n";
    if (is_whole) text += ToText(seen.report);
    Remember(seen);
    return PrintResult(text);
  }

  bool Redraw(const Seen& seen) {
    std::string text = row_count_ == 0 ? "" : fmt::format("\x1b[{}A\r\x1b[J", row_count_);
    row_count_ = 0;
    const std::string report = ToText(seen.report);
    for (std::string_view rest = report; !rest.empty(); ++row_count_) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      // The last report stays, and may be longer than the rows it would be redrawn in.
      const std::string_view line = rest.substr(0, end);
      text +=
          seen.report.is_driven ? Clip(line, static_cast<size_t>(*columns_)) : std::string(line);
      text += '\n';
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return PrintResult(text);
  }

  void Remember(const Seen& seen) {
    has_shown_ = true;
    line_count_ = seen.lines.size();
    was_driven_ = seen.report.is_driven;
    was_stale_ = seen.report.is_stale();
  }

  RunForm form_;
  std::optional<int> columns_;
  bool has_shown_ = false;
  bool was_driven_ = false;
  bool was_stale_ = false;
  size_t line_count_ = 0;
  size_t row_count_ = 0;
};

ExitCode RefuseToLook(const std::string& message) {
  PrintError(message);
  return ExitCode::Usage;
}

ExitCode Watch(const std::string& folder, RunForm form) {
  const host::PosixClock clock;
  Watcher watcher(form);
  while (true) {
    const int64_t began = clock.Now();
    const Result<Seen> seen = Look(folder);
    if (!seen) return RefuseToLook(seen.error().message);
    if (!watcher.Show(*seen)) return ExitCode::Storage;
    if (!seen->report.is_driven) return ExitCodeOf(seen->report);
    const int64_t cost = clock.Now() - began;
    std::this_thread::sleep_for(
        std::chrono::nanoseconds(std::max(kBetweenLooks, cost * kShareOfLooking)));
  }
}

}  // namespace

ExitCode ShowStatus(const StatusOptions& options) {
  const Result<std::string> folder = FindRunFolder(options.run);
  if (!folder) return RefuseToLook(folder.error().message);
  if (options.watches) return Watch(*folder, options.form);
  const Result<Seen> seen = Look(*folder);
  if (!seen) return RefuseToLook(seen.error().message);
  const std::string text = options.form == RunForm::Json
                               ? WriteJson(ToValue(seen->report), JsonStyle::Pretty) + "\n"
                               : ToText(seen->report);
  return PrintResult(text) ? ExitCodeOf(seen->report) : ExitCode::Storage;
}

}  // namespace wfc::driver
