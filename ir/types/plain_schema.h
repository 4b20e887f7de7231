// Removes annotations from schemas, so that schemas which differ only in annotations become equal.
// SchemaRegistry::FindContainment uses it where containment was not decided.
#pragma once

#include "ir/types/registry.h"

namespace wfc::types {

/// A schema that accepts the same values as `schema` and has no annotations. Schemas that differ
/// only in annotations give the same id. Schemas nested very deep, recursive ones, and documents
/// with dynamic references keep theirs.
[[nodiscard]] SchemaId FindPlainSchema(const SchemaRegistry& registry, SchemaId schema);

}  // namespace wfc::types
