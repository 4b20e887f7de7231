// Fills in the `default` of missing properties.
#pragma once

#include <optional>

#include "ir/types/vm/patterns.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

/// Implements Validator::ApplyDefaults. `code` must be verified, and `patterns` must be its
/// patterns.
[[nodiscard]] std::optional<Value> FillDefaults(const SchemaCode& code,
                                                std::span<const CompiledPattern> patterns,
                                                uint32_t entry, const Value& value);

}  // namespace wfc::types
