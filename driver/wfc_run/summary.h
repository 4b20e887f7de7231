// What remains to be said when a run has ended: its output on standard output, how it went on
// standard error.
#pragma once

#include "backend-runtime/runtime/interpreter.h"
#include "backend-runtime/store/manifest.h"
#include "driver/wfc_run/options.h"
#include "driver/wfc_run/prepared_run.h"

namespace wfc::driver {

struct Summary {
  const RunOptions& options;
  const PreparedRun& run;
  const store::Manifest& manifest;
  const runtime::RunResult& result;
};

/// False when the run's records or its output could not be written; that has been said.
[[nodiscard]] bool PrintSummary(const Summary& summary);

}  // namespace wfc::driver
