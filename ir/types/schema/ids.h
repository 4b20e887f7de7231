// The id of a schema in the SchemaRegistry.
#pragma once

#include "ir/base/id.h"

namespace wfc::types {

struct SchemaTag;
using SchemaId = Id<SchemaTag>;

}  // namespace wfc::types
