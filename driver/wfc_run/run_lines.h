// RunLines: what the plain and the live form of progress write for the events of a real run. It
// adds to the line of a single event what follows from several: the routes that were taken, and one
// line for all stages that nothing called for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "driver/wfc_run/progress.h"

namespace wfc::driver {

/// The line that a run begins with: its id, its workflow, the number of its stages and its folder.
/// `started` is the event RunStarted, and the options must have a plan.
[[nodiscard]] std::string StartLine(const runtime::Event& started, const ProgressOptions& options);

/// Writes the lines of one run. The events must come in their order.
class RunLines {
 public:
  /// The options must outlive this object.
  explicit RunLines(const ProgressOptions& options) : options_(options) {}

  /// The lines for an event, each with its line break; empty if it has none.
  [[nodiscard]] std::string Of(const runtime::Event& event, std::string_view stage);
  /// What has not been written yet when the run is left; empty after RunFinished.
  [[nodiscard]] std::string Rest();

 private:
  const ProgressOptions& options_;
  uint64_t unneeded_count_ = 0;
  std::vector<std::string> unneeded_;  // the first few stages that nothing called for
};

}  // namespace wfc::driver
