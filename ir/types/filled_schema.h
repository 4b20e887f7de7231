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

/// The value that is filled in where a property with this schema is missing: its `default`, or that
/// of a schema that it refers to; null when there is none.
[[nodiscard]] const Value* FindDefault(const SchemaRegistry& registry, SchemaId schema);

/// Whether a value that fits FindGivenSchema always fits the schema once its defaults are filled
/// in: no keyword relates properties or items in a way that a filled-in default can break.
[[nodiscard]] bool DefaultsAlwaysFit(const SchemaRegistry& registry, SchemaId schema);

}  // namespace wfc::types
