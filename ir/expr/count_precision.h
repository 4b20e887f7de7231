// How exact the bounds are that a schema states for a number of items, fields or characters.
// TypeTable asks, so that a bound which no value may reach is not taken for one that is reached.
#pragma once

#include "ir/expr/schema_sets.h"

namespace wfc::expr {

/// Which of the values that fit a schema, or of the numbers within bounds, can occur.
enum class Precision : uint8_t {
  Exact,     ///< all of them
  Estimate,  ///< not all, but values of each type, and some as long as the upper bound says
  Loose,     ///< some
};

/// Which of the numbers within CountItems, CountFields or CountCharacters (schema_parts.h) can
/// occur, for `kind` List, Map or String.
[[nodiscard]] Precision FindCountPrecision(SchemaSets& sets, SchemaId schema, Kind kind);

/// Whether there is certainly no end to the number of different values that fit the schema.
[[nodiscard]] bool IsInfinite(const types::SchemaRegistry& registry, SchemaId schema);

}  // namespace wfc::expr
