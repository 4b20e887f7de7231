// EXPR and VALUE fields, prompts and argument maps into expression trees.
#pragma once

#include "frontend/lower/context.h"
#include "frontend/lower/scope.h"

namespace wfc::lower {

/// An EXPR field; none when it is missing.
[[nodiscard]] ir::ExprId LowerExpression(Context& context, const Scope& scope, Located value);

/// A VALUE field: one tree, the keys of its maps sorted; none when it is missing. What it reads of
/// stages becomes dependencies.
[[nodiscard]] ir::ExprId LowerValue(Context& context, const Scope& scope, Located value);

/// A VALUE where only text can stand: a number or a boolean is the text that was written (`3.10`).
[[nodiscard]] ir::ExprId LowerText(Context& context, const Scope& scope, Located value);

/// A prompt: text, or one line ending in `.md`, a file below the project's folder.
[[nodiscard]] ir::ExprId LowerPrompt(Context& context, const Scope& scope, Located value);

/// `with`, written as a map: an Argument an entry, sorted by name, and the whole as one value.
struct LoweredArguments {
  Range range;
  ir::ExprId whole;
};
[[nodiscard]] LoweredArguments LowerArguments(Context& context, const Scope& scope, Located map);

/// A map of names to texts in which `secret.NAME` may be the whole of a value.
[[nodiscard]] Range LowerEnvironment(Context& context, const Scope& scope, Located map);

/// A VALUE in which `secret.NAME` may be the whole.
[[nodiscard]] ir::ExprId LowerSecretValue(Context& context, const Scope& scope, Located value);

/// A list of texts: ExprIds in Project::expr_lists.
[[nodiscard]] Range LowerArgv(Context& context, const Scope& scope, Located list);

}  // namespace wfc::lower
