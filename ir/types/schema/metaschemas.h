// The schemas that describe schemas: those of JSON Schema 2020-12 come with wfc.
#pragma once

#include <string_view>

#include "ir/types/schema/schema_tables.h"

namespace wfc::types {

/// Whether `uri` begins as the identifiers of the metaschemas do.
[[nodiscard]] bool IsOfMetaschema(std::string_view uri);

/// Adds them, the first time.
void RegisterMetaschemas(SchemaTables& tables);

}  // namespace wfc::types
