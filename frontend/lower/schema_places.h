// Finds the places of the parts of schemas in the files. It follows what is written there: short
// forms, the names of registered schemas, and references within a document. Called by lowering.
#pragma once

#include <memory>

#include "frontend/lower/context.h"
#include "ir/schema_places.h"

namespace wfc::lower {

/// The places of all schemas that have been lowered so far. It refers to the syntax of the context,
/// which must outlive it, and builds its index when it is first asked.
[[nodiscard]] std::unique_ptr<ir::SchemaPlaces> MakeSchemaPlaces(const Context& context);

}  // namespace wfc::lower
