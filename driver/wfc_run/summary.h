// Prints the result of a run that has ended: its output on standard output, and its status on
// standard error. Called by the verb `run`.
#pragma once

#include "backend-runtime/runtime/drive/driver.h"
#include "backend-runtime/store/manifest.h"
#include "driver/wfc_run/options.h"
#include "driver/wfc_run/prepared_run.h"
#include "driver/wfc_run/strays.h"

namespace wfc::driver {

/// A run that has ended. All references must be valid while it is printed.
struct Summary {
  RunForm form = RunForm::Text;
  const PreparedRun& run;
  const store::Manifest& manifest;
  const runtime::RunResult& result;
  int64_t run_time_ns = 0;                 ///< for how long the run was driven
  bool had_ended = false;                  ///< before it was resumed, so that nothing was done
  std::vector<std::string> in_doubt = {};  ///< the stages whose calls are
  std::vector<Stray> strays = {};          ///< what these calls have left, and still goes on
};

/// Prints the result. False if the run's records or its output could not be written, which has been
/// printed.
[[nodiscard]] bool PrintSummary(const Summary& summary);

}  // namespace wfc::driver
