// Whether two expressions are written alike, so that they have one value wherever both stand.
#pragma once

#include "ir/expr/expr.h"

namespace wfc::expr {

/// Names of comprehensions count by their slots: both must stand where these mean the same.
[[nodiscard]] bool AreAlike(const ExprStore& store, ExprId left, ExprId right);

}  // namespace wfc::expr
