// Cycles of the dependency graph: components, and the shortest cycle through a stage.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/graph.h"

namespace wfc::passes {

/// For each strongly connected component with a cycle, in order of its first stage: the edges
/// (indices of Project::dependencies) of the shortest cycle through that stage, each leading from
/// the stage that is waited for to the one before; the least stages among equally short ones.
[[nodiscard]] std::vector<std::vector<uint32_t>> FindShortestCycles(const ir::Project& project,
                                                                    const ir::Graph& graph);

}  // namespace wfc::passes
