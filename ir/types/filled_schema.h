// Derives the schemas of values before and after Validator::ApplyDefaults: what callers must give,
// and what expressions can read of an input.
#pragma once

#include "ir/types/registry.h"

namespace wfc::types {

/// The schema of values after defaults were filled in: every property with a `default` is required,
/// also in nested objects. It may be weaker where schemas are recursive or nest deep.
[[nodiscard]] SchemaId FindFilledSchema(const SchemaRegistry& registry, SchemaId schema);

/// The schema of values before defaults are filled in: no property with a `default` is required,
/// also in nested objects. It may be stronger where schemas are recursive or nest deep.
[[nodiscard]] SchemaId FindGivenSchema(const SchemaRegistry& registry, SchemaId schema);

/// Whether defaults are filled in for some values of the schema.
[[nodiscard]] bool HasDefaults(const SchemaRegistry& registry, SchemaId schema);

}  // namespace wfc::types
