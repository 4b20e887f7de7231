// Whether a schema rejects everything, as far as its own keywords make that certain.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/types/schema/schema.h"

namespace wfc::types {

struct Contradiction {
  std::string_view keyword;  ///< the one to point at
  std::string message;
};

/// Why nothing satisfies `schema` (T010). None for `false`, which means to reject everything.
[[nodiscard]] std::optional<Contradiction> FindContradiction(const SchemaStore& schemas,
                                                             const Schema& schema);

/// Why nothing satisfies the schema, of which that is known. The keyword may be "", which means the
/// schema as a whole.
[[nodiscard]] Contradiction ExplainEmptiness(const SchemaStore& schemas, SchemaId id);

}  // namespace wfc::types
