// Tries fixes before they are made: a fix is right only if the project is no worse with it.
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
/// Files by path, with the texts that they would have.
using ChangedFiles = std::vector<std::pair<std::string, std::string>>;
/// The findings of the project when these files are changed; none: it could not be read.
using CheckChanged = std::function<std::optional<Findings>(const ChangedFiles& files)>;

/// Those fixes of `findings` that leave nothing behind which is worse than what they mend, as
/// PlanFixes takes them. A fix of what could not be read, an error of the files' own form, may
/// bring anything to light.
[[nodiscard]] diag::FixPlan PlanGoodFixes(const Findings& findings, diag::FixSafety least_safe,
                                          const SourceMap& sources, const CheckChanged& check);

}  // namespace wfc::driver
