// Targets: everything in a plan that simulated runs can reach. Explorer aims at targets, Observer
// notes them, and the report counts them.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/simulate/upstream.h"

namespace wfc::simulate {

/// What about its stage a target is.
enum class TargetKind : uint8_t {
  Stage,      ///< the stage starts
  Condition,  ///< the stage's `if` is false
  Route,      ///< the decide chooses the route; detail: the RouteId
  Retry,      ///< the stage is retried; detail: the FailureCode of the failure
  OnError,    ///< its failure is tolerated or replaced by a value, or its fallback starts
  Timeout,    ///< the stage times out
  Cleanup,    ///< the stage (`join: settled`) runs though a dependency has no output
};
inline constexpr uint32_t kTargetKindCount = static_cast<uint32_t>(TargetKind::Cleanup) + 1;

/// One thing that a run can reach.
struct Target {
  NodeId node;
  TargetKind kind = TargetKind::Stage;
  /// Depends on `kind`; otherwise 0.
  uint32_t detail = 0;
  friend constexpr auto operator<=>(const Target&, const Target&) = default;
};

/// All targets of one plan.
class Targets {
 public:
  /// Reads its arguments only during construction.
  Targets(const plan::PlanTables& plan, const Upstream& upstream);

  /// All targets, in ascending order.
  [[nodiscard]] const std::vector<Target>& all() const { return all_; }
  /// The index of a target, if the plan has it.
  [[nodiscard]] std::optional<size_t> Find(const Target& target) const;

 private:
  void AddRoutes(const plan::PlanTables& plan, NodeId decide);
  void AddPolicy(const plan::PlanTables& plan, const Upstream& upstream, NodeId node);

  std::vector<Target> all_;
};

/// The groups by which a report counts targets.
enum class TargetGroup : uint8_t { Stages, Routes, Conditions, Policies };
inline constexpr uint32_t kTargetGroupCount = static_cast<uint32_t>(TargetGroup::Policies) + 1;
/// The group in which a kind of targets is counted.
[[nodiscard]] TargetGroup GroupOf(TargetKind kind);
/// "stages", "routes"…
[[nodiscard]] std::string_view GetName(TargetGroup group);

/// Names a target within its stage: "bug", "retry on timeout", "on_error continue"; "" for the
/// stage itself.
[[nodiscard]] std::string Detail(const plan::PlanView& plan, const Target& target);

}  // namespace wfc::simulate
