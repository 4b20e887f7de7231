// Lowers EXPR and VALUE fields, prompts and maps of arguments into expression trees. Called by the
// lowering of stages, agents, tools and models. In all functions, `scope` is the place of the
// field, and a missing value yields an empty result.
#pragma once

#include "frontend/lower/context.h"
#include "frontend/lower/scope.h"

namespace wfc::lower {

/// Lowers an EXPR field. A collection, which the parser has reported, becomes poison.
[[nodiscard]] ir::ExprId LowerExpression(Context& context, const Scope& scope, Located value);

/// Lowers a VALUE field into one tree, in which the keys of maps are sorted.
[[nodiscard]] ir::ExprId LowerValue(Context& context, const Scope& scope, Located value);

/// Lowers a VALUE that must be text: a number or a boolean becomes the text that was written, such
/// as `3.10`.
[[nodiscard]] ir::ExprId LowerText(Context& context, const Scope& scope, Located value);

/// Lowers a prompt: a text or, if it is a single line ending in `.md`, the contents of that file
/// below the project's folder. Poison if the file cannot be read.
[[nodiscard]] ir::ExprId LowerPrompt(Context& context, const Scope& scope, Located value);

/// A `with` that is written as a map.
struct LoweredArguments {
  Range range;       ///< one entry of Project::arguments per key, sorted by name
  ir::ExprId whole;  ///< all arguments as one map
};
/// Lowers the map `map`, which must be present.
[[nodiscard]] LoweredArguments LowerArguments(Context& context, const Scope& scope, Located map);

/// Lowers a map of names to texts, in which a whole value may be `secret.NAME`. The result is a
/// range of Project::arguments, sorted by name.
[[nodiscard]] Range LowerEnvironment(Context& context, const Scope& scope, Located map);

/// Lowers a VALUE that as a whole may be `secret.NAME`; reports a secret that is only a part of it.
[[nodiscard]] ir::ExprId LowerSecretValue(Context& context, const Scope& scope, Located value);

/// Lowers a list of texts. The result is a range of Project::expr_lists.
[[nodiscard]] Range LowerArgv(Context& context, const Scope& scope, Located list);

}  // namespace wfc::lower
