// Parses one schema document, including the short forms, into the registry's tables.
#pragma once

#include <string>
#include <vector>

#include "ir/types/schema/schema_error.h"
#include "ir/types/schema/schema_tables.h"

namespace wfc::types {

/// The deepest nesting of schemas that is accepted.
inline constexpr uint32_t kMaxSchemaDepth = 256;

/// A schema of a document, and where it was written.
struct WrittenSchema {
  SchemaId id;
  std::string pointer;  ///< JSON pointer into the source; "" is the root
  /// The index of its first part: the parts [first, own index) are parts of this schema.
  uint32_t first = 0;
  /// Whether it was written in a short form, so that its keywords do not occur in the source.
  bool is_short_form = false;
};

/// Parses `source` into `target`, a declared schema. Without a target, equal schemas share one id.
/// Returns an id without a value and adds to `errors` when the source is wrong; a declared target
/// then admits everything. `parts` receives all schemas of the document, each after its parts, so
/// that the last is the root.
SchemaId ParseSchemaDocument(SchemaTables& tables, const Value& source, SchemaId target,
                             std::vector<SchemaError>& errors, std::vector<WrittenSchema>& parts);

}  // namespace wfc::types
