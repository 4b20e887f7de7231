// The graph: regions partition the nodes, edges only lead onwards within their region, and decides
// and policies lead to regions of their own. Linear, and on the path of loading a plan of a million
// nodes.
#include <algorithm>

#include <fmt/format.h>

#include "backend-runtime/plan/check.h"

namespace wfc::plan {
namespace {

class GraphChecker {
 public:
  GraphChecker(const PlanTables& plan, std::span<const Value> constants)
      : plan_(plan), constants_(constants) {}

  Result<void> Check() {
    if (plan_.nodes.size() > kMaxNodes) return Error{"nodes: too many"};
    Result<void> result = CheckRegions();
    if (result.ok()) result = CheckPolicies();
    if (result.ok()) result = CheckRoutes();
    if (!result.ok()) return result;
    const Result<std::vector<uint32_t>> branching = CheckNodes(plan_);
    if (!branching.ok()) return branching.error();
    result = CheckBodies(*branching);
    return result.ok() ? CheckOuterReads() : result;
  }

 private:
  // Regions

  Result<void> CheckRegions() {
    if (plan_.regions.empty()) return Error{"regions: there is none"};
    PackedRanges nodes(plan_.nodes.size());
    PackedRanges outer(plan_.outer_reads.size());
    depths_.resize(plan_.regions.size());
    for (uint32_t i = 0; i < plan_.regions.size(); ++i) {
      const fb::Region& region = plan_.regions[i];
      if (!nodes.Take(region.nodes()))
        return At("region", i, "its nodes do not begin where those before ended");
      if (!outer.Take(region.outer()))
        return At("region", i, "its outer reads do not begin where those before ended");
      if (Fault fault = CheckRegion(i)) return At("region", i, fault);
    }
    if (!nodes.is_complete()) return Error{"regions: nodes that belong to none"};
    if (!outer.is_complete()) return Error{"regions: outer reads that belong to none"};
    region_users_.assign(plan_.regions.size(), 0);
    return {};
  }

  Fault CheckRegion(uint32_t index) {
    const fb::Region& region = plan_.regions[index];
    const fb::Region rebuilt(region.nodes(), region.owner(), region.output(), region.outer(),
                             region.kind(), region.is_single());
    if (!IsCanonical(region, rebuilt)) return "a truth value that is neither 0 nor 1";
    if (!IsEnum(region.kind())) return "unknown kind";
    if (!IsNoneOrIn(region.output(), plan_.programs.size())) return "no such program";
    if (region.is_single() && region.nodes().count() != 1) return "is single without one node";
    const bool is_workflow = region.kind() == fb::RegionKind::Workflow;
    if (is_workflow != (index == 0)) return "the workflow's region, and no other, is the first";
    if (is_workflow) return region.owner() == kNone ? nullptr : "the workflow has an owner";
    if (region.owner() >= region.nodes().first())
      return "its owner does not stand in a region before it";
    depths_[index] = depths_[RegionOf(region.owner())] + 1;
    return depths_[index] < kMaxRegionDepth ? nullptr : "too many regions inside each other";
  }

  /// By the regions' ranges, which are known before the nodes are.
  uint32_t RegionOf(uint32_t node) const {
    const auto after = std::ranges::upper_bound(
        plan_.regions, node, {}, [](const fb::Region& region) { return region.nodes().first(); });
    return static_cast<uint32_t>(after - plan_.regions.begin() - 1);
  }

  // Policies

  Result<void> CheckPolicies() {
    for (size_t i = 0; i < plan_.policies.size(); ++i) {
      if (Fault fault = CheckPolicy(plan_.policies[i])) return At("policy", i, fault);
    }
    return {};
  }

  Fault CheckPolicy(const fb::Policy& policy) const {
    if (!IsEnum(policy.on_error())) return "unknown reaction to an error";
    if (policy.timeout_ns() < 0) return "a timeout below 0";
    if (!IsNoneOrIn(policy.retry(), plan_.retries.size())) return "no such retry";
    if (!IsIn(policy.authority(), plan_.authorities.size())) return "no such authority";
    const bool needs_value = policy.on_error() == fb::OnError::Value;
    if (needs_value ? !IsIn(policy.on_error_value(), plan_.programs.size())
                    : policy.on_error_value() != kNone) {
      return "no such program";
    }
    const bool needs_fallback = policy.on_error() == fb::OnError::Fallback;
    if (needs_fallback ? !IsIn(policy.fallback(), plan_.regions.size())
                       : policy.fallback() != kNone) {
      return "no such region";
    }
    return nullptr;
  }

