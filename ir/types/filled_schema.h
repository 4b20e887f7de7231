// The schemas of values before and after Validator::ApplyDefaults: what callers have to give, and
// what expressions read of an input.
#pragma once

#include "ir/types/registry.h"

namespace wfc::types {

/// A schema of whose objects every property with a `default` is required, also inside. It may say
/// less where schemas refer to themselves, or nest deep.
[[nodiscard]] SchemaId FindFilledSchema(const SchemaRegistry& registry, SchemaId schema);

/// A schema of whose objects no property with a `default` is required, also inside.
[[nodiscard]] SchemaId FindGivenSchema(const SchemaRegistry& registry, SchemaId schema);

}  // namespace wfc::types
