// wfc-run: the runtime's command line.
#include <cstdio>
#include <exception>
#include <variant>

#include <unistd.h>

#include "driver/wfc_run/options.h"
#include "driver/wfc_run/run.h"

namespace {

using namespace wfc::driver;

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
  const Command command = ParseCommandLine(argc, argv);
  const ExitCode* code = std::get_if<ExitCode>(&command);
  return static_cast<int>(code != nullptr ? *code : RunPlan(std::get<RunOptions>(command)));
}
