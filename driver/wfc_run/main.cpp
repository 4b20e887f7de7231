// wfc-run: the runtime's command line.
#include <cstdio>
#include <exception>
#include <variant>

#include <unistd.h>

#include "backend-runtime/host/posix_host.h"
#include "driver/wfc_run/options.h"
#include "driver/wfc_run/run.h"
#include "driver/wfc_run/simulate.h"
#include "ir/base/standard_streams.h"

namespace {

using namespace wfc::driver;
namespace host = wfc::host;

/// An exception that no one caught is a bug of wfc, like a failed WFC_CHECK.
[[noreturn]] void ReportBug() {
  std::fputs(
      "wfc-run: internal error: an exception was not caught\n"
      "wfc-run: this is a bug in wfc; please report it with the plan that caused it\n",
      stderr);
  std::fflush(nullptr);
  _exit(static_cast<int>(ExitCode::Bug));
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(ReportBug);
  host::PrepareProcess();
  const Command command = ParseCommandLine(argc, argv);
  if (const auto* run = std::get_if<RunOptions>(&command)) return static_cast<int>(RunPlan(*run));
  if (const auto* simulate = std::get_if<SimulateOptions>(&command)) {
    return static_cast<int>(SimulatePlan(*simulate));
  }
  // `--help` and `--version`.
  const bool is_lost = !wfc::WriteOutput(stdout, "");
  return static_cast<int>(is_lost ? ExitCode::Usage : std::get<ExitCode>(command));
}
