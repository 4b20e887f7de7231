// The smallest value that a schema accepts, as language.md defines it for `scripted`.
#pragma once

#include <optional>

#include "ir/types/schema/compile_schemas.h"
#include "ir/types/schema/schema.h"

namespace wfc::types {

/// None when there is none, or when it is not found within a budget. What is returned was
/// validated. `validator` runs `compiled`.
[[nodiscard]] std::optional<Value> FindSmallestInstance(const SchemaStore& schemas,
                                                        const CompiledSchemas& compiled,
                                                        const Validator& validator, SchemaId id);

}  // namespace wfc::types
