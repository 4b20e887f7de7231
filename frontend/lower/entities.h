// Lowers the entities of the project other than workflows, with one function per section. Called by
// lowering in the order that lower.cpp gives; the comments name the file of each function.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

// The keys that concern the whole project.
void LowerVars(Context& context);       // project_keys.cpp
void LowerSecrets(Context& context);    // project_keys.cpp
void LowerExecution(Context& context);  // project_keys.cpp
void LowerSpecs(Context& context);      // project_keys.cpp
/// Lowers `main`. Workflows must be known.
void LowerMain(Context& context);  // project_keys.cpp

/// Lowers the groups of models and resolves aliases.
void LowerModels(Context& context);  // models.cpp
/// Reads the fixtures of scripted models. Stages must be known.
void LowerFixtures(Context& context);  // fixtures.cpp

/// The `Declare…` functions add the names of agents and tools, so that anything may refer to them;
/// the `Lower…` functions then lower their fields.
void DeclareAgents(Context& context);  // agents.cpp
void LowerAgents(Context& context);    // agents.cpp
void DeclareTools(Context& context);   // tools.cpp
void LowerTools(Context& context);     // tools.cpp

/// The tool that the reference names, which may be a built-in one. If there is no such tool,
/// reports that and returns an empty id. `section` holds the reference, here and below.
[[nodiscard]] ir::ToolId ResolveTool(Context& context, const ms::Section& section,
                                     const ms::ReferenceField& reference);

/// The group of models that the reference names, directly or through aliases. If there is none,
/// returns an empty id; that is reported, here or for the alias.
[[nodiscard]] ir::ModelId ResolveModel(Context& context, const ms::Section& section,
                                       const ms::ReferenceField& reference);
/// The group `models.default`; in a project without one, an implicit group with a scripted model.
[[nodiscard]] ir::ModelId DefaultModel(Context& context);

}  // namespace wfc::lower
