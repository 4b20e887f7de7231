// Where references between documents lead. The parser asks for those within one document, the
// registry for the rest when all documents are there.
#pragma once

#include <string>
#include <string_view>

#include "ir/types/schema/schema_tables.h"

namespace wfc::types {

/// What `uri` is listed under: its fragment decoded, and `#` when it has none.
[[nodiscard]] std::string LocationKey(std::string_view uri);

/// Of a registered document, or of a metaschema of 2020-12, which come with wfc; none: nobody
/// knows it.
[[nodiscard]] SchemaId FindSharedLocation(SchemaTables& tables, const std::string& key);

/// Lets the schema `from` refer to `to`, which `uri` led to.
void SetReference(SchemaTables& tables, SchemaId from, SchemaId to, std::string_view uri,
                  bool is_dynamic);

/// "no schema stands at `#/$defs/x`", and for another document what to do.
[[nodiscard]] std::string UnresolvedMessage(const SchemaTables& tables, std::string_view reference);

}  // namespace wfc::types
