#include "driver/wfc/report.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/core.h>
#include <unistd.h>

#include "driver/wfc/files.h"
#include "ir/base/standard_streams.h"
#include "ir/base/visible_text.h"
#include "ir/diag/findings.h"
#include "ir/diag/render.h"

namespace wfc::driver {
namespace {

bool IsSet(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' && std::string_view(value) != "0";
}

/// Honours NO_COLOR (https://no-color.org) and FORCE_COLOR, which CI systems set; `--color` takes
/// precedence over both.
diag::Color ChooseColor(ColorChoice choice, const ReportTarget& target) {
  if (choice == ColorChoice::Always) return diag::Color::Always;
  if (choice == ColorChoice::Never || !target.file.empty()) return diag::Color::Never;
  if (IsSet("NO_COLOR")) return diag::Color::Never;
  const bool is_colored = IsSet("FORCE_COLOR") || isatty(STDOUT_FILENO) == 1;
  return is_colored ? diag::Color::Always : diag::Color::Never;
}

/// A hint that `wfc explain` has a page for each code, with the code of the worst finding as the
/// example.
std::string PointToPages(const std::vector<diag::Diagnostic>& findings) {
  if (findings.empty()) return {};
  const auto gravest = std::ranges::min_element(findings, {}, &diag::Diagnostic::severity);
  return fmt::format("`wfc explain {}` says more, with an example\n",
                     diag::GetInfo(gravest->code).name);
}

std::string Render(const std::vector<diag::Diagnostic>& findings, const SourceMap& sources,
                   const ReportTarget& target, ColorChoice color, const std::string& remark) {
  switch (target.form) {
    case ReportForm::Text:
      return diag::RenderText(findings, sources, ChooseColor(color, target)) +
             diag::FormatCounts(diag::CountFindings(findings)) + remark + "\n" +
             PointToPages(findings);
    case ReportForm::Concise:
      return diag::RenderConcise(findings, sources);
    case ReportForm::Json:
      return diag::RenderJson(findings, sources);
  }
  return {};
}

/// Writes a report to its target. False if that is not possible, which has been printed.
bool Deliver(const std::string& report, const ReportTarget& target) {
  // On a terminal, control characters must be visible. Only JSON is not escaped when rendered.
  const bool is_json_seen = target.form == ReportForm::Json && isatty(STDOUT_FILENO) == 1;
  if (target.file.empty()) return PrintReport(is_json_seen ? VisibleLines(report) : report);
  const Result<void, Error> written = WriteFileAtomically(target.file, report, Links::Follow);
  if (!written.ok()) PrintError(written.error().message);
  return written.ok();
}

}  // namespace

void PrepareFindings(std::vector<diag::Diagnostic>& findings, const SourceMap& sources,
                     const ReportOptions& options) {
  if (options.is_strict) diag::RaiseWarnings(findings);
  diag::SortFindings(findings, sources);
}

ExitCode ReportFindings(const std::vector<diag::Diagnostic>& findings, const SourceMap& sources,
                        const ReportOptions& options, const std::string& remark) {
  const std::vector<ReportTarget> text = {{.form = ReportForm::Text, .file = {}}};
  bool is_delivered = true;
  for (const ReportTarget& target : options.targets.empty() ? text : options.targets) {
    const std::string report = Render(findings, sources, target, options.color, remark);
    is_delivered = Deliver(report, target) && is_delivered;
  }
  return is_delivered ? ExitCodeOf(findings, options) : ExitCode::Usage;
}

ExitCode ExitCodeOf(const std::vector<diag::Diagnostic>& findings, const ReportOptions& options) {
  const bool fails = diag::AnyAtLeast(diag::CountFindings(findings), options.fail_on);
  return fails && !options.exits_zero ? ExitCode::Findings : ExitCode::Success;
}

void PrintError(std::string_view message) {
  PrintMessage(stderr, fmt::format("wfc: {}\n", VisibleText(message)));
}

bool PrintReport(std::string_view text) {
  if (WriteOutput(stdout, text)) return true;
  // A reader that closed the pipe has read all that it wanted.
  if (errno != EPIPE) PrintError(fmt::format("cannot write the output: {}", std::strerror(errno)));
  return false;
}

}  // namespace wfc::driver
