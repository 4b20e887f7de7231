// The number nearest to 0 within bounds.
#pragma once

#include <optional>
#include <span>

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// Nearest 0 among the numbers that the bounds and `multipleOf` of all `schemas` admit, and that
/// have no fraction when `types` has only integers; the positive one of two. It may be wrong where
/// several `multipleOf` meet: the caller validates.
[[nodiscard]] std::optional<Value> FindSmallestNumber(std::span<const Schema* const> schemas,
                                                      TypeMask types);

}  // namespace wfc::types
