// The dependency graph of all stages in compressed sparse rows, which every graph analysis walks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ir/expr/vm/root.h"
#include "ir/project.h"

namespace wfc::ir {

/// What a plain read of the field requires of its stage (stage_fields.def). Settled means that the
/// read tolerates every outcome of the stage.
[[nodiscard]] Need NeedOf(StageField field);

/// Outgoing edges by stage, and a topological order. An edge is an index into
/// Project::dependencies. The graph copies what it needs: it stays valid without the project, but
/// does not follow later changes to it.
class Graph {
 public:
  Graph() = default;
  explicit Graph(const Project& project);

  /// The dependencies that lead out of `stage`, ordered by the stage that they lead to.
  [[nodiscard]] std::span<const uint32_t> out_edges(StageId stage) const {
    return std::span(out_edges_)
        .subspan(out_begins_[stage.index()],
                 out_begins_[stage.index() + 1] - out_begins_[stage.index()]);
  }
  /// The stages in an order in which each one follows everything that it waits for. Stages on a
  /// cycle, and stages that depend on a cycle, are left out.
  [[nodiscard]] const std::vector<StageId>& topological_order() const { return topological_order_; }

 private:
  std::vector<uint32_t> out_begins_;
  std::vector<uint32_t> out_edges_;
  std::vector<StageId> topological_order_;
};

}  // namespace wfc::ir
