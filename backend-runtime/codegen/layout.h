// Layout: which regions and nodes a workflow becomes, and how they are numbered. The order of nodes
// is the order in which the runtime starts what is ready.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/project.h"

namespace wfc::codegen {

struct Layout {
  std::vector<ir::BodyId>
      regions;  ///< by region; the workflow's body is first, an owner stands in an earlier one
  std::vector<uint32_t> region_begins;  ///< the first node of each
  std::vector<ir::StageId> nodes;       ///< by node
  std::vector<uint32_t> node_of;        ///< by stage; plan::kNone: not of this workflow
  std::vector<uint32_t> region_of;      ///< by body; the same
};

/// Within a region nodes are numbered by (length of the longest path to an end, descending; name),
/// so that edges lead to higher numbers and what most others wait for starts first. Regions follow
/// their owners.
[[nodiscard]] Layout MakeLayout(const ir::Project& project, ir::WorkflowId workflow);

}  // namespace wfc::codegen
