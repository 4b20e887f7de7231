#include "tests/backend-runtime/runtime/drive/reference_graphs.h"

namespace wfc::runtime::reference {
namespace {

constexpr const char* kLinkNames[] = {"none",         "after",     "reads",
                                      "reads softly", "routed by", "reads the attempts of"};
constexpr const char* kJoinNames[] = {"all", "any", "settled"};

uint64_t Power(uint64_t base, int exponent) {
  uint64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= base;
  return power;
}

uint64_t StageNumbers(const GraphsOf& graphs) {
  return Power(static_cast<uint64_t>(graphs.kind_count) * kJoinCount, graphs.count);
}

uint64_t LinkNumbers(const GraphsOf& graphs) {
  return Power(kLinkCount, graphs.count * (graphs.count - 1) / 2);
}

/// Sets kinds and joins from the digits of `number`.
void SetStages(const GraphsOf& graphs, uint64_t number, Kinds& kinds, Case& graph) {
  const auto kind_count = static_cast<uint64_t>(graphs.kind_count);
  for (int stage = 0; stage < graph.count; ++stage) {
    kinds[stage] = static_cast<int>(number % kind_count);
    number /= kind_count;
    graph.join[stage] = static_cast<Join>(number % kJoinCount);
    number /= kJoinCount;
  }
}

/// The same with links; false when a stage that does not decide would route.
bool SetLinks(const GraphsOf& graphs, uint64_t number, const Kinds& kinds, Case& graph) {
  for (int to = 1; to < graph.count; ++to) {
    for (int from = 0; from < to; ++from) {
      const auto link = static_cast<Link>(number % kLinkCount);
      number /= kLinkCount;
      if (link == Link::Route && !graphs.decides(kinds[from])) return false;
      graph.link[from][to] = link;
    }
  }
  return true;
}

}  // namespace

void ForEachGraph(const GraphsOf& graphs, const VisitGraph& visit) {
  for (uint64_t stages = 0; stages < StageNumbers(graphs); ++stages) {
    Kinds kinds{};
    Case graph{.count = graphs.count};
    SetStages(graphs, stages, kinds, graph);
    for (uint64_t links = 0; links < LinkNumbers(graphs); ++links) {
      if (SetLinks(graphs, links, kinds, graph)) visit(kinds, graph);
    }
  }
}

void DrawGraph(const GraphsOf& graphs, std::mt19937_64& random, const VisitGraph& visit) {
  Kinds kinds{};
  Case graph{.count = graphs.count};
  do {
    SetStages(graphs, random() % StageNumbers(graphs), kinds, graph);
  } while (!SetLinks(graphs, random() % LinkNumbers(graphs), kinds, graph));
  visit(kinds, graph);
}

std::string Describe(const Case& graph, const std::function<std::string(int)>& name) {
  std::string text;
  for (int stage = 0; stage < graph.count; ++stage) {
    text += (stage == 0 ? "" : "; ") + std::to_string(stage) + " " + name(stage) + ", join " +
            kJoinNames[static_cast<int>(graph.join[stage])];
    for (int from = 0; from < stage; ++from) {
      const Link link = graph.link[from][stage];
      if (link == Link::None) continue;
      text += std::string(", ") + kLinkNames[static_cast<int>(link)] + " " + std::to_string(from);
    }
  }
  return text;
}

}  // namespace wfc::runtime::reference
