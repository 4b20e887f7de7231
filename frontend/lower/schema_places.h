// Where the parts of schemas stand in the files, by what was written: short forms, names of
// registered schemas, references within a document.
#pragma once

#include <memory>

#include "frontend/lower/context.h"
#include "ir/schema_places.h"

namespace wfc::lower {

/// Of all schemas that were lowered. Looks into the context's syntax when it is asked.
[[nodiscard]] std::unique_ptr<ir::SchemaPlaces> MakeSchemaPlaces(const Context& context);

}  // namespace wfc::lower
