// Whether one condition follows from another, by their form.
#pragma once

#include "ir/project.h"

namespace wfc::passes {

/// Whether `covered` can only hold where `covering` does: the same condition, one with more
/// conjuncts, an arm of a disjunction, or a narrower comparison of the same value with constants.
[[nodiscard]] bool Covers(const ir::Project& project, ir::ExprId covering, ir::ExprId covered);

/// Whether one is the other's negation, so that one of them always holds.
[[nodiscard]] bool AreOpposite(const ir::Project& project, ir::ExprId left, ir::ExprId right);

}  // namespace wfc::passes
