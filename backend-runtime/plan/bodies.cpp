#include "backend-runtime/plan/bodies.h"

#include <algorithm>
#include <utility>

namespace wfc::plan {

BodiesByOwner::BodiesByOwner(const PlanTables& plan) : plan_(plan) {
  for (const RegionId region : plan.regions.ids()) {
    if (region != kWorkflowRegion) bodies_.push_back(region);
  }
  std::ranges::sort(bodies_, {},
                    [&](RegionId region) { return std::pair(plan.owner_of(region), region); });
}

std::span<const RegionId> BodiesByOwner::Of(NodeId owner) const {
  const auto [first, last] = std::ranges::equal_range(
      bodies_, owner, {}, [this](RegionId region) { return plan_.owner_of(region); });
  return {first, last};
}

}  // namespace wfc::plan
