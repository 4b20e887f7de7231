// What each stage waits for, and what of it must hold (language.md, "When a stage runs").
#pragma once

#include "frontend/lower/context.h"
#include "frontend/lower/scope.h"

namespace wfc::lower {

/// The reads of a tree that stands in `scope` as dependencies of the scope's stage, and as waits of
/// the owners around it.
void AddReads(Context& context, const Scope& scope, ir::ExprId tree);

/// `after`.
void AddAfter(Context& context, const Scope& scope, Located after);

/// A decide that routes to `to` by id.
void AddControl(Context& context, ir::StageId from, ir::StageId to, Span span);

/// Sorts all of them into Project::dependencies, each once, and gives every stage its range.
void FinishDependencies(Context& context);

/// The stage of the scope's own body that `id` names; none when N010 or N011 was reported.
[[nodiscard]] ir::StageId ResolveSibling(Context& context, const Scope& scope, Located id,
                                         std::string_view who);

}  // namespace wfc::lower
