// What is done with findings after all phases have reported: order, severity, counting.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/diag/diagnostic.h"
#include "ir/support/source_map.h"

namespace wfc::diag {

/// Sorts by file, position and code; findings about the project as a whole come first. Exact
/// repetitions (of code, place and message) are dropped.
void SortFindings(std::vector<Diagnostic>& findings, const SourceMap& sources);

/// Whether `what` is no longer known of the place of the finding: it is an error, or a construct
/// that this version does not know.
[[nodiscard]] bool DoesHide(const Diagnostic& finding, Hides what);

/// `--strict`: warnings become errors.
void RaiseWarnings(std::vector<Diagnostic>& findings);

struct FindingCounts {
  uint32_t errors = 0;
  uint32_t warnings = 0;
  uint32_t notes = 0;
};

[[nodiscard]] FindingCounts CountFindings(const std::vector<Diagnostic>& findings);

/// "3 errors, 1 warning"; "no findings" when there are none.
[[nodiscard]] std::string FormatCounts(const FindingCounts& counts);

/// Whether any finding is at least as severe as `threshold`.
[[nodiscard]] bool AnyAtLeast(const FindingCounts& counts, Severity threshold);

}  // namespace wfc::diag
