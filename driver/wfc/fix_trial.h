// Tries fixes before they are made: a fix is good only if the project has no worse findings with it
// than before. Called by `wfc check`.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ir/diag/fixes.h"
#include "ir/support/source_map.h"

namespace wfc::driver {

using Findings = std::vector<diag::Diagnostic>;
/// The paths of changed files, each with the text that it would have.
using ChangedFiles = std::vector<std::pair<std::string, std::string>>;
/// Returns the findings that the project would have with these files changed; nullopt if it could
/// not be loaded.
using CheckChanged = std::function<std::optional<Findings>(const ChangedFiles& files)>;

/// Plans the fixes of `findings`, of at least the safety `least_safe`, that do not make the project
/// worse. A fix of an error that hides other findings, such as a syntax error, is not tried: it may
/// reveal any number of findings and still be right.
[[nodiscard]] diag::FixPlan PlanGoodFixes(const Findings& findings, diag::FixSafety least_safe,
                                          const SourceMap& sources, const CheckChanged& check);

}  // namespace wfc::driver
