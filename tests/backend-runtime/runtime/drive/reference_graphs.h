// Small graphs, of which the caller says what their stages do: a kind for each.
#pragma once

#include <functional>

#include "tests/backend-runtime/runtime/drive/reference.h"

namespace wfc::runtime::reference {

using Kinds = std::array<int, kMaxStages>;

struct GraphsOf {
  int count = 0;  ///< of stages
  int kind_count = 0;
  std::function<bool(int kind)> decides;  ///< whether stages of that kind may route by id
};

/// The links and joins are the graph's; what the stages do is left to the kinds.
using VisitGraph = std::function<void(const Kinds& kinds, const Case& graph)>;

void ForEachGraph(const GraphsOf& graphs, const VisitGraph& visit);

/// Calls `visit` with one of them, drawn.
void DrawGraph(const GraphsOf& graphs, std::mt19937_64& random, const VisitGraph& visit);

/// With the names of the stages' kinds, for messages.
[[nodiscard]] std::string Describe(const Case& graph, const std::function<std::string(int)>& name);

}  // namespace wfc::runtime::reference
