// Shows the progress of a run: as lines, as a live tree, or as JSON. Called by the recorder of a
// run and by the trace of a simulation.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/recorder.h"
#include "backend-runtime/runtime/redact/redactor.h"

namespace wfc::driver {

/// Shows the events of one run.
class Progress {
 public:
  virtual ~Progress() = default;
  /// Shows an event. `stage` is the path of the event's stage; empty for events of the run.
  virtual void Show(const runtime::Event& event, std::string_view stage) = 0;
  /// Updates what depends on the time; `now_ns` is in nanoseconds since the start of the run.
  virtual void Tick(int64_t now_ns) = 0;
  /// Removes whatever is redrawn in place, so that only lines remain. Call it last.
  virtual void Finish() = 0;
};

/// Whether text is coloured with SGR escape sequences.
enum class Paint : uint8_t { Plain, Colored };

/// How progress is shown. All references must outlive the Progress.
struct ProgressOptions {
  std::FILE* stream = stderr;
  Paint paint = Paint::Plain;
  const redact::Redactor* redactor = nullptr;  ///< null: nothing is hidden
  /// Says which stages make calls, whose starts are shown, and where routes lead; null: neither
  /// starts nor routes are shown.
  const plan::PlanView* plan = nullptr;
  std::string folder = {};  ///< path of the run's folder, to point to transcripts; empty: none
};

/// Shows a line for the start of the run, each call that starts, each route that is taken, each
/// stage that settles and each attempt that fails; after a failure, also the end of the program's
/// output; and at the end one line for all stages that neither a route nor a failure called for.
[[nodiscard]] std::unique_ptr<Progress> MakePlainProgress(const ProgressOptions& options);

/// Shows the same lines except those for starts and, below them, the running stages, which are
/// redrawn in place. `columns` is the width of the terminal.
[[nodiscard]] std::unique_ptr<Progress> MakeLiveProgress(const ProgressOptions& options,
                                                         int columns);

/// Shows each event as a line of JSON, as `wfc runs events` prints them.
[[nodiscard]] std::unique_ptr<Progress> MakeJsonProgress(const ProgressOptions& options);

/// A duration for the user, such as "0.42s", "1m03s" or "2h05m".
[[nodiscard]] std::string ShortDuration(int64_t duration_ns);

}  // namespace wfc::driver
