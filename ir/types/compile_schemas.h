// Schemas to validator programs (ir/types/vm/schema_code.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ir/types/schema.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

struct CompiledSchemas {
  std::vector<uint32_t> code;
  std::vector<Value> constants;
  std::vector<std::string> patterns;
  std::vector<uint32_t> entries;  ///< by SchemaId; kNoTarget where no root leads

  [[nodiscard]] SchemaCode view() const { return {code, constants, patterns}; }
};

/// Everything that `roots` lead to, in that order. The words depend on the roots' order and on the
/// schemas' text, never on their ids.
[[nodiscard]] CompiledSchemas CompileSchemas(const SchemaStore& schemas,
                                             std::span<const SchemaResource> resources,
                                             const std::vector<SchemaId>& roots);

}  // namespace wfc::types
