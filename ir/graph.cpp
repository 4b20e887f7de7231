#include "ir/graph.h"

namespace wfc::ir {

namespace {

/// Kahn's algorithm (Kahn 1962, "Topological sorting of large networks"). Ties are broken by the
/// order in which the last dependency of a stage is visited, so the result is deterministic.
std::vector<StageId> SortTopologically(const Project& project, const Graph& graph) {
  std::vector<uint32_t> waits_for(project.stages.size(), 0);
  for (const Dependency& edge : project.dependencies) ++waits_for[edge.to.index()];
  std::vector<StageId> order;
  order.reserve(project.stages.size());
  for (StageId stage : project.stages.ids()) {
    if (waits_for[stage.index()] == 0) order.push_back(stage);
  }
  for (size_t next = 0; next < order.size(); ++next) {
    for (uint32_t edge : graph.out_edges(order[next])) {
      StageId to = project.dependencies[edge].to;
      if (--waits_for[to.index()] == 0) order.push_back(to);
    }
  }
  return order;
}

}  // namespace

Graph::Graph(const Project& project) {
  out_begins_.assign(project.stages.size() + 1, 0);
  for (const Dependency& edge : project.dependencies) ++out_begins_[edge.from.index() + 1];
  for (size_t i = 1; i < out_begins_.size(); ++i) out_begins_[i] += out_begins_[i - 1];
  out_edges_.resize(project.dependencies.size());
  // Project::dependencies are sorted by the stage they lead to, so each row comes out in that
  // order.
  std::vector<uint32_t> next(out_begins_.begin(), out_begins_.end() - 1);
  for (uint32_t edge = 0; edge < project.dependencies.size(); ++edge) {
    out_edges_[next[project.dependencies[edge].from.index()]++] = edge;
  }
  topological_order_ = SortTopologically(project, *this);
}

Need NeedOf(StageField field) {
  static constexpr Need kNeeds[] = {
#define WFC_STAGE_FIELD(id, name, owner, type, need, always, sometimes, when) Need::need,
#include "ir/base/stage_fields.def"
  };
  return kNeeds[static_cast<size_t>(field)];
}

}  // namespace wfc::ir
