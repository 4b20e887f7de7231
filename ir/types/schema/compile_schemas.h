// Compiles schemas to validator programs (ir/types/vm/schema_code.h), for the registry and for
// plans.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/types/schema/schema.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

/// The program of a set of schemas and of everything that they refer to.
struct CompiledSchemas {
  std::vector<uint32_t> code;
  std::vector<Value> constants;
  std::vector<std::string> patterns;
  /// Maps the SchemaId::index of each compiled schema to its entry, an offset into `code`.
  std::unordered_map<uint32_t, uint32_t> entries;

  /// The program as the validator takes it. The view refers to this object's vectors.
  [[nodiscard]] SchemaCode view() const { return {code, constants, patterns}; }
};

/// Compiles `roots`, in that order, and everything that they refer to. The words depend on the
/// order of the roots and on the content of the schemas, never on their ids, so that plans are
/// reproducible.
[[nodiscard]] CompiledSchemas CompileSchemas(const SchemaStore& schemas,
                                             std::span<const SchemaResource> resources,
                                             const std::vector<SchemaId>& roots);

}  // namespace wfc::types
