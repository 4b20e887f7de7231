// Resolves references between schema documents. The parser resolves references that stay within a
// document; the registry resolves the others once all documents are registered.
#pragma once

#include <string>
#include <string_view>

#include "ir/types/schema/schema_tables.h"

namespace wfc::types {

/// The key under which a schema with this URI is listed: the fragment is percent-decoded, and a URI
/// without a fragment gets `#`.
[[nodiscard]] std::string LocationKey(std::string_view uri);

/// The schema at a location of a registered document or of a metaschema of 2020-12, which come with
/// wfc. An id without a value when there is none.
[[nodiscard]] SchemaId FindSharedLocation(SchemaTables& tables, const std::string& key);

/// Makes the schema `from` refer to `to`, which is the target of `uri`.
void SetReference(SchemaTables& tables, SchemaId from, SchemaId to, std::string_view uri,
                  bool is_dynamic);

/// The message for a reference without a target: "no schema stands at `#/$defs/x`", and for another
/// document how to provide it.
[[nodiscard]] std::string UnresolvedMessage(const SchemaTables& tables, std::string_view reference);

}  // namespace wfc::types
