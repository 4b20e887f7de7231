// Finds the number nearest to 0 within the bounds of several schemas.
#pragma once

#include <optional>
#include <span>

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// The number nearest to 0 that satisfies the bounds and `multipleOf` of all `schemas`, and that is
/// whole when `types` allows only integers. Of two equally near numbers, the positive one. The
/// result may be wrong where several `multipleOf` apply, so the caller must validate it. No value
/// when the bounds exclude every number on both sides of 0.
[[nodiscard]] std::optional<Value> FindSmallestNumber(std::span<const Schema* const> schemas,
                                                      TypeMask types);

}  // namespace wfc::types
