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
    // Outer regions first: a body runs once an attempt of its owner.
    for (uint32_t region = 1; region < plan_.regions.size(); ++region) {
      const uint32_t owner = plan_.regions[region].owner();
      runs_[region] = Times(runs_[plan_.nodes[owner].region()], Attempts(owner));
    }
    for (uint32_t node = 0; node < plan_.nodes.size(); ++node) CountCalls(node);
    // Inner regions first: a body's time is part of its owner's.
    for (size_t region = plan_.regions.size(); region-- > 0;)
      times_[region] = TimeOf(plan_.regions[region]);
    if (is_timed_) {
      bounds_.time_ns = static_cast<int64_t>(std::min<uint64_t>(
          times_[0], static_cast<uint64_t>(std::numeric_limits<int64_t>::max())));
    }
    return bounds_;
  }

 private:
  const fb::Policy& PolicyOf(uint32_t node) const {
    return plan_.policies[plan_.nodes[node].policy()];
  }

  uint64_t Attempts(uint32_t node) const {
    const uint32_t retry = PolicyOf(node).retry();
    return retry == kNone ? 1 : 1 + uint64_t{plan_.retries[retry].further_attempts()};
  }

  void CountCalls(uint32_t index) {
    const fb::Node& node = plan_.nodes[index];
    const uint64_t calls = Times(runs_[node.region()], Attempts(index));
    if (node.verb() == fb::Verb::Agent) bounds_.agent_calls = Plus(bounds_.agent_calls, calls);
    if (node.verb() == fb::Verb::Tool) bounds_.tool_calls = Plus(bounds_.tool_calls, calls);
    if (node.verb() == fb::Verb::Run) bounds_.commands = Plus(bounds_.commands, calls);
  }

  uint64_t TimeOf(const fb::Region& region) {
    uint64_t time = 0;
    const uint32_t end = region.nodes().first() + region.nodes().count();
    for (uint32_t node = region.nodes().first(); node < end; ++node)
      time = Plus(time, TimeOf(node));
    return time;
  }

  uint64_t TimeOf(uint32_t index) {
    const fb::Node& node = plan_.nodes[index];
    const fb::Policy& policy = PolicyOf(index);
    uint64_t attempt = LimitOf(node, policy);
    if (node.verb() == fb::Verb::Decide && policy.timeout_ns() == 0) attempt = LongestRoute(node);
    uint64_t time = Times(attempt, Attempts(index));
    if (policy.retry() != kNone) {
      const fb::Retry& retry = plan_.retries[policy.retry()];
      time = Plus(time, Times(static_cast<uint64_t>(retry.max_ns()), retry.further_attempts()));
    }
    return policy.fallback() == kNone ? time : Plus(time, times_[policy.fallback()]);
  }

  /// One attempt; notes when a node that reads or changes the world has no limit.
  uint64_t LimitOf(const fb::Node& node, const fb::Policy& policy) {
    int64_t limit = policy.timeout_ns();
    if (node.verb() == fb::Verb::Tool) {
      const fb::Tool& tool = plan_.tools[plan_.tool_calls[node.payload()].tool()];
      if (tool.timeout_ns() != 0)
        limit = limit == 0 ? tool.timeout_ns() : std::min(limit, tool.timeout_ns());
      if (limit == 0 && tool.effect() != fb::Effect::Pure) is_timed_ = false;
    }
    const bool is_agent =
        node.verb() == fb::Verb::Agent &&
        plan_.agents[plan_.agent_calls[node.payload()].agent()].kind() != fb::AgentKind::Echo;
    if (limit == 0 && (is_agent || node.verb() == fb::Verb::Run)) is_timed_ = false;
    return static_cast<uint64_t>(limit);
  }

  uint64_t LongestRoute(const fb::Node& node) const {
    uint64_t longest = 0;
    const fb::Decide& decide = plan_.decides[node.payload()];
    for (const fb::Route& route : PlanTables::Slice(plan_.routes, decide.routes())) {
      if (route.region() != kNone) longest = std::max(longest, times_[route.region()]);
    }
    return longest;
  }

  const PlanView& plan_;
  Bounds bounds_;
  std::vector<uint64_t> runs_;   // of each region: how often it runs at most
  std::vector<uint64_t> times_;  // of each region: nanoseconds of one run
  bool is_timed_ = true;
};

}  // namespace

Bounds FindBounds(const PlanView& plan) {
  return BoundsFinder(plan).Find();
}

}  // namespace wfc::plan
