// The project's entities but workflows: one function a section, each in a file of its own.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

void LowerVars(Context& context);       // project_keys.cpp
void LowerSecrets(Context& context);    // project_keys.cpp
void LowerExecution(Context& context);  // project_keys.cpp
void LowerSpecs(Context& context);      // project_keys.cpp
/// `main`, when workflows are known.
void LowerMain(Context& context);  // project_keys.cpp

void LowerModels(Context& context);  // models.cpp
/// The fixtures of scripted models, when stages are known.
void LowerFixtures(Context& context);  // fixtures.cpp

/// The names of agents and tools, so that anything may refer to them; their fields follow.
void DeclareAgents(Context& context);  // agents.cpp
void LowerAgents(Context& context);    // agents.cpp
void DeclareTools(Context& context);   // tools.cpp
void LowerTools(Context& context);     // tools.cpp

/// The tool that the reference names, which may be a built-in one; none when that was reported.
[[nodiscard]] ir::ToolId ResolveTool(Context& context, const ms::Section& section,
                                     const ms::ReferenceField& reference);

/// The group of models that the reference names, through aliases.
[[nodiscard]] ir::ModelId ResolveModel(Context& context, const ms::Section& section,
                                       const ms::ReferenceField& reference);
/// `models.default`, or a scripted model made up for a project without one.
[[nodiscard]] ir::ModelId DefaultModel(Context& context);

}  // namespace wfc::lower
