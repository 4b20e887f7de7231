// Explorer: chooses the scenario of each simulated run so that many runs reach as many targets as
// possible. It keeps the scenario that first reached each stage, and mutates that to reach the
// stage's open targets. Simulation uses it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/simulate/observer.h"
#include "backend-runtime/simulate/scenario.h"
#include "backend-runtime/simulate/targets.h"
#include "backend-runtime/simulate/upstream.h"
#include "ir/base/random.h"

namespace wfc::simulate {

/// Deterministic: the same seed and the same observations give the same scenarios.
class Explorer {
 public:
  /// Without `mode`, the modes that the plan lists take turns. The other arguments must outlive the
  /// explorer.
  Explorer(const plan::PlanView& plan, const Targets& targets, const Upstream& upstream,
           uint64_t seed, std::optional<Mode> mode);

  /// The scenario of the next run. The first has the smallest values and no faults.
  [[nodiscard]] Scenario Next();
  /// Reports the observation of the scenario that `Next` returned last.
  void Learn(const Scenario& scenario, const Observation& observation);

  /// Which targets have been reached, by their index in Targets.
  [[nodiscard]] const std::vector<bool>& reached() const { return reached_; }
  [[nodiscard]] bool has_reached_all() const { return open_count_ == 0; }

 private:
  using KeptId = Id<struct KeptTag>;

  [[nodiscard]] Mode ChooseMode(Random& random) const;
  [[nodiscard]] Scenario MakeFresh(Random& random) const;
  [[nodiscard]] std::optional<size_t> FindAim();
  [[nodiscard]] Scenario MakeAimed(const Target& target, Random& random);
  void RedrawBefore(NodeId node, Scenario& scenario, Random& random);
  void AddFault(const Target& target, Scenario& scenario, Random& random) const;
  [[nodiscard]] Fault DrawFault(NodeId node, Random& random) const;
  [[nodiscard]] bool CanHang(NodeId node) const;

  const plan::PlanView& plan_;
  const Targets& targets_;
  const Upstream& upstream_;
  uint64_t seed_;
  std::vector<Mode> modes_;
  std::vector<NodeId> drawn_nodes_;
  uint64_t run_count_ = 0;
  std::vector<bool> reached_;
  size_t open_count_;
  size_t next_aim_ = 0;
  IdVector<KeptId, Scenario> kept_;
  // For each node, the first scenario in which it ran; none if it has not run.
  IdVector<NodeId, KeptId> kept_for_;
  IdVector<DrawSite, uint64_t> next_ordinals_;
};

}  // namespace wfc::simulate
