// Writes the full form of a derived schema as JSON Schema, for people and tests.
#pragma once

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// The schema as JSON Schema. A schema that was written in a document is returned in its full form;
/// a registered schema inside another becomes `$ref: ID`. Below a fixed depth, `true` stands for
/// any schema.
[[nodiscard]] Value WriteSchema(const SchemaStore& schemas, SchemaId id);

}  // namespace wfc::types
