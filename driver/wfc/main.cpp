// The main function of `wfc`, the compiler.
#include <csignal>
#include <cstdio>
#include <exception>
#include <variant>

#include <unistd.h>

#include "driver/wfc/command_line.h"
#include "driver/wfc/commands.h"
#include "driver/wfc/heap.h"
#include "ir/base/exhausted.h"
#include "ir/base/standard_streams.h"

namespace {

using namespace wfc::driver;

/// Reports an exception that was not caught: a bug in wfc, like a failed WFC_CHECK, unless the
/// machine has run out of something.
[[noreturn]] void ReportUncaught() {
  if (wfc::ReportExhausted("wfc")) _exit(static_cast<int>(ExitCode::Usage));
  std::fputs(
      "wfc: internal error: an exception was not caught\n"
      "wfc: this is a bug in wfc; please report it with the input that caused it\n",
      stderr);
  std::fflush(nullptr);
  _exit(static_cast<int>(ExitCode::Bug));
}

struct RunCommand {
  ExitCode operator()(ExitCode code) const { return code; }
  ExitCode operator()(const CheckOptions& options) const { return Check(options); }
  ExitCode operator()(const ExplainOptions& options) const { return Explain(options); }
  ExitCode operator()(const CompileOptions& options) const { return Compile(options); }
  ExitCode operator()(const InspectOptions& options) const { return Inspect(options); }
  ExitCode operator()(const GuardOptions& options) const { return Guard(options); }
  ExitCode operator()(const RunOptions& options) const { return RunProject(options); }
};

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(ReportUncaught);
  // With these signals ignored, exceeding the limit for file sizes and writing to a pipe without a
  // reader are errors of the write, reported with a message as a full disk is.
  for (const int signal : {SIGXFSZ, SIGPIPE}) std::signal(signal, SIG_IGN);
  wfc::KeepStandardDescriptors();
  PrepareHeap();
  const ExitCode code = std::visit(RunCommand(), ParseCommandLine(argc, argv));
  // If the output could not be written, the run has failed, whatever its result.
  const bool is_lost = !wfc::WriteOutput(stdout, "") && code != ExitCode::Bug;
  return static_cast<int>(is_lost ? ExitCode::Usage : code);
}
