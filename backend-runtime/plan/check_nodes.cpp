// Nodes and edges, in two ways: a fast one that only says whether all is well, made for plans of a
// million nodes, and a plain one that finds the first thing that is not. They must agree; a test
// holds the fast one to the plain one.
#include <algorithm>
#include <array>
#include <bit>
#include <unordered_map>

#include <fmt/core.h>

#include "backend-runtime/plan/check.h"

namespace wfc::plan {
namespace {

/// Sizes of what a node's indices lead into.
struct Limits {
  size_t strings;
  size_t programs;
  size_t policies;
  size_t schemas;
  /// The size of the payload's table, by verb. The array has a power of two entries, so that an
  /// unknown verb can be masked to one of them without a branch.
  std::array<size_t, std::bit_ceil(kVerbCount)> payloads;
};

size_t SizeOf(const PlanTables& plan, PayloadTable table) {
  switch (table) {
    case PayloadTable::AgentCalls:
      return plan.agent_calls.size();
    case PayloadTable::ToolCalls:
      return plan.tool_calls.size();
    case PayloadTable::Commands:
      return plan.commands.size();
    case PayloadTable::Programs:
      return plan.programs.size();
    case PayloadTable::Decides:
      return plan.decides.size();
    case PayloadTable::Asserts:
      return plan.asserts.size();
  }
  return 0;
}

Limits LimitsOf(const PlanTables& plan) {
  Limits limits = {.strings = plan.string_ends.size(),
                   .programs = plan.programs.size(),
                   .policies = plan.policies.size(),
                   .schemas = plan.schemas.size(),
                   .payloads = {}};
  for (size_t verb = 0; verb < kVerbCount; ++verb) {
    limits.payloads[verb] = SizeOf(plan, TableOf(static_cast<fb::Verb>(verb)));
  }
  return limits;
}

/// Every word of an edge to `node` or a lower one is at most this.
constexpr uint32_t LastWordTo(NodeId node) {
  return node.index() << 3 | 7;
}

size_t EndOfEdges(const PlanTables& plan, NodeId node) {
  const size_t next = size_t{node.index()} + 1;
  return next < plan.nodes.size() ? plan.nodes.data()[next].first_edge() : plan.edges.size();
}

bool IsChoice(uint32_t word) {
  return UnpackEdge(word).kind == fb::EdgeKind::Control;
}

bool IsBranching(const PlanTables& plan, const fb::Node& node) {
  return plan.is_decide(node) || plan.policy_of(node).fallback() != kNone;
}

// The fast way

/// Without branches: they would cost more than the tests.
bool IsInBounds(const fb::Node& node, RegionId region, const Limits& limits) {
  const auto verb = static_cast<size_t>(node.verb());
  unsigned sound = static_cast<unsigned>(IsIn(node.name(), limits.strings));
  sound &= static_cast<unsigned>(verb < kVerbCount);
  sound &= static_cast<unsigned>(node.join() <= fb::Join::MAX);
  sound &= static_cast<unsigned>(node.reserved() == 0);
  sound &= static_cast<unsigned>(RegionId(node.region()) == region);
  sound &=
      static_cast<unsigned>(IsIn(node.payload(), limits.payloads[verb % limits.payloads.size()]));
  sound &= static_cast<unsigned>(IsNoneOrIn(node.condition(), limits.programs));
  sound &= static_cast<unsigned>(IsIn(node.policy(), limits.policies));
  sound &= static_cast<unsigned>(IsNoneOrIn(node.returns(), limits.schemas));
  return sound != 0;
}

/// What can be said of all edges without knowing whose they are, and how many lead to each node.
class EdgeCounts {
 public:
  explicit EdgeCounts(size_t node_count) : in_degrees_(node_count) {}

  /// Whether every word is an edge of a known kind to a node. In blocks that stay in the cache
  /// between the two passes over them.
  [[nodiscard]] bool Count(std::span<const uint32_t> words) {
    uint32_t previous = 0;
    while (!words.empty()) {
      const std::span<const uint32_t> block = words.first(std::min(words.size(), kBlock));
      if (!CountKinds(block)) return false;
      descent_count_ += static_cast<size_t>(block.front() <= previous);
      previous = block.back();
      CountTargets(block);
      words = words.subspan(block.size());
    }
    return true;
  }

