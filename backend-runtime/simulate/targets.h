// Targets: what there is in a plan for simulated runs to reach.
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

enum class TargetKind : uint8_t {
  Stage,      ///< it starts
  Condition,  ///< its `if` is false
  Route,      ///< detail: the RouteId; the decide chooses it
  Retry,      ///< detail: the FailureCode after which it is tried again
  OnError,    ///< its failure is tolerated, replaced by a value, or its fallback starts
  Timeout,    ///< its time runs out
  Cleanup,    ///< `join: settled`: it runs though something before it has no output
};
inline constexpr uint32_t kTargetKindCount = static_cast<uint32_t>(TargetKind::Cleanup) + 1;

struct Target {
  NodeId node;
  TargetKind kind = TargetKind::Stage;
  uint32_t detail = 0;
  friend constexpr auto operator<=>(const Target&, const Target&) = default;
};

class Targets {
 public:
  Targets(const plan::PlanTables& plan, const Upstream& upstream);

  /// Sorted by node.
  [[nodiscard]] const std::vector<Target>& all() const { return all_; }
  /// The index of a target, if the plan has it.
  [[nodiscard]] std::optional<size_t> Find(const Target& target) const;

 private:
  void AddRoutes(const plan::PlanTables& plan, NodeId decide);
  void AddPolicy(const plan::PlanTables& plan, const Upstream& upstream, NodeId node);

  std::vector<Target> all_;
};

/// What a report counts together.
enum class TargetGroup : uint8_t { Stages, Routes, Conditions, Policies };
inline constexpr uint32_t kTargetGroupCount = static_cast<uint32_t>(TargetGroup::Policies) + 1;
[[nodiscard]] TargetGroup GroupOf(TargetKind kind);
/// "stages", "routes"…
[[nodiscard]] std::string_view GetName(TargetGroup group);

/// What of its stage a target is: "bug", "retry on timeout", "on_error continue"; "" for the stage
/// itself.
[[nodiscard]] std::string Detail(const plan::PlanView& plan, const Target& target);

}  // namespace wfc::simulate
