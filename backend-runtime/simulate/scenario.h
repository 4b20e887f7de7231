// Scenario: all that one simulated run is made from. The same scenario gives the same run.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/executor.h"
#include "backend-runtime/runtime/failure.h"
#include "ir/types/vm/choices.h"

namespace wfc::simulate {

using plan::NodeId;
using plan::RouteId;
using plan::SchemaId;

/// Where values are drawn: at a node, or at one of two places besides.
using Place = Id<struct PlaceTag>;
[[nodiscard]] constexpr Place PlaceOf(NodeId node) {
  return Place(node.index());
}
[[nodiscard]] inline Place InputPlace(const plan::PlanTables& plan) {
  return Place(static_cast<uint32_t>(plan.nodes.size()));
}
/// Variables that the environment should have set.
[[nodiscard]] inline Place VarsPlace(const plan::PlanTables& plan) {
  return Place(static_cast<uint32_t>(plan.nodes.size()) + 1);
}
[[nodiscard]] constexpr size_t PlaceCount(const plan::PlanTables& plan) {
  return plan.nodes.size() + 2;
}
/// None: it is one of the two besides.
[[nodiscard]] inline NodeId NodeAt(const plan::PlanTables& plan, Place place) {
  return place < InputPlace(plan) ? NodeId(place.index()) : NodeId();
}

/// The values of one place are drawn otherwise than the scenario's seed has them.
struct Redraw {
  Place place;
  uint64_t ordinal = 0;  ///< of types::Choices
};

inline constexpr uint32_t kAllAttempts = std::numeric_limits<uint32_t>::max();

/// A call that fails.
struct Fault {
  NodeId node;
  FailureCode code = FailureCode::Io;
  uint32_t attempts = kAllAttempts;  ///< that fail, from the first in the run
  bool hangs = false;  ///< it does not end until someone's time has run out, in place of `code`
};

struct Scenario {
  uint64_t seed = 0;
  Mode mode = Mode::Implement;
  bool is_smallest = false;     ///< every value is the smallest
  std::vector<Redraw> redraws;  ///< at most one a place
  std::vector<Fault> faults;    ///< at most one a node

  [[nodiscard]] Redraw* FindRedraw(Place place);
  [[nodiscard]] const Redraw* FindRedraw(Place place) const;
  [[nodiscard]] Fault* FindFault(NodeId node);
  [[nodiscard]] const Fault* FindFault(NodeId node) const;
};

/// A number that every bit of both depends on.
[[nodiscard]] uint64_t Mix(uint64_t seed, uint64_t number);

/// What decides about the values of `place` in its `attempt`.
[[nodiscard]] types::Choices ChoicesAt(const Scenario& scenario, Place place, uint32_t attempt);

}  // namespace wfc::simulate
