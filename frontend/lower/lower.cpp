#include "frontend/lower/lower.h"

#include <algorithm>

#include "frontend/lower/context.h"
#include "frontend/lower/defaults.h"
#include "frontend/lower/dependencies.h"
#include "frontend/lower/entities.h"
#include "frontend/lower/schema_places.h"
#include "frontend/lower/schemas.h"
#include "frontend/lower/security.h"
#include "frontend/lower/stages.h"
#include "frontend/lower/text_references.h"
#include "frontend/lower/workflows.h"

namespace wfc::lower {

namespace {

void LowerProjectItself(Context& context) {
  const ms::Syntax& syntax = context.syntax;
  ir::Project& project = context.project;
  project.folder = syntax.folder;
  project.root_file = syntax.root_file;
  project.root_span = {.file = syntax.root_file, .begin = 0, .end = 0};
  if (syntax.project.name.present()) project.name = context.Intern(syntax.project.name.decoded);
}

/// Reserves room for the expressions of the manifest. Most of its nodes become one or two nodes of
/// expressions; a store that grew by doubling would be copied several times, and would leave
/// behind as much memory as it takes.
void ReserveExpressions(Context& context) {
  constexpr size_t kMost = size_t{1} << 20;
  size_t nodes = 0;
  for (const auto& tree : context.syntax.trees) nodes += tree->node_count();
  context.project.exprs.Reserve(std::min(nodes + nodes / 2, kMost));
}

}  // namespace

ir::Project Lower(const manifest::Syntax& syntax, SourceMap& sources, diag::Sink& sink) {
  ir::Project project;
  Context context(syntax, sources, sink, project);
  LowerProjectItself(context);
  ReserveExpressions(context);
  // First all names, then what refers to them.
  LowerSecurity(context);
  LowerSchemas(context);
  LowerVars(context);
  LowerSecrets(context);
  LowerModels(context);
  DeclareAgents(context);
  DeclareTools(context);
  CollectStages(context);
  LowerAgents(context);
  LowerTools(context);
  CheckProjectDefaults(context);
  LowerWorkflows(context);
  LowerGrants(context);
  LowerFixtures(context);
  LowerExecution(context);
  LowerSpecs(context);
  LowerMain(context);
  FinishDependencies(context);
  FinishSchemas(context);
  ReportTextReferences(context);
  project.schema_places = MakeSchemaPlaces(context);
  return project;
}

}  // namespace wfc::lower
