// Derives the dependencies between stages: which stages each stage waits for, and how these must
// have ended (docs/language/workflows.md). Called by lowering.
#pragma once

#include "frontend/lower/context.h"
#include "frontend/lower/scope.h"

namespace wfc::lower {

/// Adds a dependency for each stage that the expression `tree` in `scope` reads. The dependent is
/// the scope's stage; if the stage that is read belongs to an outer body, the stage of that body
/// that contains the scope waits for it too. An empty `tree` adds nothing.
void AddReads(Context& context, const Scope& scope, ir::ExprId tree);

/// Adds a dependency of the scope's stage for each stage that `after` names.
void AddAfter(Context& context, const Scope& scope, Located after);

/// Adds the dependency of `to` on `from`, a decide that routes to it by id.
void AddControl(Context& context, ir::StageId from, ir::StageId to, Span span);

/// Moves all dependencies into Project::dependencies, sorted and without duplicates, and gives
/// every stage the range of its own. Call it once, when all have been added.
void FinishDependencies(Context& context);

/// The stage of the scope's own body that `id` names. If there is none, reports that (N010 or N011)
/// and returns an empty id; `who` begins the message for a stage of another body: "`after` can".
[[nodiscard]] ir::StageId ResolveSibling(Context& context, const Scope& scope, Located id,
                                         std::string_view who);

}  // namespace wfc::lower
