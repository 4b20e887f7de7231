// Upstream: which calls can have a say in what a node does.
#pragma once

#include <cstdint>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/simulate/scenario.h"

namespace wfc::simulate {

/// Whether an executor is asked for the node's output: all calls but an echo.
[[nodiscard]] bool IsDrawn(const plan::PlanTables& plan, uint32_t node);

class Upstream {
 public:
  /// `plan` outlives it.
  explicit Upstream(const plan::PlanTables& plan);

  /// The node itself if it is drawn, else the drawn nodes in bodies of its routes: any of them can
  /// fail it.
  [[nodiscard]] const std::vector<uint32_t>& Breakers(uint32_t node) const {
    return breakers_[node];
  }
  /// The drawn nodes that lead to `node` or stand inside it, the nearest first, then the input; a
  /// limited number.
  [[nodiscard]] std::vector<Place> PlacesBefore(uint32_t node) const;

 private:
  void FindBreakers();

  const plan::PlanTables& plan_;
  std::vector<std::vector<uint32_t>> before_;    // by node: what it waits for, reads or stands in
  std::vector<std::vector<uint32_t>> breakers_;  // by node
};

}  // namespace wfc::simulate
