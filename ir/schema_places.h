// SchemaPlaces: the source locations of the parts of written schemas. Lowering implements it;
// findings about values that do not fit a schema point to these locations.
#pragma once

#include <string_view>

#include "ir/base/span.h"

namespace wfc::ir {

/// Implemented by lowering, which is the only part of the compiler that still knows the YAML nodes.
class SchemaPlaces {
 public:
  virtual ~SchemaPlaces() = default;
  /// Where the schema written at `schema` states `keyword` for the part of its values at `pointer`,
  /// a JSON pointer. `keyword` is spelled as in the schema's full form; "" means any keyword. The
  /// search follows names and references. If the keyword is not written, the result is the nearest
  /// place on the way to it.
  [[nodiscard]] virtual Span Find(Span schema, std::string_view pointer,
                                  std::string_view keyword) const = 0;
};

}  // namespace wfc::ir
