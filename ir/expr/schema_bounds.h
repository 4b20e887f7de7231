// Bounds in schemas: of numbers, lengths and counts. Narrowing (narrow.h) merges the bounds that
// conditions establish.
#pragma once

#include "ir/types/schema/schema.h"

namespace wfc::expr {

/// Removes all bounds and the restriction of types.
void ClearBounds(types::Schema& schema);
/// Adds the types and bounds of `more` to `schema`, keeping the stricter one of each two bounds.
void AddBounds(const types::Schema& more, types::Schema& schema);
/// Removes from the schema's types those for which the bounds leave no value. If none remains,
/// `types` is 0.
void DropEmptyTypes(types::Schema& schema);

}  // namespace wfc::expr
