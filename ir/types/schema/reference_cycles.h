// References that lead back to themselves without consuming anything: no value could ever be
// judged by them.
#pragma once

#include <vector>

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// Each cycle over `$ref` and what is applied to the same value (`allOf`, `not`…) as the schemas on
/// it, in the order of their ids; found from `from`.
[[nodiscard]] std::vector<std::vector<SchemaId>> FindReferenceCycles(
    const SchemaStore& schemas, const std::vector<SchemaId>& from);

}  // namespace wfc::types
