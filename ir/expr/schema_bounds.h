// Bounds of numbers, and of lengths and counts, in schemas. For what conditions say of values
// (narrow.h).
#pragma once

#include "ir/types/schema/schema.h"

namespace wfc::expr {

/// Takes away bounds and types.
void ClearBounds(types::Schema& schema);
/// Leaves the stricter one of each two bounds.
void AddBounds(const types::Schema& more, types::Schema& schema);
/// Takes away the types of which the bounds leave no value.
void DropEmptyTypes(types::Schema& schema);

}  // namespace wfc::expr
