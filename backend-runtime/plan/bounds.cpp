#include "backend-runtime/plan/bounds.h"

#include <limits>
#include <vector>

namespace wfc::plan {
namespace {

uint64_t Plus(uint64_t left, uint64_t right) {
  uint64_t sum = 0;
  return __builtin_add_overflow(left, right, &sum) ? std::numeric_limits<uint64_t>::max() : sum;
}

uint64_t Times(uint64_t left, uint64_t right) {
  uint64_t product = 0;
  return __builtin_mul_overflow(left, right, &product) ? std::numeric_limits<uint64_t>::max()
                                                       : product;
}

class BoundsFinder {
 public:
  explicit BoundsFinder(const PlanView& plan)
      : plan_(plan), runs_(plan.regions.size(), 1), times_(plan.regions.size(), 0) {}

  Bounds Find() {
    // Outer regions come first: a body runs at most once per attempt of its owner.
    for (const RegionId region : plan_.regions.ids()) {
      const NodeId owner = plan_.owner_of(region);
      if (!owner.has_value()) continue;
      runs_[region] = Times(runs_[plan_.region_of(owner)], Attempts(plan_.nodes[owner]));
    }
    for (const fb::Node& node : plan_.nodes) CountCalls(node);
    // Inner regions come first: the time of a body is part of its owner's.
    for (size_t count = plan_.regions.size(); count > 0; --count) {
      const RegionId region(static_cast<uint32_t>(count - 1));
      times_[region] = TimeOf(plan_.regions[region]);
    }
    if (is_timed_) {
      bounds_.time_ns = static_cast<int64_t>(std::min<uint64_t>(
          times_[kWorkflowRegion], static_cast<uint64_t>(std::numeric_limits<int64_t>::max())));
    }
    return bounds_;
  }

 private:
  uint64_t Attempts(const fb::Node& node) const {
    const fb::Retry* retry = plan_.retry_of(plan_.policy_of(node));
    return retry == nullptr ? 1 : 1 + uint64_t{retry->further_attempts()};
  }

  void CountCalls(const fb::Node& node) {
    const uint64_t calls = Times(runs_[RegionId(node.region())], Attempts(node));
    const auto add = [&](uint64_t& count) { count = Plus(count, calls); };
    switch (CalleeOf(node)) {
      case Callee::Agent:
        return add(bounds_.agent_calls);
      case Callee::Tool:
        return add(bounds_.tool_calls);
      case Callee::Command:
        return add(bounds_.commands);
      case Callee::None:
        return;
    }
  }

  uint64_t TimeOf(const fb::Region& region) {
    uint64_t time = 0;
    for (const NodeId node : NodesOf(region)) time = Plus(time, TimeOf(plan_.nodes[node]));
    return time;
  }

  uint64_t TimeOf(const fb::Node& node) {
    const fb::Policy& policy = plan_.policy_of(node);
    uint64_t attempt = LimitOf(node, policy);
    if (plan_.is_decide(node) && policy.timeout_ns() == 0) attempt = LongestRoute(node);
    uint64_t time = Times(attempt, Attempts(node));
    if (const fb::Retry* retry = plan_.retry_of(policy)) {
      time = Plus(time, Times(static_cast<uint64_t>(retry->max_ns()), retry->further_attempts()));
    }
    const RegionId fallback(policy.fallback());
    return fallback.has_value() ? Plus(time, times_[fallback]) : time;
  }

  /// The limit of one attempt; clears `is_timed_` if the node acts on the outside world without a
  /// limit.
  uint64_t LimitOf(const fb::Node& node, const fb::Policy& policy) {
    int64_t limit = policy.timeout_ns();
    bool needs_limit = false;
    switch (CalleeOf(node)) {
      case Callee::Agent:
        needs_limit = plan_.agent_of(node).kind() != fb::AgentKind::Echo;
        break;
      case Callee::Tool: {
        const fb::Tool& tool = plan_.tool_of(node);
        if (tool.timeout_ns() != 0)
          limit = limit == 0 ? tool.timeout_ns() : std::min(limit, tool.timeout_ns());
        needs_limit = tool.effect() != fb::Effect::Pure;
        break;
      }
      case Callee::Command:
        needs_limit = true;
        break;
      case Callee::None:
        break;
    }
    if (limit == 0 && needs_limit) is_timed_ = false;
    return static_cast<uint64_t>(limit);
  }

  uint64_t LongestRoute(const fb::Node& node) const {
    uint64_t longest = 0;
    const fb::Decide& decide = plan_.decide_of(node);
    for (const fb::Route& route : PlanTables::Slice(plan_.routes, decide.routes())) {
      const RegionId region(route.region());
      if (region.has_value()) longest = std::max(longest, times_[region]);
    }
    return longest;
  }

  const PlanView& plan_;
  Bounds bounds_;
  IdVector<RegionId, uint64_t> runs_;   // how often the region can run
  IdVector<RegionId, uint64_t> times_;  // nanoseconds of one run of the region
  bool is_timed_ = true;
};

}  // namespace

Bounds FindBounds(const PlanView& plan) {
  return BoundsFinder(plan).Find();
}

}  // namespace wfc::plan
