// Interns the schemas that the compiler derives from others, such as unions, parts and the results
// of expressions. SchemaRegistry::Derive is the only caller.
#pragma once

#include "llvm/ADT/StringMap.h"

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// The derived schemas, each stored once.
class DerivedSchemas {
 public:
  /// The id of a schema in `schemas` with exactly the same keywords; `schema` is added when there
  /// is none.
  SchemaId Intern(SchemaStore& schemas, const Schema& schema);

 private:
  llvm::StringMap<SchemaId> ids_;  ///< keyed by the bytes that `AppendKey` writes
};

/// Whether the schema has no keyword and is not an estimate: any value fits it and any value can
/// occur.
[[nodiscard]] bool IsBlank(const Schema& schema);

}  // namespace wfc::types
