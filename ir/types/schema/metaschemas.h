// The metaschemas of JSON Schema 2020-12, the schemas that describe schemas. They come with wfc.
#pragma once

#include <string_view>

#include "ir/types/schema/schema_tables.h"

namespace wfc::types {

/// Whether `uri` is in the metaschemas' namespace.
[[nodiscard]] bool IsOfMetaschema(std::string_view uri);

/// Registers the metaschemas on the first call; later calls do nothing.
void RegisterMetaschemas(SchemaTables& tables);

}  // namespace wfc::types
