// Finds the cycles of the dependency graph: one shortest cycle per strongly connected component.
// Called by the check of cycles (cycles.cpp, G001).
#pragma once

#include <cstdint>
#include <vector>

#include "ir/graph.h"

namespace wfc::passes {

/// For each strongly connected component that has a cycle, in the order of the components' first
/// stages: the shortest cycle through that first stage, as indices into Project::dependencies. Each
/// edge leads from the stage that is waited for to the stage before it in the list. Of several
/// shortest cycles, the one with the lowest stage ids is chosen.
[[nodiscard]] std::vector<std::vector<uint32_t>> FindShortestCycles(const ir::Project& project,
                                                                    const ir::Graph& graph);

}  // namespace wfc::passes
