// Schemas to validator programs (ir/types/vm/schema_code.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/types/schema/schema.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

struct CompiledSchemas {
  std::vector<uint32_t> code;
  std::vector<Value> constants;
  std::vector<std::string> patterns;
  std::unordered_map<uint32_t, uint32_t>
      entries;  ///< by SchemaId::index, of all that roots lead to

  [[nodiscard]] SchemaCode view() const { return {code, constants, patterns}; }
};

/// Everything that `roots` lead to, in that order. The words depend on the roots' order and on the
/// schemas' text, never on their ids.
[[nodiscard]] CompiledSchemas CompileSchemas(const SchemaStore& schemas,
                                             std::span<const SchemaResource> resources,
                                             const std::vector<SchemaId>& roots);

}  // namespace wfc::types
