// Derives what the values of one schema become when the defaults of another are filled in: what a
// call hands to its callee, and what an echo gives back.
#pragma once

#include "ir/types/registry.h"

namespace wfc::types {

/// A schema that admits the values of `values` after Validator::ApplyDefaults by the schema `by`.
/// It is an estimate (Schema::is_estimate) where it admits others too.
[[nodiscard]] SchemaId FindFilledValues(const SchemaRegistry& registry, SchemaId values,
                                        SchemaId by);

/// The schema whose defaults are filled into the property `name` of a value that `by` fills; none
/// if no schema fills it.
[[nodiscard]] SchemaId FindPropertyFiller(const SchemaRegistry& registry, SchemaId by,
                                          std::string_view name);

}  // namespace wfc::types
