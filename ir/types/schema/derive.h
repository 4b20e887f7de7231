// Schemas that the compiler makes of others (unions, parts, what an expression yields), each once.
// Behind SchemaRegistry::Derive.
#pragma once

#include "llvm/ADT/StringMap.h"

#include "ir/types/schema/schema.h"

namespace wfc::types {

class DerivedSchemas {
 public:
  /// The id of a schema in `schemas` that says the same, word for word; added if there is none.
  SchemaId Intern(SchemaStore& schemas, const Schema& schema);

 private:
  llvm::StringMap<SchemaId> ids_;  ///< by what `AppendKey` writes
};

/// Whether none of its keywords stands there: any value fits, and it is no estimate.
[[nodiscard]] bool IsBlank(const Schema& schema);

}  // namespace wfc::types
