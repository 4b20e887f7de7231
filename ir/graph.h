// Compressed rows over the dependencies of all stages: what every graph analysis walks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ir/expr/vm/root.h"
#include "ir/project.h"

namespace wfc::ir {

/// What a plain read of the field needs; Settled: it tolerates whatever became of the stage.
[[nodiscard]] Need NeedOf(StageField field);

/// Successors and predecessors by stage index; edges are indices into Project::dependencies.
class Graph {
 public:
  Graph() = default;
  explicit Graph(const Project& project);

  /// Dependencies that lead out of `stage`, in order of the stage they lead to.
  [[nodiscard]] std::span<const uint32_t> out_edges(StageId stage) const {
    return std::span(out_edges_)
        .subspan(out_begins_[stage.index()],
                 out_begins_[stage.index() + 1] - out_begins_[stage.index()]);
  }
  /// Stages so that each comes after all that it waits for; those on a cycle or behind one are left
  /// out.
  [[nodiscard]] const std::vector<StageId>& topological_order() const { return topological_order_; }

 private:
  std::vector<uint32_t> out_begins_;
  std::vector<uint32_t> out_edges_;
  std::vector<StageId> topological_order_;
};

}  // namespace wfc::ir
