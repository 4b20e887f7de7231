// BodiesByOwner: the bodies that each node of a plan can enter. The plan lists for each body its
// owner; this is the inverse.
#pragma once

#include <span>
#include <vector>

#include "backend-runtime/plan/view.h"

namespace wfc::plan {

/// Memory is four bytes for each body. The plan must outlive the object.
class BodiesByOwner {
 public:
  explicit BodiesByOwner(const PlanTables& plan);

  /// The bodies that `owner` can enter, in the order of their ids. Logarithmic in the bodies.
  [[nodiscard]] std::span<const RegionId> Of(NodeId owner) const;

 private:
  const PlanTables& plan_;
  std::vector<RegionId> bodies_;  // sorted by owner, then by id
};

}  // namespace wfc::plan
