// Fills in the `default` of properties that were left out.
#pragma once

#include "ir/types/vm/validator.h"

namespace wfc::types {

/// What Validator::ApplyDefaults promises. `code` is verified.
[[nodiscard]] Value FillDefaults(const SchemaCode& code, uint32_t entry, const Value& value);

}  // namespace wfc::types
