// Schemas of the manifest into the registry; what is wrong with them comes back as T findings at
// the place in the file.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

/// Declares and defines all named schemas.
void LowerSchemas(Context& context);

/// A schema where one may stand, and its place in `written`; none when the field is missing.
/// A schema that is broken is one that allows everything, and of which nothing is known.
[[nodiscard]] ir::SchemaId MakeUnknownSchema(Context& context);

[[nodiscard]] ir::SchemaId LowerSchema(Context& context, Located schema, Span& written);

/// After all schemas were added: what only the whole of them shows.
void FinishSchemas(Context& context);

/// What a step of a JSON pointer (unescaped) names in a map or a list; none: nothing.
[[nodiscard]] yaml::NodeId FindEntry(Located place, const std::string& token);

/// The node that a JSON pointer into `ToValue(root)` names; the deepest one on the way if there is
/// none.
[[nodiscard]] Located FollowPointer(Located root, std::string_view pointer);

}  // namespace wfc::lower
