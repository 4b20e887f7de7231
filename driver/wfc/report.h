// Shows findings in the forms that were asked for and turns them into an exit code.
#pragma once

#include <string>
#include <vector>

#include "driver/wfc/commands.h"
#include "ir/diag/diagnostic.h"
#include "ir/support/source_map.h"

namespace wfc::driver {

/// Sorts the findings and raises them as `--strict` says.
void PrepareFindings(std::vector<diag::Diagnostic>& findings, const SourceMap& sources,
                     const ReportOptions& options);

/// Writes prepared findings to every target of `options`. The text form ends with a line of counts
/// and `remark`.
[[nodiscard]] ExitCode ReportFindings(const std::vector<diag::Diagnostic>& findings,
                                      const SourceMap& sources, const ReportOptions& options,
                                      const std::string& remark = {});

/// Success or Findings.
[[nodiscard]] ExitCode ExitCodeOf(const std::vector<diag::Diagnostic>& findings,
                                  const ReportOptions& options);

/// Prints "wfc: MESSAGE" on standard error.
void PrintError(std::string_view message);

/// Writes `text` to standard output; false when it cannot be written, which has been said. A report
/// that is lost is exit code 2.
[[nodiscard]] bool PrintReport(std::string_view text);

}  // namespace wfc::driver
