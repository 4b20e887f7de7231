// The id of a schema in the SchemaRegistry.
#pragma once

#include "ir/base/id.h"

namespace wfc::types {

struct SchemaTag;
/// Names a schema or subschema of a SchemaStore.
using SchemaId = Id<SchemaTag>;

}  // namespace wfc::types
