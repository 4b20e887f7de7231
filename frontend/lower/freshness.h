// Converts the section `specs` for the check of freshness. Called by the driver.
#pragma once

#include "frontend/manifest/syntax.h"
#include "frontend/specs/freshness.h"

namespace wfc::lower {

/// The rules that `specs` states; without the section, rules without files. They refer to texts in
/// `syntax`, which must outlive them.
[[nodiscard]] specs::FreshnessRules FreshnessRulesOf(const manifest::Syntax& syntax, Day today);

}  // namespace wfc::lower
