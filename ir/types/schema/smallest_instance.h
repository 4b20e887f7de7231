// Finds the smallest value that a schema accepts, as docs/language/agents.md defines it for
// `scripted`.
#pragma once

#include <optional>

#include "ir/types/schema/compile_schemas.h"
#include "ir/types/schema/schema.h"

namespace wfc::types {

/// The smallest value of the schema, which has been validated; no value when there is none or the
/// search exceeds its budget. `validator` must run the program `compiled`, which contains the
/// schema.
[[nodiscard]] std::optional<Value> FindSmallestInstance(const SchemaStore& schemas,
                                                        const CompiledSchemas& compiled,
                                                        const Validator& validator, SchemaId id);

}  // namespace wfc::types
