// Finds references that lead back to themselves without descending into the value. Validation by
// such a schema would not terminate.
#pragma once

#include <vector>

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// The cycles that can be reached from `from` over `$ref` and the keywords that apply a schema to
/// the same value (`allOf`, `not` and so on). Each cycle is given as its schemas, sorted by id.
[[nodiscard]] std::vector<std::vector<SchemaId>> FindReferenceCycles(
    const SchemaStore& schemas, const std::vector<SchemaId>& from);

}  // namespace wfc::types
