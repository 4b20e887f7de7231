#include "driver/wfc_run/exit_code.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/core.h>

#include "ir/base/standard_streams.h"
#include "ir/base/visible_text.h"

namespace wfc::driver {

ExitCode ExitCodeOf(RunStatus status) {
  switch (status) {
    case RunStatus::Running:
    case RunStatus::Completed:
      return ExitCode::Completed;
    case RunStatus::Partial:
      return ExitCode::Partial;
    case RunStatus::Failed:
      return ExitCode::Failed;
    case RunStatus::Cancelled:
      return ExitCode::Cancelled;
    case RunStatus::InDoubt:
      return ExitCode::Parked;
  }
  return ExitCode::Bug;
}

ExitCode Fail(ExitCode code, std::string_view message) {
  PrintError(message);
  return code;
}

void PrintError(std::string_view message) {
  PrintMessage(stderr, fmt::format("wfc-run: {}\n", VisibleText(message)));
}

bool PrintResult(std::string_view text) {
  if (WriteOutput(stdout, text)) return true;
  PrintError(fmt::format("cannot write the output: {}", std::strerror(errno)));
  return false;
}

}  // namespace wfc::driver
