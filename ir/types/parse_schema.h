// Parses one schema document, short forms and all, into the registry's tables.
#pragma once

#include <vector>

#include "ir/types/registry.h"
#include "ir/types/schema_tables.h"

namespace wfc::types {

/// Schemas inside each other that are read.
inline constexpr uint32_t kMaxSchemaDepth = 256;

/// Parses `source` into `target` (a declared schema), or, without one, into a schema that equal
/// ones share. None, and `errors`, when it is wrong; a declared target then admits everything.
SchemaId ParseSchemaDocument(SchemaTables& tables, const Value& source, SchemaId target,
                             std::vector<SchemaError>& errors);

}  // namespace wfc::types
