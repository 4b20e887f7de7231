// Finds schemas that no value fits, as far as a schema's own keywords prove it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// Why no value fits a schema.
struct Contradiction {
  std::string_view keyword;  ///< the keyword to point at
  std::string message;
};

/// Why no value fits `schema` (T010); no value when its own keywords do not prove that. The schema
/// `false` does not count, because rejecting everything is its purpose.
[[nodiscard]] std::optional<Contradiction> FindContradiction(const SchemaStore& schemas,
                                                             const Schema& schema);

/// Explains why no value fits a schema for which this has already been proved. An empty keyword
/// means the schema as a whole.
[[nodiscard]] Contradiction ExplainEmptiness(const SchemaStore& schemas, SchemaId id);

}  // namespace wfc::types
