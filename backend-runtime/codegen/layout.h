// Layout: the regions and nodes of a workflow's plan, and their numbers. The runtime starts ready
// nodes in the order of their numbers. The emitter uses it.
#pragma once

#include "backend-runtime/plan/ids.h"
#include "ir/base/id_range.h"
#include "ir/project.h"

namespace wfc::codegen {

/// Maps between the bodies and stages of the project and the regions and nodes of the plan.
struct Layout {
  /// The workflow's body is first. The owner of any other body is in an earlier region.
  IdVector<plan::RegionId, ir::BodyId> regions;
  IdVector<plan::RegionId, IdRange<plan::NodeId>> nodes_of;
  IdVector<plan::NodeId, ir::StageId> nodes;
  IdVector<ir::StageId, plan::NodeId> node_of;  ///< none if the stage belongs to another workflow
  IdVector<ir::BodyId, plan::RegionId> region_of;  ///< likewise
};

/// Numbers the nodes of each region by the length of the longest path from the node to an end,
/// descending, and then by name: edges lead to higher numbers, and nodes on long paths start first.
/// Regions are numbered after those of their owners. The graph must be free of cycles.
[[nodiscard]] Layout MakeLayout(const ir::Project& project, ir::WorkflowId workflow);

}  // namespace wfc::codegen
