#include "backend-runtime/codegen/layout.h"

#include <algorithm>

#include "backend-runtime/plan/view.h"
#include "ir/base/check.h"

namespace wfc::codegen {
namespace {

class LayoutMaker {
 public:
  LayoutMaker(const ir::Project& project, ir::WorkflowId workflow) : project_(project) {
    layout_.node_of.resize(project.stages.size());
    layout_.region_of.resize(project.bodies.size());
    path_lengths_.resize(project.stages.size());
    waiting_.resize(project.stages.size());
    AddRegion(project.workflows[workflow].body);
  }

  Layout Make() && {
    // Placing the nodes of a region appends the regions that they own, so the size grows.
    for (uint32_t region = 0; region < layout_.regions.size(); ++region)
      PlaceNodes(layout_.regions[plan::RegionId(region)]);
    return std::move(layout_);
  }

 private:
  void AddRegion(ir::BodyId body) { layout_.region_of[body] = layout_.regions.Add(body); }

  void PlaceNodes(ir::BodyId body) {
    const std::span<const ir::StageId> members = project_.stages_of(project_.bodies[body]);
    std::vector<ir::StageId> stages(members.begin(), members.end());
    MeasurePaths(stages, body);
    std::ranges::sort(stages, [this](ir::StageId left, ir::StageId right) {
      const uint32_t left_length = path_lengths_[left];
      const uint32_t right_length = path_lengths_[right];
      if (left_length != right_length) return left_length > right_length;
      return project_.text(project_.stages[left].path) < project_.text(project_.stages[right].path);
    });
    layout_.nodes_of.Add(IdRange<plan::NodeId>(static_cast<uint32_t>(layout_.nodes.size()),
                                               static_cast<uint32_t>(stages.size())));
    for (const ir::StageId stage : stages) layout_.node_of[stage] = layout_.nodes.Add(stage);
    for (const ir::StageId stage : stages) AddRegionsOf(project_.stages[stage]);
  }

  void AddRegionsOf(const ir::Stage& stage) {
    for (const ir::Route& route : project_.routes_of(stage)) {
      if (route.kind == ir::Route::Kind::Body) AddRegion(route.body);
    }
    if (stage.on_error == ir::OnError::Fallback) AddRegion(stage.fallback);
  }

  /// Measures paths backwards from the ends: a stage is measured once all stages that wait for it
  /// are.
  void MeasurePaths(std::span<const ir::StageId> stages, ir::BodyId body) {
    for (const ir::StageId stage : stages) waiting_[stage] = 0;
    for (const ir::StageId stage : stages) {
      ForEachBefore(stage, body, [&](ir::StageId from) { ++waiting_[from]; });
    }
    std::vector<ir::StageId> ready;
    for (const ir::StageId stage : stages) {
      if (waiting_[stage] == 0) ready.push_back(stage);
    }
    size_t measured = 0;
    for (; measured < ready.size(); ++measured) {
      const ir::StageId stage = ready[measured];
      const uint32_t length = path_lengths_[stage] + 1;
      ForEachBefore(stage, body, [&](ir::StageId from) {
        path_lengths_[from] = std::max(path_lengths_[from], length);
        if (--waiting_[from] == 0) ready.push_back(from);
      });
    }
    WFC_CHECK(measured == stages.size());  // a project with a cycle (G001) is not compiled
  }

  template <class Visit>
  void ForEachBefore(ir::StageId stage, ir::BodyId body, Visit visit) const {
    for (const ir::Dependency& dependency : project_.dependencies_of(project_.stages[stage])) {
      if (project_.stages[dependency.from].body == body) visit(dependency.from);
    }
  }

  const ir::Project& project_;
  Layout layout_;
  IdVector<ir::StageId, uint32_t> path_lengths_;  // edges on the longest path to an end
  IdVector<ir::StageId, uint32_t> waiting_;       // edges to stages that have not been measured
};

}  // namespace

Layout MakeLayout(const ir::Project& project, ir::WorkflowId workflow) {
  return LayoutMaker(project, workflow).Make();
}

}  // namespace wfc::codegen
