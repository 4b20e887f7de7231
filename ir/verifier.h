// The IR verifier: checks that the IR is well formed. It runs before a plan is written and, in
// debug builds, after lowering. Whatever it finds is a bug in wfc, never a user's mistake.
#pragma once

#include <string>

#include "ir/project.h"

namespace wfc::ir {

/// Returns "" if `project` is well formed: every id and range lies inside its store or pool, bodies
/// and owners agree, entities are numbered in the order of their names, and dependencies are sorted
/// and unique. Otherwise describes the first violation.
[[nodiscard]] std::string Verify(const Project& project);

}  // namespace wfc::ir