  /// The number of words that do not exceed the word before; the first counts if it is 0.
  [[nodiscard]] size_t descent_count() const { return descent_count_; }
  [[nodiscard]] size_t choice_count() const { return choice_count_; }
  [[nodiscard]] uint32_t in_degree(NodeId node) const {
    const uint8_t low = in_degrees_[node.index()];
    if (overflows_.empty()) return low;
    const auto overflow = overflows_.find(node.index());
    return low + (overflow == overflows_.end() ? 0 : 256 * overflow->second);
  }

 private:
  static constexpr size_t kBlock = 4096;

  bool CountKinds(std::span<const uint32_t> words) {
    uint32_t greatest = 0;
    uint32_t unknown = 0;
    uint32_t choices = 0;
    uint32_t descents = 0;
    for (const uint32_t word : words) {
      greatest = std::max(greatest, word);
      unknown |= static_cast<uint32_t>((word & 7) > static_cast<uint32_t>(fb::EdgeKind::MAX));
      choices += static_cast<uint32_t>(IsChoice(word));
    }
    for (size_t i = 1; i < words.size(); ++i)
      descents += static_cast<uint32_t>(words[i] <= words[i - 1]);
    choice_count_ += choices;
    descent_count_ += descents;
    return unknown == 0 && UnpackEdge(greatest).to.index() < in_degrees_.size();
  }

  void CountTargets(std::span<const uint32_t> words) {
    uint8_t* const in_degrees = in_degrees_.data();
    for (const uint32_t word : words) {
      if (++in_degrees[word >> 3] == 0) ++overflows_[word >> 3];
    }
  }

  // Modulo 256, so that the counts of a million nodes fit the cache; counts above 255 are rare.
  std::vector<uint8_t> in_degrees_;
  std::unordered_map<uint32_t, uint32_t> overflows_;  // by node: how often its count has wrapped
  size_t descent_count_ = 0;
  size_t choice_count_ = 0;
};

size_t CountChoices(std::span<const uint32_t> edges) {
  return static_cast<size_t>(std::ranges::count_if(edges, IsChoice));
}

/// A word is below its predecessor only where the edges of the next node begin, so the edges of
/// each node ascend; the first leads beyond the node and the last stays inside the region, so all
/// do. Nodes with bodies or choices are added to `branching`.
// NOLINTNEXTLINE(readability-function-cognitive-complexity): one pass over all nodes.
bool AreNodesSound(const PlanTables& plan, std::vector<NodeId>& branching) {
  if (plan.nodes.empty()) return plan.edges.empty();
  if (plan.nodes.front().first_edge() != 0) return false;
  EdgeCounts counts(plan.nodes.size());
  if (!counts.Count(plan.edges)) return false;
  const Limits limits = LimitsOf(plan);
  const std::span<const uint32_t> edges = plan.edges;
  size_t descent_count = 0;
  size_t choice_count = 0;
  for (const RegionId region : plan.regions.ids()) {
    const fb::Range& range = plan.regions[region].nodes();
    const uint32_t region_end = range.first() + range.count();
    for (const NodeId id : IdsOf<NodeId>(range)) {
      const fb::Node& node = plan.nodes[id];
      const size_t begin = node.first_edge();
      const size_t end = EndOfEdges(plan, id);
      if (!IsInBounds(node, region, limits) || node.in_degree() != counts.in_degree(id))
        return false;
      if (begin > end || end > edges.size()) return false;
      if (IsBranching(plan, node)) branching.push_back(id);
      if (begin == end) continue;
      if (edges[begin] <= LastWordTo(id) || edges[end - 1] >= region_end << 3) return false;
      descent_count += static_cast<size_t>(begin != 0 && edges[begin] <= edges[begin - 1]);
      if (plan.is_decide(node)) choice_count += CountChoices(edges.subspan(begin, end - begin));
    }
  }
  return descent_count == counts.descent_count() && choice_count == counts.choice_count();
}

// The plain way

class NodeChecker {
 public:
  explicit NodeChecker(const PlanTables& plan)
      : plan_(plan), limits_(LimitsOf(plan)), in_degrees_(plan.nodes.size()) {}

