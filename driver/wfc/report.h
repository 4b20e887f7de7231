// Shows findings in the requested forms, and derives the exit code from them. Called by the verbs.
#pragma once

#include <string>
#include <vector>

#include "driver/wfc/commands.h"
#include "ir/diag/diagnostic.h"
#include "ir/support/source_map.h"

namespace wfc::driver {

/// Sorts the findings by place and, with `--strict`, turns warnings into errors.
void PrepareFindings(std::vector<diag::Diagnostic>& findings, const SourceMap& sources,
                     const ReportOptions& options);

/// Writes prepared findings to every target of `options`. The text form ends with a line that holds
/// the counts and `remark`. Returns ExitCodeOf, or Usage if a report could not be written.
[[nodiscard]] ExitCode ReportFindings(const std::vector<diag::Diagnostic>& findings,
                                      const SourceMap& sources, const ReportOptions& options,
                                      const std::string& remark = {});

/// Success or Findings, depending on the severities of the findings and on `options`.
[[nodiscard]] ExitCode ExitCodeOf(const std::vector<diag::Diagnostic>& findings,
                                  const ReportOptions& options);

/// Prints "wfc: MESSAGE" on standard error.
void PrintError(std::string_view message);

/// Writes `text` to standard output. False if it cannot be written, which has been printed unless
/// the reader closed the pipe; the exit code must then be 2.
[[nodiscard]] bool PrintReport(std::string_view text);

}  // namespace wfc::driver
