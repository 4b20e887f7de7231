// What a schema says about the parts of its values: fields, items, and their number. TypeTable uses
// it where an expression accesses a part.
//
// Answers are conservative: they cover at least all values of the schema. Each question examines a
// limited number of schemas; beyond the limit the answer is the one that covers everything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/expr/schema_sets.h"

namespace wfc::expr {

/// Whether objects have a field. Where a value must fit two schemas, Never wins; otherwise the
/// greater answer holds.
enum class Presence : uint8_t {
  Unknown,  ///< the schema does not mention the field, and objects may have any fields
  /// The field is described but not required, or only some of several alternatives have it.
  Optional,
  Always,  ///< every object has it
  Never,   ///< no object has it
};

/// What a schema says about a field.
struct Field {
  Presence presence = Presence::Unknown;
  SchemaId schema;  ///< the schema of the field's value
  /// Unknown: the schema is an estimate, so not even the openness of its objects is certain.
  bool is_estimate = false;
};

/// The field `name` of the objects among the values.
[[nodiscard]] Field FindField(SchemaSets& sets, SchemaId object, std::string_view name);
/// Whether some schema among the alternatives of `object` forbids the field itself (by `false` in
/// `properties`), rather than by allowing no further fields.
[[nodiscard]] bool IsForbidden(SchemaSets& sets, SchemaId object, std::string_view name);
/// A schema that the values at all keys of the objects fit.
[[nodiscard]] SchemaId FindAnyField(SchemaSets& sets, SchemaId object);
/// The names of the fields that the schema mentions and allows, sorted.
[[nodiscard]] std::vector<std::string> FindFieldNames(SchemaSets& sets, SchemaId object);

/// The item at `index` of the lists among the values; without an index, any of their items.
[[nodiscard]] SchemaId FindItem(SchemaSets& sets, SchemaId list, std::optional<uint64_t> index);

/// Bounds of a number of items, fields or characters. Without `most` there is no upper bound.
struct CountBounds {
  uint64_t least = 0;
  std::optional<uint64_t> most;
};

/// The number of items of the lists, of fields of the objects, and of code points of the strings
/// among the values.
[[nodiscard]] CountBounds CountItems(SchemaSets& sets, SchemaId list);
[[nodiscard]] CountBounds CountFields(SchemaSets& sets, SchemaId object);
[[nodiscard]] CountBounds CountCharacters(SchemaSets& sets, SchemaId text);

/// Bounds of integers. A bound without a value means that integers may be arbitrarily small or
/// large, also beyond 64 bits.
struct IntegerBounds {
  std::optional<int64_t> least;
  std::optional<int64_t> most;
};

/// The bounds of the integers among the values. They may be off by one for exclusive bounds, which
/// are taken as inclusive.
[[nodiscard]] IntegerBounds FindIntegerBounds(SchemaSets& sets, SchemaId integer);

}  // namespace wfc::expr
