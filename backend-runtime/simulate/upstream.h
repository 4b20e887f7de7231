// Upstream: which calls can influence what a node does. Explorer and Targets use it.
#pragma once

#include <cstdint>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/simulate/scenario.h"

namespace wfc::simulate {

/// Whether the node's output is drawn: that of every call except an echo.
[[nodiscard]] bool IsDrawn(const plan::PlanTables& plan, NodeId node);

/// The decides whose bodies enclose the node, innermost first, up to the first enclosing region
/// that is not a route's body.
[[nodiscard]] std::vector<NodeId> OwnersOfRoutesAround(const plan::PlanTables& plan, NodeId node);

/// A graph of dependencies, reads and enclosing nodes.
class Upstream {
 public:
  /// `plan` must outlive the object.
  explicit Upstream(const plan::PlanTables& plan);

  /// The nodes whose failure can fail `node`: the node itself if it is drawn, and the drawn nodes
  /// in the bodies of its routes.
  [[nodiscard]] const std::vector<NodeId>& Breakers(NodeId node) const { return breakers_[node]; }
  /// The drawn nodes that lead to `node` or are inside it, nearest first; at most 64 (kMostPlaces).
  [[nodiscard]] std::vector<NodeId> DrawnBefore(NodeId node) const;
  /// The places of these nodes, then those of the input and the variables.
  [[nodiscard]] std::vector<DrawSite> PlacesBefore(NodeId node) const;

 private:
  void FindBreakers();

  const plan::PlanTables& plan_;
  // What each node waits for, reads, is inside of or encloses.
  IdVector<NodeId, std::vector<NodeId>> before_;
  IdVector<NodeId, std::vector<NodeId>> breakers_;
};

}  // namespace wfc::simulate
