// Lowers the schemas of the manifest into the registry, and reports the errors that the registry
// finds in them (codes that begin with T) at their places in the files. Called by lowering.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

/// Declares all named schemas, so that they may refer to each other, and then defines them.
void LowerSchemas(Context& context);

/// A schema about whose values nothing is known: it allows everything, and no check may conclude
/// anything from it. It replaces schemas that are broken.
[[nodiscard]] ir::SchemaId MakeUnknownSchema(Context& context);

/// Lowers the value of a schema field and stores its span in `written`. An empty id, with `written`
/// unchanged, if the field is missing; an unknown schema if the value is broken.
[[nodiscard]] ir::SchemaId LowerSchema(Context& context, Located schema, Span& written);

/// Reports the errors that can only be found once all schemas have been added. Call it last.
void FinishSchemas(Context& context);

/// The entry of a map or list that `token`, an unescaped step of a JSON pointer, names; an empty id
/// if there is none.
[[nodiscard]] yaml::NodeId FindEntry(Located place, const std::string& token);

/// The node that a JSON pointer (RFC 6901) into `ToValue(root)` names. If it names none, the
/// deepest node on the way to it.
[[nodiscard]] Located FollowPointer(Located root, std::string_view pointer);

}  // namespace wfc::lower
