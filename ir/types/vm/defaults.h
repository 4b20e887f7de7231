// Fills in the `default` of properties that were left out.
#pragma once

#include "ir/types/vm/patterns.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

/// What Validator::ApplyDefaults promises. `code` is verified; `patterns` are its own, compiled.
[[nodiscard]] Value FillDefaults(const SchemaCode& code, std::span<const CompiledPattern> patterns,
                                 uint32_t entry, const Value& value);

}  // namespace wfc::types
