// `wfc compile`.
#include <cstdio>

#include <fmt/format.h>

#include "driver/wfc/commands.h"
#include "driver/wfc/files.h"
#include "driver/wfc/project_plan.h"
#include "driver/wfc/report.h"
#include "ir/base/standard_streams.h"
#include "ir/base/visible_text.h"

namespace wfc::driver {

ExitCode Compile(const CompileOptions& options) {
  const auto made = MakeProjectPlan({.path = options.path,
                                     .workflow = options.workflow,
                                     .report = options.report,
                                     .as_of = options.as_of,
                                     .notices = Notices::All});
  if (const ExitCode* code = std::get_if<ExitCode>(&made)) return *code;
  const ProjectPlan& plan = std::get<ProjectPlan>(made);
  const std::string path = options.output.empty() ? plan.workflow + ".plan.bin" : options.output;
  const std::string_view bytes(reinterpret_cast<const char*>(plan.bytes.data()), plan.bytes.size());
  if (const auto written = WriteFileAtomically(path, bytes); !written.ok()) {
    PrintError(written.error().message);
    return ExitCode::Usage;
  }
  PrintMessage(stderr, fmt::format("wrote {}: workflow `{}`, {} bytes\n", VisibleText(path),
                                   plan.workflow, bytes.size()));
  return ExitCode::Success;
}

}  // namespace wfc::driver
