// Lists the values of a schema that admits finitely many, for decisions over enums.
#pragma once

#include <optional>
#include <vector>

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// The candidates of the schema, without duplicates and in source order: every value that fits is
/// among them, but a candidate may be rejected by further keywords. No value when other values may
/// fit, or when the search would visit too many schemas.
[[nodiscard]] std::optional<std::vector<Value>> FindFiniteValues(const SchemaStore& schemas,
                                                                 SchemaId id);

}  // namespace wfc::types
