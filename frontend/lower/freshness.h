// What `specs` says, as the check of freshness takes it.
#pragma once

#include "frontend/manifest/syntax.h"
#include "frontend/specs/freshness.h"

namespace wfc::lower {

/// No files when the section is not written. The rules look into `syntax`.
[[nodiscard]] specs::FreshnessRules FreshnessRulesOf(const manifest::Syntax& syntax,
                                                     specs::Day today);

}  // namespace wfc::lower
