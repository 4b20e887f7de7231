// Upstream: which calls can have a say in what a node does.
#pragma once

#include <cstdint>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/simulate/scenario.h"

namespace wfc::simulate {

/// Whether an executor is asked for the node's output: all calls but an echo.
[[nodiscard]] bool IsDrawn(const plan::PlanTables& plan, NodeId node);

/// The decides whose routes' bodies the node stands in, the innermost first; not those around a
/// fallback.
[[nodiscard]] std::vector<NodeId> OwnersOfRoutesAround(const plan::PlanTables& plan, NodeId node);

class Upstream {
 public:
  /// `plan` outlives it.
  explicit Upstream(const plan::PlanTables& plan);

  /// The node itself if it is drawn, else the drawn nodes in bodies of its routes: any of them can
  /// fail it.
  [[nodiscard]] const std::vector<NodeId>& Breakers(NodeId node) const { return breakers_[node]; }
  /// The drawn nodes that lead to `node` or stand inside it, the nearest first; a limited number.
  [[nodiscard]] std::vector<NodeId> DrawnBefore(NodeId node) const;
  /// The places of these, then those of the input and the variables.
  [[nodiscard]] std::vector<Place> PlacesBefore(NodeId node) const;

 private:
  void FindBreakers();

  const plan::PlanTables& plan_;
  IdVector<NodeId, std::vector<NodeId>> before_;  // what it waits for, reads or stands in
  IdVector<NodeId, std::vector<NodeId>> breakers_;
};

}  // namespace wfc::simulate
