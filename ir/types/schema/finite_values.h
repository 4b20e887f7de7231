// The values of a schema that has only some, for decisions over enums.
#pragma once

#include <optional>
#include <vector>

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// Each once, in the order in which they are written; none: there may be others. Some of them may
/// not fit, where the schema says more.
[[nodiscard]] std::optional<std::vector<Value>> FindFiniteValues(const SchemaStore& schemas,
                                                                 SchemaId id);

}  // namespace wfc::types
