// Schemas that the compiler makes of others (unions, parts, what an expression yields), each once.
// Behind SchemaRegistry::Derive.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "ir/types/schema.h"

namespace wfc::types {

class DerivedSchemas {
 public:
  /// The id of a schema in `schemas` that says the same, word for word; added if there is none.
  SchemaId Intern(SchemaStore& schemas, Schema schema);

 private:
  /// By what `AppendKey` writes.
  std::unordered_map<std::string, SchemaId> ids_;
  std::string key_;  ///< of the schema at hand, kept for its memory
};

}  // namespace wfc::types
