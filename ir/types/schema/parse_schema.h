// Parses one schema document, short forms and all, into the registry's tables.
#pragma once

#include <string>
#include <vector>

#include "ir/types/schema/schema_error.h"
#include "ir/types/schema/schema_tables.h"

namespace wfc::types {

/// Schemas inside each other that are read.
inline constexpr uint32_t kMaxSchemaDepth = 256;

/// A schema of a document, where it was written.
struct WrittenSchema {
  SchemaId id;
  std::string pointer;         ///< JSON pointer into the source
  uint32_t first = 0;          ///< the parts before it from this one on are parts of it
  bool is_short_form = false;  ///< its keywords stand nowhere in the source
};

/// Parses `source` into `target` (a declared schema), or, without one, into a schema that equal
/// ones share. None, and `errors`, when it is wrong; a declared target then admits everything.
/// `parts`: all its schemas, parts before wholes, so that the last is the whole.
SchemaId ParseSchemaDocument(SchemaTables& tables, const Value& source, SchemaId target,
                             std::vector<SchemaError>& errors, std::vector<WrittenSchema>& parts);

}  // namespace wfc::types
