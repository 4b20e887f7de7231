// Checks the graph: regions partition the nodes, edges lead only onwards within their region, and
// decides and policies lead to regions that they own. The checks are linear, because they are on
// the path of loading a plan of a million nodes.
#include <algorithm>

#include <fmt/core.h>

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
    const Result<std::vector<NodeId>> branching = CheckNodes(plan_);
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
    depths_ = IdVector<RegionId, uint32_t>(plan_.regions.size());
    for (const RegionId id : plan_.regions.ids()) {
      const fb::Region& region = plan_.regions[id];
      if (!nodes.Take(region.nodes()))
        return At("region", id.index(), "its nodes do not begin where those before ended");
      if (!outer.Take(region.outer()))
        return At("region", id.index(), "its outer reads do not begin where those before ended");
      if (Fault fault = CheckRegion(id)) return At("region", id.index(), fault);
    }
    if (!nodes.is_complete()) return Error{"regions: nodes that belong to none"};
    if (!outer.is_complete()) return Error{"regions: outer reads that belong to none"};
    region_users_ = IdVector<RegionId, uint32_t>(plan_.regions.size());
    return {};
  }

  Fault CheckRegion(RegionId id) {
    const fb::Region& region = plan_.regions[id];
    const fb::Region rebuilt(region.nodes(), region.owner(), region.output(), region.outer(),
                             region.kind(), region.is_single());
    if (!IsCanonical(region, rebuilt)) return "a truth value that is neither 0 nor 1";
    if (!IsEnum(region.kind())) return "unknown kind";
    if (!IsNoneOrIn(region.output(), plan_.programs.size())) return "no such program";
    if (region.is_single() && region.nodes().count() != 1) return "is single without one node";
    const bool is_workflow = region.kind() == fb::RegionKind::Workflow;
    if (is_workflow != (id == kWorkflowRegion))
      return "the workflow's region, and no other, is the first";
    if (is_workflow) return region.owner() == kNone ? nullptr : "the workflow has an owner";
    if (region.owner() >= region.nodes().first())
      return "its owner does not stand in a region before it";
    depths_[id] = depths_[RegionOf(NodeId(region.owner()))] + 1;
    return depths_[id] < kMaxRegionDepth ? nullptr : "too many regions inside each other";
  }

  /// The region of a node, found by the ranges of regions, because the nodes have not been checked
  /// yet.
  RegionId RegionOf(NodeId node) const {
    const auto after = std::ranges::upper_bound(
        plan_.regions, node, {},
        [](const fb::Region& region) { return NodeId(region.nodes().first()); });
    return RegionId(static_cast<uint32_t>(after - plan_.regions.begin() - 1));
  }

  // Policies

  Result<void> CheckPolicies() {
    for (const PolicyId id : plan_.policies.ids()) {
      if (Fault fault = CheckPolicy(plan_.policies[id])) return At("policy", id.index(), fault);
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

  /// Checks that nodes lead only to regions that they own, and that exactly one node leads to each
  /// region.
  Result<void> CheckBodies(std::span<const NodeId> branching) {
    decide_users_ = IdVector<DecideId, NodeId>(plan_.decides.size());
    for (const NodeId node : branching) {
      if (Fault fault = TakeBodies(node)) return AtNode(plan_, node, fault);
    }
    for (const DecideId id : plan_.decides.ids()) {
      if (!decide_users_[id].has_value()) return At("decision", id.index(), "no node makes it");
    }
    for (const RegionId id : plan_.regions.ids()) {
      const bool is_led_to = id == kWorkflowRegion || region_users_[id] != 0;
      if (!is_led_to) return At("region", id.index(), "nothing leads to it");
    }
    return {};
  }

  Fault TakeBodies(NodeId id) {
    const fb::Node& node = plan_.nodes[id];
    if (plan_.is_decide(node)) {
      if (Fault fault = TakeChoices(id)) return fault;
    }
    const RegionId fallback(plan_.policy_of(node).fallback());
    return fallback.has_value() ? TakeRegion(fallback, id, fb::RegionKind::Fallback) : nullptr;
  }

  Fault TakeRegion(RegionId region, NodeId owner, fb::RegionKind kind) {
    if (plan_.owner_of(region) != owner) return "leads to a region of another owner";
    if (plan_.regions[region].kind() != kind) return "leads to a region of another kind";
    if (region_users_[region]++ != 0) return "leads to a region twice";
    return nullptr;
  }

  /// Checks that the regions a decide leads to are its own, and that its Control edges lead to the
  /// targets of its routes.
  Fault TakeChoices(NodeId node) {
    const DecideId decide(plan_.nodes[node].payload());
    if (decide_users_[decide].has_value()) return "shares its decision with another node";
    decide_users_[decide] = node;
    std::vector<NodeId> targets;
    for (const fb::Route& route : PlanTables::Slice(plan_.routes, plan_.decides[decide].routes())) {
      if (const RegionId region(route.region()); region.has_value()) {
        if (Fault fault = TakeRegion(region, node, fb::RegionKind::Route)) return fault;
      }
      const IdSpan<NodeId> range = plan_.targets_of(route);
      targets.insert(targets.end(), range.begin(), range.end());
    }
    std::ranges::sort(targets);
    targets.erase(std::ranges::unique(targets).begin(), targets.end());
    return HasControlEdges(node, targets)
               ? nullptr
               : "the edges to what it chooses are not its routes' targets";
  }

  bool HasControlEdges(NodeId node, std::span<const NodeId> targets) const {
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

  /// Checks each decide by itself; what it leads to is checked with its node (TakeChoices).
  Result<void> CheckRoutes() {
    PackedRanges routes(plan_.routes.size());
    PackedRanges targets(plan_.route_targets.size());
    for (const DecideId id : plan_.decides.ids()) {
      const fb::Decide& decide = plan_.decides[id];
      if (!routes.Take(decide.routes()))
        return At("decision", id.index(), "its routes do not begin where those before ended");
      if (Fault fault = CheckDecide(decide)) return At("decision", id.index(), fault);
    }
    if (!routes.is_complete()) return Error{"decisions: routes that belong to none"};
    for (const RouteId id : plan_.routes.ids()) {
      if (!targets.Take(plan_.routes[id].targets())) {
        return At("route", id.index(), "its targets do not begin where those before ended");
      }
      if (Fault fault = CheckRoute(plan_.routes[id])) return At("route", id.index(), fault);
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

  // Reads of nodes in enclosing regions

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
    const NodeId reader(read.node());
    const NodeId from(read.from());
    const NodeId waits = FindWaiter(plan_, reader, from, steps);
    if (!waits.has_value() || waits == reader) return "reads a node that does not stand around it";
    return IsEdge(plan_, from, waits) ? nullptr : "reads a node that its owner does not wait for";
  }

  const PlanTables& plan_;
  std::span<const Value> constants_;
  IdVector<RegionId, uint32_t> depths_;
  IdVector<RegionId, uint32_t> region_users_;  // how many nodes lead to the region
  IdVector<DecideId, NodeId> decide_users_;
};

}  // namespace

NodeId FindWaiter(const PlanTables& plan, NodeId reader, NodeId from, uint64_t& steps) {
  const RegionId region = plan.region_of(from);
  while (plan.region_of(reader) > region) {
    reader = plan.owner_of(plan.region_of(reader));
    ++steps;
  }
  return plan.region_of(reader) == region ? reader : NodeId();
}

bool IsEdge(const PlanTables& plan, NodeId from, NodeId to) {
  const std::span<const uint32_t> edges = plan.edges_of(from);
  const auto edge = std::ranges::lower_bound(edges, to.index() << 3);
  return edge != edges.end() && UnpackEdge(*edge).to == to;
}

Result<void> CheckGraph(const PlanTables& plan, std::span<const Value> constants) {
  return GraphChecker(plan, constants).Check();
}

}  // namespace wfc::plan
