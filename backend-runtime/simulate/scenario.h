// Scenario: everything that determines one simulated run. The same scenario gives the same run.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/executor.h"
#include "backend-runtime/runtime/machine/failure.h"
#include "ir/types/vm/choices.h"

namespace wfc::simulate {

using plan::NodeId;
using plan::RouteId;
using plan::SchemaId;

/// A place where values are drawn: a node, the input, or the variables.
using DrawSite = Id<struct DrawSiteTag>;
[[nodiscard]] constexpr DrawSite PlaceOf(NodeId node) {
  return DrawSite(node.index());
}
/// The place of the workflow's input.
[[nodiscard]] inline DrawSite InputPlace(const plan::PlanTables& plan) {
  return DrawSite(static_cast<uint32_t>(plan.nodes.size()));
}
/// The place of variables that the environment should set.
[[nodiscard]] inline DrawSite VarsPlace(const plan::PlanTables& plan) {
  return DrawSite(static_cast<uint32_t>(plan.nodes.size()) + 1);
}
/// How many places a plan has.
[[nodiscard]] constexpr size_t PlaceCount(const plan::PlanTables& plan) {
  return plan.nodes.size() + 2;
}
/// The node at the place; none if it is the input's or the variables'.
[[nodiscard]] inline NodeId NodeAt(const plan::PlanTables& plan, DrawSite place) {
  return place < InputPlace(plan) ? NodeId(place.index()) : NodeId();
}

/// Draws the values of one place differently from what the scenario's seed determines.
struct Redraw {
  DrawSite place;
  uint64_t ordinal = 0;  ///< the ordinal passed to types::Choices
};

/// Fault::attempts for a call that always fails.
inline constexpr uint32_t kAllAttempts = std::numeric_limits<uint32_t>::max();

/// Makes the calls of a node fail.
struct Fault {
  NodeId node;
  FailureCode code = FailureCode::Io;
  uint32_t attempts = kAllAttempts;  ///< how many attempts fail, from the first in the run
  bool hangs = false;  ///< instead of failing with `code`, the call ends only when it is cancelled
};

/// A value that can be copied and mutated (Explorer).
struct Scenario {
  uint64_t seed = 0;
  Mode mode = Mode::Implement;
  bool is_smallest = false;     ///< draw the smallest values, except at redrawn places
  std::vector<Redraw> redraws;  ///< at most one per place
  std::vector<Fault> faults;    ///< at most one per node

  /// Each function returns null if there is none.
  [[nodiscard]] Redraw* FindRedraw(DrawSite place);
  [[nodiscard]] const Redraw* FindRedraw(DrawSite place) const;
  [[nodiscard]] Fault* FindFault(NodeId node);
  [[nodiscard]] const Fault* FindFault(NodeId node) const;
};

/// Mixes two numbers into one, each bit of which depends on all bits of both.
[[nodiscard]] uint64_t Mix(uint64_t seed, uint64_t number);

/// The choices that determine the values drawn at `place` in its `attempt` (from 1).
[[nodiscard]] types::Choices ChoicesAt(const Scenario& scenario, DrawSite place, uint32_t attempt);

}  // namespace wfc::simulate
