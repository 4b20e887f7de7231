// TinyGraph: the tables that a state machine needs, built in memory from plain arrays; for tests
// and benchmarks.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "tests/support/policies.h"

namespace wfc::runtime {

constexpr plan::NodeId operator""_node(unsigned long long number) {
  return plan::NodeId(static_cast<uint32_t>(number));
}
constexpr plan::RegionId operator""_region(unsigned long long number) {
  return plan::RegionId(static_cast<uint32_t>(number));
}

struct TinyEdge {
  uint32_t from;
  uint32_t to;
  plan::fb::EdgeKind kind;
};

class TinyGraph {
 public:
  TinyGraph() {
    AddPolicy(plan::fb::OnError::Fail);
    AddRegion(plan::kNone, plan::fb::RegionKind::Workflow);
  }

  /// Index of a policy; the first one, 0, fails.
  uint32_t AddPolicy(plan::fb::OnError on_error, uint32_t retry = plan::kNone,
                     uint32_t fallback = plan::kNone) {
    policies_.push_back(
        plan::MakePolicy({.on_error = on_error, .fallback = fallback, .retry = retry}));
    return static_cast<uint32_t>(policies_.size() - 1);
  }
  uint32_t AddRetry(uint32_t further_attempts, uint32_t codes) {
    retries_.emplace_back(1'000'000, 8'000'000, 2.0, further_attempts, codes, false);
    return static_cast<uint32_t>(retries_.size() - 1);
  }
  /// A node of the region that was added last.
  uint32_t AddNode(plan::fb::Join join = plan::fb::Join::All, uint32_t policy = 0) {
    drafts_.push_back({join, policy, static_cast<uint32_t>(scopes_.size() - 1)});
    ++scopes_.back().node_count;
    return static_cast<uint32_t>(drafts_.size() - 1);
  }
  /// A body has an output program, unless it is of the workflow.
  uint32_t AddRegion(uint32_t owner, plan::fb::RegionKind kind, bool is_single = false) {
    scopes_.push_back({owner, kind, static_cast<uint32_t>(drafts_.size()), 0,
                       static_cast<uint32_t>(outer_reads_.size()), 0, is_single});
    return static_cast<uint32_t>(scopes_.size() - 1);
  }
  /// By a node of the region that was added last.
  void AddOuterRead(uint32_t node, uint32_t from, plan::fb::EdgeKind kind) {
    outer_reads_.emplace_back(node, from, kind);
    ++scopes_.back().outer_count;
  }
  /// Index of a route that chooses `target`.
  uint32_t AddRoute(uint32_t target) {
    const auto first = static_cast<uint32_t>(targets_.size());
    targets_.push_back(target);
    routes_.emplace_back(plan::fb::Range(first, 1), plan::kNone, plan::kNone, plan::kNone,
                         plan::fb::RouteKind::Nodes);
    return static_cast<uint32_t>(routes_.size() - 1);
  }

  /// Lays `edges` out as rows; the tables view this graph.
  [[nodiscard]] plan::PlanTables Finish(std::vector<TinyEdge> edges) {
    std::ranges::sort(edges, {},
                      [](const TinyEdge& edge) { return std::pair(edge.from, edge.to); });
    std::vector<uint32_t> in_degrees(drafts_.size());
    for (const TinyEdge& edge : edges) ++in_degrees[edge.to];
    size_t next = 0;
    for (uint32_t node = 0; node < drafts_.size(); ++node) {
      nodes_.emplace_back(0, plan::fb::Verb::Transform, drafts_[node].join, 0, in_degrees[node],
                          static_cast<uint32_t>(next), drafts_[node].region, 0, plan::kNone,
                          drafts_[node].policy, plan::kNone);
      for (; next < edges.size() && edges[next].from == node; ++next) {
        edges_.push_back(
            plan::PackEdge({.to = plan::NodeId(edges[next].to), .kind = edges[next].kind}));
      }
    }
    for (const Scope& scope : scopes_) {
      const bool is_workflow = scope.kind == plan::fb::RegionKind::Workflow;
      regions_.emplace_back(plan::fb::Range(scope.first_node, scope.node_count), scope.owner,
                            is_workflow ? plan::kNone : 0,
                            plan::fb::Range(scope.first_outer, scope.outer_count), scope.kind,
                            false);
    }
    plan::PlanTables tables;
    tables.nodes = nodes_;
    tables.edges = edges_;
    tables.regions = regions_;
    tables.outer_reads = outer_reads_;
    tables.policies = policies_;
    tables.retries = retries_;
    tables.routes = routes_;
    tables.route_targets = targets_;
    return tables;
  }

 private:
  struct Draft {
    plan::fb::Join join;
    uint32_t policy;
    uint32_t region;
  };
  struct Scope {
    uint32_t owner;
    plan::fb::RegionKind kind;
    uint32_t first_node;
    uint32_t node_count;
    uint32_t first_outer;
    uint32_t outer_count;
    bool is_single;
  };

  std::vector<Draft> drafts_;
  std::vector<Scope> scopes_;
  std::vector<plan::fb::Node> nodes_;
  std::vector<uint32_t> edges_;
  std::vector<plan::fb::Region> regions_;
  std::vector<plan::fb::OuterRead> outer_reads_;
  std::vector<plan::fb::Policy> policies_;
  std::vector<plan::fb::Retry> retries_;
  std::vector<plan::fb::Route> routes_;
  std::vector<uint32_t> targets_;
};

}  // namespace wfc::runtime
