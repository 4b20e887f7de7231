// What someone who waits for a run sees on standard error: lines, a live tree, or JSON.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/recorder.h"
#include "backend-runtime/store/redactor.h"

namespace wfc::driver {

class Progress {
 public:
  virtual ~Progress() = default;
  /// `stage`: the path of the event's node; "" for events of the run.
  virtual void Show(const runtime::Event& event, std::string_view stage) = 0;
  /// Time has passed; `now_ns` since the run started.
  virtual void Tick(int64_t now_ns) = 0;
  /// Nothing follows: leaves the terminal as a line printer would.
  virtual void Finish() = 0;
};

enum class Paint : uint8_t { Plain, Colored };

struct ProgressOptions {
  std::FILE* stream = stderr;
  Paint paint = Paint::Plain;
  const store::Redactor* redactor = nullptr;
  const plan::PlanTables* plan = nullptr;  ///< which stages take time; none: no start is told
  std::string folder = {};                 ///< of the run, where the transcripts are; "": none
};

/// A line for each call that starts, each stage that settled and each attempt that failed; after a
/// failure, how the output of its program ended.
[[nodiscard]] std::unique_ptr<Progress> MakePlainProgress(const ProgressOptions& options);

/// The same lines but for starts, and below them the stages that run, redrawn in place. `columns`
/// is the terminal's width.
[[nodiscard]] std::unique_ptr<Progress> MakeLiveProgress(const ProgressOptions& options,
                                                         int columns);

/// Each event as a line of JSON, as in events.jsonl.
[[nodiscard]] std::unique_ptr<Progress> MakeJsonProgress(const ProgressOptions& options);

/// "0.42s", "1m03s".
[[nodiscard]] std::string ShortDuration(int64_t duration_ns);

}  // namespace wfc::driver
