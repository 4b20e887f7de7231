#include "passes/graph/cycle_search.h"

#include <algorithm>

#include "ir/base/id_range.h"

namespace wfc::passes {

namespace {

constexpr uint32_t kNone = 0xFFFFFFFF;

/// Tarjan's algorithm for strongly connected components, with an explicit stack, since hostile
/// input can be arbitrarily deep.
class Components {
 public:
  Components(const ir::Project& project, const ir::Graph& graph)
      : project_(project),
        graph_(graph),
        numbers_(project.stages.size(), kNone),
        lows_(project.stages.size(), 0),
        component_(project.stages.size(), kNone) {}

  /// Returns the component of each stage; a stage that is on no cycle has a component of its own.
  IdVector<ir::StageId, uint32_t> Run() {
    for (const ir::StageId stage : numbers_.ids()) {
      if (numbers_[stage] == kNone) Search(stage);
    }
    return std::move(component_);
  }

 private:
  struct Frame {
    ir::StageId stage;
    uint32_t next_edge;
  };

  void Search(ir::StageId root) {
    Enter(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      std::span<const uint32_t> edges = graph_.out_edges(frame.stage);
      if (frame.next_edge < edges.size()) {
        Follow(frame.stage, project_.dependencies[edges[frame.next_edge++]].to);
      } else {
        Leave();
      }
    }
  }

  void Enter(ir::StageId stage) {
    numbers_[stage] = lows_[stage] = next_number_++;
    open_.push_back(stage);
    frames_.push_back({stage, 0});
  }

  void Follow(ir::StageId from, ir::StageId to) {
    if (numbers_[to] == kNone) {
      Enter(to);
    } else if (component_[to] == kNone) {
      lows_[from] = std::min(lows_[from], numbers_[to]);
    }
  }

  void Leave() {
    const ir::StageId stage = frames_.back().stage;
    frames_.pop_back();
    if (!frames_.empty()) {
      uint32_t& low = lows_[frames_.back().stage];
      low = std::min(low, lows_[stage]);
    }
    if (lows_[stage] != numbers_[stage]) return;
    while (component_[stage] == kNone) {
      component_[open_.back()] = next_component_;
      open_.pop_back();
    }
    ++next_component_;
  }

  const ir::Project& project_;
  const ir::Graph& graph_;
  IdVector<ir::StageId, uint32_t> numbers_;
  IdVector<ir::StageId, uint32_t> lows_;
  IdVector<ir::StageId, uint32_t> component_;
  std::vector<ir::StageId> open_;
  std::vector<Frame> frames_;
  uint32_t next_number_ = 0;
  uint32_t next_component_ = 0;
};

/// Finds a shortest cycle by a breadth-first search from `first` along dependencies, within its
/// component.
class CycleSearch {
 public:
  CycleSearch(const ir::Project& project, const IdVector<ir::StageId, uint32_t>& components)
      : project_(project), components_(components), edge_to_(project.stages.size(), kNone) {}

  /// Returns the edges of the cycle; empty if `first` is on no cycle.
  std::vector<uint32_t> Run(ir::StageId first) {
    queue_.assign(1, first);
    for (size_t next = 0; next < queue_.size(); ++next) {
      ir::StageId stage = queue_[next];
      Range range = project_.stages[stage].dependencies;
      for (uint32_t edge = range.first; edge < range.end(); ++edge) {
        ir::StageId from = project_.dependencies[edge].from;
        if (components_[from] != components_[first]) continue;
        if (from == first) return Unwind(first, edge);
        if (edge_to_[from] != kNone) continue;
        edge_to_[from] = edge;
        queue_.push_back(from);
      }
    }
    return {};
  }

 private:
  /// Collects the edges from the one that closes the cycle back to the first one, by which `first`
  /// waits.
  std::vector<uint32_t> Unwind(ir::StageId first, uint32_t last_edge) {
    std::vector<uint32_t> cycle = {last_edge};
    ir::StageId stage = project_.dependencies[last_edge].to;
    while (stage != first) {
      uint32_t edge = edge_to_[stage];
      cycle.push_back(edge);
      stage = project_.dependencies[edge].to;
    }
    std::ranges::reverse(cycle);
    return cycle;
  }

  const ir::Project& project_;
  const IdVector<ir::StageId, uint32_t>& components_;
  /// By which edge a stage was reached; components do not share stages.
  IdVector<ir::StageId, uint32_t> edge_to_;
  std::vector<ir::StageId> queue_;
};

}  // namespace

std::vector<std::vector<uint32_t>> FindShortestCycles(const ir::Project& project,
                                                      const ir::Graph& graph) {
  const IdVector<ir::StageId, uint32_t> components = Components(project, graph).Run();
  std::vector<bool> is_done(project.stages.size(), false);
  CycleSearch search(project, components);
  std::vector<std::vector<uint32_t>> cycles;
  for (ir::StageId stage : project.stages.ids()) {
    uint32_t component = components[stage];
    if (is_done[component]) continue;
    is_done[component] = true;
    std::vector<uint32_t> cycle = search.Run(stage);
    if (!cycle.empty()) cycles.push_back(std::move(cycle));
  }
  return cycles;
}

}  // namespace wfc::passes
