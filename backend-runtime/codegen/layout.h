// Layout: which regions and nodes a workflow becomes, and how they are numbered. The order of nodes
// is the order in which the runtime starts what is ready.
#pragma once

#include "backend-runtime/plan/ids.h"
#include "ir/base/id_range.h"
#include "ir/project.h"

namespace wfc::codegen {

struct Layout {
  /// The workflow's body is first; an owner stands in an earlier one.
  IdVector<plan::RegionId, ir::BodyId> regions;
  IdVector<plan::RegionId, IdRange<plan::NodeId>> nodes_of;
  IdVector<plan::NodeId, ir::StageId> nodes;
  IdVector<ir::StageId, plan::NodeId> node_of;     ///< none: not of this workflow
  IdVector<ir::BodyId, plan::RegionId> region_of;  ///< the same
};

/// Within a region nodes are numbered by (length of the longest path to an end, descending; name),
/// so that edges lead to higher numbers and what most others wait for starts first. Regions follow
/// their owners.
[[nodiscard]] Layout MakeLayout(const ir::Project& project, ir::WorkflowId workflow);

}  // namespace wfc::codegen
