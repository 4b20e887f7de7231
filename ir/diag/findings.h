// Operations on findings after all phases have reported: sorting, severities and counting.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/diag/diagnostic.h"
#include "ir/support/source_map.h"

namespace wfc::diag {

/// Sorts by file, position and code, with findings about the project as a whole first. Findings of
/// the same code, span and message are reduced to one.
void SortFindings(std::vector<Diagnostic>& findings, const SourceMap& sources);

/// Whether `finding` makes `what` unknown at its location: it is an error that hides `what`, or it
/// reports a construct that this version does not support.
[[nodiscard]] bool DoesHide(const Diagnostic& finding, Hides what);

/// Turns warnings into errors, for `--strict`.
void RaiseWarnings(std::vector<Diagnostic>& findings);

/// The number of findings of each severity.
struct FindingCounts {
  uint32_t errors = 0;
  uint32_t warnings = 0;
  uint32_t notes = 0;
};

/// Counts the findings of each severity.
[[nodiscard]] FindingCounts CountFindings(const std::vector<Diagnostic>& findings);

/// The counts as text, "3 errors, 1 warning"; "no findings" when all are 0.
[[nodiscard]] std::string FormatCounts(const FindingCounts& counts);

/// Whether there is a finding that is at least as severe as `threshold`.
[[nodiscard]] bool AnyAtLeast(const FindingCounts& counts, Severity threshold);

}  // namespace wfc::diag
