// Explorer: says what each run is made from, so that many runs reach all there is. It keeps the
// scenario that first came to each stage, and changes in it what can turn that stage elsewhere.
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

class Explorer {
 public:
  /// `mode` none: any that the plan lists. All references outlive it.
  Explorer(const plan::PlanView& plan, const Targets& targets, const Upstream& upstream,
           uint64_t seed, std::optional<Mode> mode);

  /// The first has the smallest values and no faults.
  [[nodiscard]] Scenario Next();
  /// What came out of the scenario that `Next` has just given.
  void Learn(const Scenario& scenario, const Observation& observation);

  /// By index of Targets.
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
  IdVector<NodeId, KeptId> kept_for_;  // none: it has not run
  IdVector<Place, uint64_t> next_ordinals_;
};

}  // namespace wfc::simulate
