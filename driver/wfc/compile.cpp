// `wfc compile`: writes the plan of a project's workflow to a file.
#include <cstdio>

#include <fmt/core.h>

#include "driver/wfc/commands.h"
#include "driver/wfc/files.h"
#include "driver/wfc/project_plan.h"
#include "driver/wfc/report.h"
#include "ir/base/standard_streams.h"
#include "ir/base/visible_text.h"

namespace wfc::driver {

ExitCode Compile(const CompileOptions& options) {
  const auto made =
      MakeProjectPlan({.path = options.path,
                       .outside = options.outside,
                       .workflow = options.workflow,
                       .report = options.report,
                       .as_of = options.as_of,
                       .notices = options.output == "-" ? Notices::OnlyFailures : Notices::All});
  if (const ExitCode* code = std::get_if<ExitCode>(&made)) return *code;
  const ProjectPlan& plan = std::get<ProjectPlan>(made);
  const std::string path = options.output.empty() ? plan.workflow + ".plan.bin" : options.output;
  const std::string_view bytes(reinterpret_cast<const char*>(plan.bytes.data()), plan.bytes.size());
  if (path == "-") {
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() &&
        std::fflush(stdout) == 0)
      return ExitCode::Success;
    PrintError("cannot write the plan to standard output");
    return ExitCode::Usage;
  }
  // A link at a path that the user typed is meant to be followed. The default name comes from the
  // project, which could have put a link there in order to overwrite another file.
  const Links links = options.output.empty() ? Links::Replace : Links::Follow;
  if (const auto written = WriteFileAtomically(path, bytes, links); !written.ok()) {
    PrintError(written.error().message);
    return ExitCode::Usage;
  }
  PrintMessage(stderr, fmt::format("wrote {}: workflow `{}`, {} bytes\n", VisibleText(path),
                                   plan.workflow, bytes.size()));
  return ExitCode::Success;
}

}  // namespace wfc::driver
