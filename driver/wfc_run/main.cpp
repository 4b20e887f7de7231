// The main function of `wfc-run`, which runs plans.
#include <cstdio>
#include <exception>
#include <variant>

#include <unistd.h>

#include "backend-runtime/host/posix_host.h"
#include "driver/wfc_run/cancel.h"
#include "driver/wfc_run/doctor.h"
#include "driver/wfc_run/options.h"
#include "driver/wfc_run/run.h"
#include "driver/wfc_run/runs/verbs.h"
#include "driver/wfc_run/simulate.h"
#include "ir/base/exhausted.h"
#include "ir/base/standard_streams.h"

namespace {

using namespace wfc::driver;
namespace host = wfc::host;

/// Reports an exception that was not caught. If the machine has run out of something, the process
/// ends with `exhausted`; otherwise it is a bug in wfc, like a failed WFC_CHECK.
template <ExitCode exhausted>
[[noreturn]] void ReportUncaught() {
  if (wfc::ReportExhausted("wfc-run")) _exit(static_cast<int>(exhausted));
  std::fputs(
      "wfc-run: internal error: an exception was not caught\n"
      "wfc-run: this is a bug in wfc; please report it with the plan that caused it\n",
      stderr);
  std::fflush(nullptr);
  _exit(static_cast<int>(ExitCode::Bug));
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(ReportUncaught<ExitCode::Usage>);
  host::PrepareProcess();
  const Command command = ParseCommandLine(argc, argv);
  if (const auto* run = std::get_if<RunOptions>(&command)) {
    // What the run has recorded until then is kept.
    std::set_terminate(ReportUncaught<ExitCode::Storage>);
    return static_cast<int>(RunPlan(*run));
  }
  if (const auto* resume = std::get_if<ResumeOptions>(&command)) {
    std::set_terminate(ReportUncaught<ExitCode::Storage>);
    return static_cast<int>(ResumeRun(*resume));
  }
  if (const auto* cancel = std::get_if<CancelOptions>(&command)) {
    std::set_terminate(ReportUncaught<ExitCode::Storage>);
    return static_cast<int>(CancelRun(*cancel));
  }
  if (const auto* simulate = std::get_if<SimulateOptions>(&command)) {
    return static_cast<int>(SimulatePlan(*simulate));
  }
  if (const auto* runs = std::get_if<RunsCommand>(&command)) {
    return static_cast<int>(CarryOut(*runs));
  }
  if (const auto* doctor = std::get_if<DoctorOptions>(&command)) {
    return static_cast<int>(ExaminePlans(*doctor));
  }
  // After `--help` and `--version`, the text must have been written completely.
  const bool is_lost = !wfc::WriteOutput(stdout, "");
  return static_cast<int>(is_lost ? ExitCode::Usage : std::get<ExitCode>(command));
}
