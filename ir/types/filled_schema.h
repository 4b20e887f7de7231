// The schema of values after Validator::ApplyDefaults: what expressions read of an input.
#pragma once

#include "ir/types/registry.h"

namespace wfc::types {

/// A schema of whose objects every property with a `default` is required, also inside. It may say
/// less where schemas refer to themselves, or nest deep.
[[nodiscard]] SchemaId FindFilledSchema(const SchemaRegistry& registry, SchemaId schema);

}  // namespace wfc::types
