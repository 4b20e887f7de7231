// Schemas without their annotations: two that are the same without them accept the same values.
// Asked where containment could not be decided.
#pragma once

#include "ir/types/registry.h"

namespace wfc::types {

/// A schema that says of values what `schema` says, and no more; the same for all that differ in
/// annotations alone. What lies far inside, or in a schema that refers to itself, stays as it is.
[[nodiscard]] SchemaId FindPlainSchema(const SchemaRegistry& registry, SchemaId schema);

}  // namespace wfc::types
