// G001: stages that wait for each other. There is one finding per strongly connected component: the
// shortest cycle through its first stage by name.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "passes/context/pass.h"
#include "passes/graph/cycle_search.h"

namespace wfc::passes {

namespace {

void ReportCycle(PassContext& context, const std::vector<uint32_t>& cycle) {
  const ir::Project& project = context.project;
  const ir::Dependency& first_edge = project.dependencies[cycle.front()];
  std::string_view first = project.text(project.stages[first_edge.to].path);
  std::string path(first);
  bool goes_back_by_choice = false;
  for (uint32_t edge : cycle) {
    const ir::Dependency& dependency = project.dependencies[edge];
    path += fmt::format(" → {}", project.text(project.stages[dependency.from].path));
    if (dependency.kind == ir::DependencyKind::Control) goes_back_by_choice = true;
  }
  diag::Reported reported =
      context.sink.Report(diag::Cycle, project.stages[first_edge.to].name.span, first, path);
  for (uint32_t edge : cycle) {
    const ir::Dependency& dependency = project.dependencies[edge];
    reported.AddNote(
        dependency.span,
        fmt::format("`{}` waits for `{}` here", project.text(project.stages[dependency.to].path),
                    project.text(project.stages[dependency.from].path)));
  }
  if (goes_back_by_choice) {
    reported.AddNote({}, "to go back on purpose, put the stages into the body of a `loop`");
  }
}

}  // namespace

void CheckCycles(PassContext& context) {
  const ir::Graph& graph = context.graph();
  if (graph.topological_order().size() == context.project.stages.size()) return;
  for (const std::vector<uint32_t>& cycle : FindShortestCycles(context.project, graph)) {
    ir::StageId stage = context.project.dependencies[cycle.front()].to;
    context.MarkCycle(context.project.stages[stage].workflow);
    ReportCycle(context, cycle);
  }
}

}  // namespace wfc::passes