  Result<void> Check() {
    if (plan_.nodes.empty() ? !plan_.edges.empty() : plan_.nodes.front().first_edge() != 0) {
      return Error{"edges: some belong to no node"};
    }
    for (const RegionId region : plan_.regions.ids()) {
      const fb::Range& range = plan_.regions[region].nodes();
      const NodeId region_end(range.first() + range.count());
      for (const NodeId node : IdsOf<NodeId>(range)) {
        if (!IsIn(plan_.nodes[node].name(), limits_.strings))
          return At("node", node.index(), "no such string");
        if (Fault fault = CheckNode(plan_.nodes[node], region)) return AtNode(plan_, node, fault);
        if (Result<void> edges = CheckEdges(node, region_end); !edges.ok()) return edges;
      }
    }
    return CheckInDegrees();
  }

 private:
  Fault CheckNode(const fb::Node& node, RegionId region) const {
    if (static_cast<size_t>(node.verb()) >= kVerbCount) return "unknown verb";
    if (node.join() > fb::Join::MAX || node.reserved() != 0) return "unknown way to join";
    if (RegionId(node.region()) != region) return "does not stand in the region that holds it";
    if (!IsIn(node.payload(), limits_.payloads[static_cast<size_t>(node.verb())]))
      return "what it does is not there";
    if (!IsNoneOrIn(node.condition(), limits_.programs)) return "no such program";
    if (!IsIn(node.policy(), limits_.policies)) return "no such policy";
    return IsNoneOrIn(node.returns(), limits_.schemas) ? nullptr : "no such schema";
  }

  Result<void> CheckEdges(NodeId node, NodeId region_end) {
    const size_t begin = plan_.nodes[node].first_edge();
    const size_t end = EndOfEdges(plan_, node);
    if (begin > end || end > plan_.edges.size()) {
      return AtNode(plan_, node, "its edges do not end where the next ones begin");
    }
    uint32_t previous = LastWordTo(node);
    for (const uint32_t word : plan_.edges.subspan(begin, end - begin)) {
      const Edge edge = UnpackEdge(word);
      if (edge.kind > fb::EdgeKind::MAX) return AtNode(plan_, node, "an edge of an unknown kind");
      if (edge.to == node) return AtNode(plan_, node, "an edge leads back to itself");
      if (edge.to < node)
        return AtNode(plan_, node, fmt::format("an edge leads back to node {}", edge.to.index()));
      if (edge.to >= region_end) {
        return AtNode(plan_, node,
                      fmt::format("an edge leads out of its region, to node {}", edge.to.index()));
      }
      if (IsChoice(word) && !plan_.is_decide(plan_.nodes[node])) {
        return AtNode(plan_, node, "chooses another node without being a decision");
      }
      if (word <= previous) return AtNode(plan_, node, "its edges are out of order");
      previous = word;
      ++in_degrees_[edge.to];
    }
    return {};
  }

  Result<void> CheckInDegrees() const {
    for (const NodeId node : plan_.nodes.ids()) {
      if (in_degrees_[node] == plan_.nodes[node].in_degree()) continue;
      return AtNode(plan_, node,
                    fmt::format("{} edges lead here, but it waits for {}", in_degrees_[node],
                                plan_.nodes[node].in_degree()));
    }
    return {};
  }

  const PlanTables& plan_;
  const Limits limits_;
  IdVector<NodeId, uint32_t> in_degrees_;
};

}  // namespace

Result<void> CheckNodeTables(const PlanTables& plan) {
  return NodeChecker(plan).Check();
}

Result<std::vector<NodeId>> CheckNodes(const PlanTables& plan) {
  std::vector<NodeId> branching;
  if (AreNodesSound(plan, branching)) return branching;
  const Result<void> judged = CheckNodeTables(plan);
  WFC_CHECK(!judged.ok());
  return judged.error();
}

}  // namespace wfc::plan