  // Bodies

  /// The regions that nodes lead to are their own, and each has one that leads to it.
  Result<void> CheckBodies(std::span<const uint32_t> branching) {
    decide_users_.assign(plan_.decides.size(), kNone);
    for (const uint32_t node : branching) {
      if (Fault fault = TakeBodies(node)) return AtNode(plan_, node, fault);
    }
    for (size_t i = 0; i < decide_users_.size(); ++i) {
      if (decide_users_[i] == kNone) return At("decision", i, "no node makes it");
    }
    for (size_t i = 1; i < region_users_.size(); ++i) {
      if (region_users_[i] == 0) return At("region", i, "nothing leads to it");
    }
    return {};
  }

  Fault TakeBodies(uint32_t index) {
    const fb::Node& node = plan_.nodes[index];
    if (node.verb() == fb::Verb::Decide) {
      if (Fault fault = TakeChoices(index)) return fault;
    }
    const uint32_t fallback = plan_.policies[node.policy()].fallback();
    return fallback == kNone ? nullptr : TakeRegion(fallback, index, fb::RegionKind::Fallback);
  }

  Fault TakeRegion(uint32_t region, uint32_t owner, fb::RegionKind kind) {
    if (plan_.regions[region].owner() != owner) return "leads to a region of another owner";
    if (plan_.regions[region].kind() != kind) return "leads to a region of another kind";
    if (region_users_[region]++ != 0) return "leads to a region twice";
    return nullptr;
  }

  /// The regions that a decision leads to are its own, and its edges Control lead to its routes'
  /// targets.
  Fault TakeChoices(uint32_t node) {
    const uint32_t index = plan_.nodes[node].payload();
    if (decide_users_[index] != kNone) return "shares its decision with another node";
    decide_users_[index] = node;
    std::vector<uint32_t> targets;
    for (const fb::Route& route : PlanTables::Slice(plan_.routes, plan_.decides[index].routes())) {
      if (route.region() != kNone) {
        if (Fault fault = TakeRegion(route.region(), node, fb::RegionKind::Route)) return fault;
      }
      const auto range = PlanTables::Slice(plan_.route_targets, route.targets());
      targets.insert(targets.end(), range.begin(), range.end());
    }
    std::ranges::sort(targets);
    targets.erase(std::ranges::unique(targets).begin(), targets.end());
    return HasControlEdges(node, targets)
               ? nullptr
               : "the edges to what it chooses are not its routes' targets";
  }

  bool HasControlEdges(uint32_t node, std::span<const uint32_t> targets) const {
    size_t found = 0;
    for (const uint32_t word : plan_.edges_of(node)) {
      const Edge edge = UnpackEdge(word);
      if (edge.kind != fb::EdgeKind::Control) continue;
      if (found == targets.size() || targets[found] != edge.to) return false;
      ++found;
    }
    return found == targets.size();
  }

  // Decides

  /// Each by itself; what they lead to is judged with the nodes that decide.
  Result<void> CheckRoutes() {
    PackedRanges routes(plan_.routes.size());
    PackedRanges targets(plan_.route_targets.size());
    for (size_t i = 0; i < plan_.decides.size(); ++i) {
      const fb::Decide& decide = plan_.decides[i];
      if (!routes.Take(decide.routes()))
        return At("decision", i, "its routes do not begin where those before ended");
      if (Fault fault = CheckDecide(decide)) return At("decision", i, fault);
    }
    if (!routes.is_complete()) return Error{"decisions: routes that belong to none"};
    for (size_t i = 0; i < plan_.routes.size(); ++i) {
      if (!targets.Take(plan_.routes[i].targets())) {
        return At("route", i, "its targets do not begin where those before ended");
      }
      if (Fault fault = CheckRoute(plan_.routes[i])) return At("route", i, fault);
    }
    if (!targets.is_complete()) return Error{"routes: targets that belong to none"};
    return {};
  }

