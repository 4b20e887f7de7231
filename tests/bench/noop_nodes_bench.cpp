// A million nodes that do nothing, three million edges: what scheduling costs, against a plain loop
// over the same rows in the same order that keeps the same statuses and counts.
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "backend-runtime/runtime/machine/state_machine.h"
#include "ir/base/random.h"
#include "tests/bench/bounds.h"
#include "tests/bench/stopwatch.h"
#include "tests/support/policies.h"

namespace wfc::bench {
namespace {

using runtime::Command;
using runtime::Fact;
using runtime::FactType;
using runtime::StateMachine;

constexpr uint32_t kNodeCount = 1'000'000;
constexpr uint32_t kParents = 3;
constexpr int kRepeats = 15;

struct Graph {
  std::vector<plan::fb::Node> nodes;
  std::vector<uint32_t> edges;
  std::vector<plan::fb::Region> regions;
  std::vector<plan::fb::Policy> policies;

  [[nodiscard]] plan::PlanTables tables() const {
    plan::PlanTables tables;
    tables.nodes = nodes;
    tables.edges = edges;
    tables.regions = regions;
    tables.policies = policies;
    return tables;
  }
};

enum class Bodies : uint8_t { None, OneFallback };

/// Each node reads the outputs of three before it, at most `reach` away. With a fallback, the last
/// node is its body and the first node its owner.
Graph MakeGraph(uint32_t reach, Bodies bodies) {
  Random random(1);
  const uint32_t body_count = bodies == Bodies::OneFallback ? 1 : 0;
  const uint32_t workflow_count = kNodeCount - body_count;
  std::vector<std::array<uint32_t, kParents>> parents(kNodeCount);
  std::vector<uint32_t> out_degrees(kNodeCount + 1);
  for (uint32_t node = kParents; node < workflow_count; ++node) {
    for (uint32_t& parent : parents[node]) {
      parent = node - 1 - static_cast<uint32_t>(random.Below(std::min(node, reach)));
      ++out_degrees[parent];
    }
  }
  Graph graph;
  std::vector<uint32_t> next(kNodeCount);
  uint32_t first = 0;
  for (uint32_t node = 0; node < kNodeCount; ++node) {
    next[node] = first;
    graph.nodes.emplace_back(0, plan::fb::Verb::Transform, plan::fb::Join::All, 0,
                             node < kParents || node >= workflow_count ? 0 : kParents, first,
                             node >= workflow_count ? 1 : 0, 0, plan::kNone, 0, plan::kNone);
    first += out_degrees[node];
  }
  graph.edges.resize(first);
  for (uint32_t node = kParents; node < workflow_count; ++node) {
    for (const uint32_t parent : parents[node]) {
      graph.edges[next[parent]++] =
          plan::PackEdge({.to = plan::NodeId(node), .kind = plan::fb::EdgeKind::HardOutput});
    }
  }
  graph.regions.emplace_back(plan::fb::Range(0, workflow_count), plan::kNone, plan::kNone,
                             plan::fb::Range(0, 0), plan::fb::RegionKind::Workflow, false);
  if (bodies == Bodies::OneFallback) {
    graph.regions.emplace_back(plan::fb::Range(workflow_count, 1), 0, plan::kNone,
                               plan::fb::Range(0, 0), plan::fb::RegionKind::Fallback, true);
  }
  graph.policies.push_back(plan::MakePolicy());
  return graph;
}

uint64_t RunPlainLoop(const plan::PlanTables& plan) {
  std::vector<uint32_t> pending(plan.nodes.size());
  std::vector<NodeStatus> status(plan.nodes.size(), NodeStatus::Waiting);
  std::vector<uint32_t> attempts(plan.nodes.size());
  std::array<uint64_t, 10> settled_counts{};
  for (uint32_t node = 0; node < plan.nodes.size(); ++node) {
    pending[node] = plan.nodes[plan::NodeId(node)].in_degree();
  }
  for (uint32_t node = 0; node < plan.nodes.size(); ++node) {
    if (pending[node] != 0) continue;
    ++attempts[node];
    status[node] = NodeStatus::Succeeded;
    ++settled_counts[static_cast<size_t>(status[node])];
    for (const uint32_t edge : plan.edges_of(plan::NodeId(node))) --pending[edge >> 3];
  }
  return settled_counts[static_cast<size_t>(NodeStatus::Succeeded)];
}

uint64_t RunMachine(const plan::PlanTables& plan) {
  StateMachine machine(plan, {.concurrency = 1, .drains_on_failure = false, .seed = 0});
  uint64_t sequence = 0;
  const auto tell = [&](Fact fact) {
    fact.sequence = ++sequence;
    WFC_CHECK(machine.Apply(fact) == runtime::Contradiction::None);
  };
  tell({.type = FactType::RunStarted});
  tell({.type = FactType::EpochBegan});
  for (Command next = machine.Next(0); next.kind != Command::Kind::EndRun; next = machine.Next(0)) {
    if (next.kind != Command::Kind::Begin) continue;
    const Fact fact{.type = FactType::Succeeded,
                    .slot = {.body = {}, .node = plan::NodeId(next.index)},
                    .sequence = ++sequence};
    WFC_CHECK(machine.Apply(fact) == runtime::Contradiction::None);
  }
  return machine.instances().workflow().slots.size();
}

void Compare(const std::string& name, uint32_t reach, Bodies bodies, Bounds& bounds) {
  const Graph graph = MakeGraph(reach, bodies);
  const uint64_t body_count = graph.regions.size() - 1;
  const plan::PlanTables plan = graph.tables();
  double plain = std::numeric_limits<double>::max();
  double machine = plain;
  uint64_t settled_count = 0;
  for (int i = 0; i < kRepeats; ++i) {
    plain = std::min(plain, ProcessorTime([&] { settled_count += RunPlainLoop(plan); }));
    machine = std::min(machine, ProcessorTime([&] { settled_count += RunMachine(plan); }));
  }
  WFC_CHECK(settled_count == kRepeats * (uint64_t{2} * kNodeCount - body_count));
  fmt::print("no-op nodes, {}: plain loop {:.1f} ns, state machine {:.1f} ns a node\n", name,
             plain * 1e9 / kNodeCount, machine * 1e9 / kNodeCount);
  bounds.Keep(fmt::format("no-op nodes, {}: of the plain loop", name), machine / plain, 1.3,
              "times");
}

}  // namespace
}  // namespace wfc::bench

int main() {
  using namespace wfc;
  bench::Bounds bounds;
  bench::Compare("local", 1000, bench::Bodies::None, bounds);
  bench::Compare("random", bench::kNodeCount, bench::Bodies::None, bounds);
  bench::Compare("local with a fallback", 1000, bench::Bodies::OneFallback, bounds);
  bench::Compare("random with a fallback", bench::kNodeCount, bench::Bodies::OneFallback, bounds);
  bounds.Keep("run state a node", runtime::StateMachine::kBytesPerNode + sizeof(Value), 32,
              "bytes");
  return bounds.exit_code();
}
