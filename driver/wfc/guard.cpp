// `wfc guard`: checks only whether the specifications were reviewed recently.
#include <cstdio>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "driver/wfc/analysis.h"
#include "driver/wfc/commands.h"
#include "driver/wfc/report.h"
#include "driver/wfc/show.h"
#include "ir/base/standard_streams.h"
#include "ir/diag/codes.h"
#include "ir/diag/findings.h"

namespace wfc::driver {
namespace {

/// Whether the finding is about specifications, or is an error in a manifest's form: a part that
/// could not be read may concern specifications too.
bool ConcernsGuard(const diag::Diagnostic& finding) {
  const diag::Family family = diag::GetInfo(finding.code).family;
  const bool is_unread = family == diag::Family::Yaml || family == diag::Family::Keys;
  return family == diag::Family::Specifications ||
         (is_unread && finding.severity == diag::Severity::Error);
}

std::string Remark(const Analysis& analysis) {
  const uint32_t count = analysis.specs_checked.checked;
  return fmt::format(" in {} specification{}", count, count == 1 ? "" : "s");
}

}  // namespace

ExitCode Guard(const GuardOptions& options) {
  auto analysed = Analyse({.path = options.path,
                           .outside = options.outside,
                           .passes = PassOptionsFor(options.now),
                           .runs_passes = false});
  if (!analysed) return ReportFailure(analysed.error());
  Analysis& analysis = **analysed;
  ShowOutsideFiles(analysis);
  std::vector<diag::Diagnostic> findings = std::move(analysis.findings);
  std::erase_if(findings, [](const diag::Diagnostic& each) { return !ConcernsGuard(each); });
  if (findings.empty() && !analysis.project.specs.is_written) {
    PrintError("the project has no `specs` section, so there is nothing to guard");
    return ExitCode::NothingToDo;
  }
  PrepareFindings(findings, analysis.sources, options.report);
  const ExitCode code =
      ReportFindings(findings, analysis.sources, options.report, Remark(analysis));
  if (!options.is_dry_run || code != ExitCode::Findings) return code;
  PrintMessage(stderr, "would fail\n");
  return ExitCode::Success;
}

}  // namespace wfc::driver
