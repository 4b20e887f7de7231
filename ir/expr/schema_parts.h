// What stands inside the values of a schema: fields, items, and how many there are. Used where an
// expression takes values apart.
//
// Answers hold for more values rather than fewer. Each looks at a bounded number of schemas, past
// which it is the one that holds for everything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/expr/schema_sets.h"

namespace wfc::expr {

enum class Presence : uint8_t {
  Unknown,  ///< nothing is said of the field: the objects are open
  /// It is described and not required, or of several kinds of objects some need not have it.
  Optional,
  Always,  ///< every object has it
  Never,   ///< no object has it
};

struct Field {
  Presence presence = Presence::Unknown;
  SchemaId schema;           ///< of what stands there
  bool is_estimate = false;  ///< of Unknown: not even that objects are open is known
};

/// Of the objects among the values.
[[nodiscard]] Field FindField(SchemaSets& sets, SchemaId object, std::string_view name);
/// Whether some of the objects must not have the field, as the schema says of that field alone.
[[nodiscard]] bool IsForbidden(SchemaSets& sets, SchemaId object, std::string_view name);
/// What can stand at any key of the objects.
[[nodiscard]] SchemaId FindAnyField(SchemaSets& sets, SchemaId object);
/// The names that the schema speaks of, sorted.
[[nodiscard]] std::vector<std::string> FindFieldNames(SchemaSets& sets, SchemaId object);

/// Of the lists among the values: the item at `index`, or any of them.
[[nodiscard]] SchemaId FindItem(SchemaSets& sets, SchemaId list, std::optional<uint64_t> index);

/// No `most`: any number.
struct CountBounds {
  uint64_t least = 0;
  std::optional<uint64_t> most;
};

/// Of the lists, the objects, the strings (in code points) among the values.
[[nodiscard]] CountBounds CountItems(SchemaSets& sets, SchemaId list);
[[nodiscard]] CountBounds CountFields(SchemaSets& sets, SchemaId object);
[[nodiscard]] CountBounds CountCharacters(SchemaSets& sets, SchemaId text);

/// No bound: down to the least, up to the greatest int.
struct IntegerBounds {
  std::optional<int64_t> least;
  std::optional<int64_t> most;
};

/// Of the integers among the values.
[[nodiscard]] IntegerBounds FindIntegerBounds(SchemaSets& sets, SchemaId integer);

}  // namespace wfc::expr
