// The graph, cycles and reachability of findings against slow, obvious oracles on random graphs.
#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/graph.h"
#include "passes/graph/cycle_search.h"

namespace wfc::passes {
namespace {

using ::testing::IsEmpty;

/// A project of `count` stages in one body with the given edges (from, to).
void Fill(ir::Project& project, uint32_t count, std::vector<std::pair<uint32_t, uint32_t>> edges) {
  for (uint32_t i = 0; i < count; ++i) {
    ir::Stage stage;
    stage.workflow = ir::WorkflowId(0);
    stage.body = ir::BodyId(0);
    stage.path = project.strings.Intern(std::to_string(1000 + i));
    project.stages.Add(std::move(stage));
  }
  std::ranges::sort(edges, {}, [](const auto& edge) { return std::pair(edge.second, edge.first); });
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  for (const auto& [from, to] : edges) {
    Range& range = project.stages[ir::StageId(to)].dependencies;
    if (range.empty()) range.first = static_cast<uint32_t>(project.dependencies.size());
    ++range.count;
    project.dependencies.push_back({.from = ir::StageId(from), .to = ir::StageId(to)});
  }
}

/// Lengths of the shortest walks between all pairs, one edge at least (Floyd and Warshall).
std::vector<std::vector<uint32_t>> AllDistances(const ir::Project& project) {
  constexpr uint32_t kFar = 1'000'000;
  uint32_t count = project.stages.size();
  std::vector<std::vector<uint32_t>> distance(count, std::vector<uint32_t>(count, kFar));
  for (const ir::Dependency& edge : project.dependencies) {
    distance[edge.from.index()][edge.to.index()] = 1;
  }
  for (uint32_t k = 0; k < count; ++k) {
    for (uint32_t i = 0; i < count; ++i) {
      for (uint32_t j = 0; j < count; ++j) {
        distance[i][j] = std::min(distance[i][j], distance[i][k] + distance[k][j]);
      }
    }
  }
  return distance;
}

/// The first stage of each component with a cycle, and the length of the shortest one through it.
std::vector<std::pair<uint32_t, uint32_t>> ExpectedCycles(const ir::Project& project) {
  constexpr uint32_t kFar = 1'000'000;
  auto distance = AllDistances(project);
  std::vector<std::pair<uint32_t, uint32_t>> cycles;
  for (uint32_t i = 0; i < project.stages.size(); ++i) {
    if (distance[i][i] >= kFar) continue;
    bool is_first = true;
    for (uint32_t j = 0; j < i; ++j) {
      if (distance[i][j] < kFar && distance[j][i] < kFar) is_first = false;
    }
    if (is_first) cycles.emplace_back(i, distance[i][i]);
  }
  return cycles;
}

void ExpectIsCycle(const ir::Project& project, const std::vector<uint32_t>& cycle) {
  for (size_t i = 0; i < cycle.size(); ++i) {
    const ir::Dependency& edge = project.dependencies[cycle[i]];
    const ir::Dependency& next = project.dependencies[cycle[(i + 1) % cycle.size()]];
    EXPECT_EQ(edge.from, next.to);
  }
}

TEST(CyclesOfRandomGraphs, AreTheShortestThroughTheFirstStageOfEachComponent) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    uint32_t count = 1 + random() % 8;
    std::vector<std::pair<uint32_t, uint32_t>> edges;
    for (uint32_t i = random() % 12; i > 0; --i) {
      edges.emplace_back(random() % count, random() % count);
    }
    ir::Project project;
    Fill(project, count, edges);
    std::vector<std::pair<uint32_t, uint32_t>> found;
    for (const std::vector<uint32_t>& cycle : FindShortestCycles(project, ir::Graph(project))) {
      ExpectIsCycle(project, cycle);
      found.emplace_back(project.dependencies[cycle.front()].to.index(), cycle.size());
    }
    EXPECT_EQ(found, ExpectedCycles(project));
  }
}

TEST(TopologicalOrder, HoldsEveryStageThatIsNotOnOrBehindACycleAfterWhatItWaitsFor) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    uint32_t count = 1 + random() % 9;
    std::vector<std::pair<uint32_t, uint32_t>> edges;
    for (uint32_t i = random() % 12; i > 0; --i) {
      edges.emplace_back(random() % count, random() % count);
    }
    ir::Project project;
    Fill(project, count, edges);
    auto distance = AllDistances(project);
    ir::Graph graph(project);
    std::vector<uint32_t> place(count, 0xFFFFFFFF);
    for (uint32_t i = 0; i < graph.topological_order().size(); ++i) {
      place[graph.topological_order()[i].index()] = i;
    }
    for (uint32_t stage = 0; stage < count; ++stage) {
      bool is_blocked = false;
      for (uint32_t other = 0; other < count; ++other) {
        bool is_before = other == stage || distance[other][stage] < 1'000'000;
        if (is_before && distance[other][other] < 1'000'000) is_blocked = true;
      }
      EXPECT_EQ(place[stage] == 0xFFFFFFFF, is_blocked);
    }
    for (const ir::Dependency& edge : project.dependencies) {
      if (place[edge.to.index()] == 0xFFFFFFFF) continue;
      EXPECT_LT(place[edge.from.index()], place[edge.to.index()]);
    }
  }
}

TEST(Graph, OutEdgesLeadToLaterStagesInOrder) {
  ir::Project project;
  Fill(project, 4, {{0, 3}, {0, 1}, {2, 1}, {0, 2}});
  ir::Graph graph(project);
  std::vector<uint32_t> targets;
  for (uint32_t edge : graph.out_edges(ir::StageId(0))) {
    targets.push_back(project.dependencies[edge].to.index());
  }
  EXPECT_THAT(targets, ::testing::ElementsAre(1, 2, 3));
  EXPECT_THAT(graph.out_edges(ir::StageId(3)), IsEmpty());
}

TEST(Cycles, AChainOfAHundredThousandStagesTakesNoStack) {
  constexpr uint32_t kCount = 100'000;
  std::vector<std::pair<uint32_t, uint32_t>> edges;
  for (uint32_t i = 0; i + 1 < kCount; ++i) edges.emplace_back(i, i + 1);
  edges.emplace_back(kCount - 1, 0);
  ir::Project project;
  Fill(project, kCount, edges);
  auto cycles = FindShortestCycles(project, ir::Graph(project));
  ASSERT_EQ(cycles.size(), 1u);
  EXPECT_EQ(cycles.front().size(), kCount);
}

}  // namespace
}  // namespace wfc::passes