  Fault CheckDecide(const fb::Decide& decide) const {
    const fb::Decide rebuilt(decide.routes(), decide.subject(), decide.is_case_list(),
                             decide.has_default());
    if (!IsCanonical(decide, rebuilt)) return "a truth value that is neither 0 nor 1";
    if (decide.is_case_list() ? decide.subject() != kNone
                              : !IsIn(decide.subject(), plan_.programs.size())) {
      return "no such program";
    }
    if (decide.has_default() && decide.routes().count() == 0) return "its default is missing";
    const std::span<const fb::Route> routes = PlanTables::Slice(plan_.routes, decide.routes());
    for (size_t i = 0; i < routes.size(); ++i) {
      const bool is_default = decide.has_default() && i + 1 == routes.size();
      const bool has_key = !decide.is_case_list() && !is_default;
      if (has_key ? !IsKey(routes[i].key()) : routes[i].key() != kNone)
        return "a route without the key that it needs";
      if ((has_key || is_default) && routes[i].when() != kNone)
        return "a route with a condition that it cannot have";
    }
    return nullptr;
  }

  bool IsKey(uint32_t constant) const {
    if (!IsIn(constant, constants_.size())) return false;
    const Value& key = constants_[constant];
    return key.is_null() || key.is_string() || key.is_number() || key.kind() == Kind::Bool;
  }

  Fault CheckRoute(const fb::Route& route) const {
    if (!IsEnum(route.kind())) return "unknown kind";
    if (!IsNoneOrIn(route.when(), plan_.programs.size())) return "no such program";
    const bool has_region = route.kind() == fb::RouteKind::Region;
    if (has_region ? !IsIn(route.region(), plan_.regions.size()) : route.region() != kNone)
      return "no such region";
    const bool has_targets = route.kind() == fb::RouteKind::Nodes;
    return has_targets == (route.targets().count() != 0)
               ? nullptr
               : "leads to nodes, or does not, against its kind";
  }

  // Reads of what stands around a region

  Result<void> CheckOuterReads() {
    for (const fb::Region& region : plan_.regions) {
      const fb::OuterRead* previous = nullptr;
      for (const fb::OuterRead& read : PlanTables::Slice(plan_.outer_reads, region.outer())) {
        const uint32_t region_end = region.nodes().first() + region.nodes().count();
        const bool is_inside = read.node() >= region.nodes().first() && read.node() < region_end;
        const size_t index = &read - plan_.outer_reads.data();
        if (!is_inside) return At("outer read", index, "its node stands in another region");
        if (Fault fault = CheckOuterRead(read, previous)) return At("outer read", index, fault);
        previous = &read;
      }
    }
    return {};
  }

  Fault CheckOuterRead(const fb::OuterRead& read, const fb::OuterRead* previous) const {
    const fb::OuterRead rebuilt(read.node(), read.from(), read.kind());
    if (!IsCanonical(read, rebuilt)) return "padding that is not 0";
    switch (read.kind()) {
      case fb::EdgeKind::HardAfter:
      case fb::EdgeKind::HardOutput:
      case fb::EdgeKind::HardRan:
      case fb::EdgeKind::Soft:
        break;
      case fb::EdgeKind::Control:
      case fb::EdgeKind::Order:
      case fb::EdgeKind::Wait:
      default:
        return "cannot be of this kind";
    }
    if (!IsIn(read.from(), plan_.nodes.size())) return "no such node";
    if (previous != nullptr && previous->node() > read.node()) return "out of order";
    uint64_t steps = 0;
    const uint32_t waits = FindWaiting(plan_, read.node(), read.from(), steps);
    if (waits == kNone || waits == read.node()) return "reads a node that does not stand around it";
    return IsEdge(plan_, read.from(), waits) ? nullptr
                                             : "reads a node that its owner does not wait for";
  }

  const PlanTables& plan_;
  std::span<const Value> constants_;
  std::vector<uint32_t> depths_;        // of each region
  std::vector<uint32_t> region_users_;  // how many lead to it
  std::vector<uint32_t> decide_users_;  // the node, or none
};

}  // namespace

uint32_t FindWaiting(const PlanTables& plan, uint32_t reader, uint32_t from, uint64_t& steps) {
  const uint32_t region = plan.nodes[from].region();
  while (plan.nodes[reader].region() > region) {
    reader = plan.regions[plan.nodes[reader].region()].owner();
    ++steps;
  }
  return plan.nodes[reader].region() == region ? reader : kNone;
}

bool IsEdge(const PlanTables& plan, uint32_t from, uint32_t to) {
  const std::span<const uint32_t> edges = plan.edges_of(from);
  const auto edge = std::ranges::lower_bound(edges, to << 3);
  return edge != edges.end() && UnpackEdge(*edge).to == to;
}

Result<void> CheckGraph(const PlanTables& plan, std::span<const Value> constants) {
  return GraphChecker(plan, constants).Check();
}

}  // namespace wfc::plan
