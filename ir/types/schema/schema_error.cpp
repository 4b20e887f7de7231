#include "ir/types/schema/schema_error.h"

#include <algorithm>

namespace wfc::types {

bool HasErrors(const std::vector<SchemaError>& errors) {
  return std::ranges::any_of(
      errors, [](const SchemaError& error) { return error.severity == diag::Severity::Error; });
}

}  // namespace wfc::types
