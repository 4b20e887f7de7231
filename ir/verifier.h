// Verifier: whether the IR is well formed. Run after lowering and after each transform in debug
// builds; what it finds is a bug in wfc, never a user's mistake.
#pragma once

#include <string>

#include "ir/project.h"

namespace wfc::ir {

/// Empty when `project` is well formed: every id and range is inside its store or pool, bodies and
/// owners agree, entities are numbered by name, dependencies are sorted and each once. Otherwise
/// the first thing that is wrong.
[[nodiscard]] std::string Verify(const Project& project);

}  // namespace wfc::ir
