// wfc: the compiler's command line.
#include <csignal>
#include <cstdio>
#include <exception>
#include <variant>

#include <unistd.h>

#include "driver/wfc/command_line.h"
#include "driver/wfc/commands.h"
#include "driver/wfc/heap.h"
#include "ir/base/standard_streams.h"

namespace {

using namespace wfc::driver;

/// An exception that no one caught is a bug of wfc, like a failed WFC_CHECK.
[[noreturn]] void ReportBug() {
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
  std::set_terminate(ReportBug);
  // A file that may not grow, and a pipe without a reader, are then an error of the write, with a
  // message, like a full disk.
  for (const int signal : {SIGXFSZ, SIGPIPE}) std::signal(signal, SIG_IGN);
  wfc::KeepStandardDescriptors();
  PrepareHeap();
  const ExitCode code = std::visit(RunCommand(), ParseCommandLine(argc, argv));
  // What did not reach its reader is no success, whatever it would have said.
  const bool is_lost = !wfc::WriteOutput(stdout, "") && code != ExitCode::Bug;
  return static_cast<int>(is_lost ? ExitCode::Usage : code);
}
