// Schemas of the manifest into the registry; what is wrong with them comes back as T findings at
// the place in the file.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

/// Declares and defines all named schemas.
void LowerSchemas(Context& context);

/// A schema where one may stand; none when the field is missing or was reported.
[[nodiscard]] ir::SchemaId LowerSchema(Context& context, Located schema);

/// After all schemas were added: what only the whole of them shows.
void FinishSchemas(Context& context);

/// The node that a JSON pointer into `ToValue(root)` names; the deepest one on the way if there is
/// none.
[[nodiscard]] Located FollowPointer(Located root, std::string_view pointer);

}  // namespace wfc::lower
