// SchemaPlaces: where the parts of written schemas stand in the files. Lowering knows; findings
// about values that do not fit point there.
#pragma once

#include <string_view>

#include "ir/base/span.h"

namespace wfc::ir {

class SchemaPlaces {
 public:
  virtual ~SchemaPlaces() = default;
  /// Where the schema written at `schema` says `keyword` (of the full form; "": anything) of the
  /// part of its values at `pointer` (a JSON pointer); through names and references, and the
  /// nearest place on the way where there is none.
  [[nodiscard]] virtual Span Find(Span schema, std::string_view pointer,
                                  std::string_view keyword) const = 0;
};

}  // namespace wfc::ir
