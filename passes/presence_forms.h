// Forms in which conditions ask the same question, and what commands promise of their answers: for
// the subjects of presence.
#pragma once

#include <string>
#include <vector>

#include "ir/project.h"

namespace wfc::passes {

/// As it is written, with `.` for `.?`: `input.a.b` of `input.?a.?b`.
[[nodiscard]] std::string PrintPath(const ir::Project& project, ir::ExprId id);

/// `has(input.a)` of `input.?a.hasValue()`, which says the same; "": it is no such call.
[[nodiscard]] std::string FindOptionalTest(const ir::Project& project, ir::ExprId id);

/// What the command of the stage exits with where it succeeds; at least one.
[[nodiscard]] std::vector<Value> FindOkExits(const ir::Project& project, const ir::Stage& stage);

}  // namespace wfc::passes
