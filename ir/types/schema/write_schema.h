// The full form of a schema that the compiler made, as JSON Schema would write it: for people and
// tests.
#pragma once

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// Of a schema that was written, what was written; a registered one inside another is `$ref: ID`.
/// Far inside, `true` stands for anything.
[[nodiscard]] Value WriteSchema(const SchemaStore& schemas, SchemaId id);

}  // namespace wfc::types
