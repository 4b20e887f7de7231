#include "backend-runtime/simulate/upstream.h"

#include "backend-runtime/runtime/calls.h"

namespace wfc::simulate {
namespace {

using plan::kNone;

/// More would only dilute the choice.
constexpr size_t kMostPlaces = 64;

}  // namespace

bool IsDrawn(const plan::PlanTables& plan, uint32_t node) {
  if (!runtime::IsCall(plan, node)) return false;
  const plan::fb::Node& each = plan.nodes[node];
  return each.verb() != plan::fb::Verb::Agent ||
         plan.agents[plan.agent_calls[each.payload()].agent()].kind() != plan::fb::AgentKind::Echo;
}

Upstream::Upstream(const plan::PlanTables& plan)
    : plan_(plan), before_(plan.nodes.size()), breakers_(plan.nodes.size()) {
  for (uint32_t node = 0; node < plan.nodes.size(); ++node) {
    for (const uint32_t word : plan.edges_of(node)) {
      before_[plan::UnpackEdge(word).to.index()].push_back(node);
    }
    const uint32_t owner = plan.regions[plan.nodes[node].region()].owner();
    if (owner == kNone) continue;
    before_[node].push_back(owner);
    before_[owner].push_back(node);
  }
  for (const plan::fb::OuterRead& read : plan.outer_reads) {
    before_[read.node()].push_back(read.from());
  }
  FindBreakers();
}

void Upstream::FindBreakers() {
  for (uint32_t node = 0; node < plan_.nodes.size(); ++node) {
    if (!IsDrawn(plan_, node)) continue;
    breakers_[node].push_back(node);
    for (const plan::fb::Region* region = &plan_.regions[plan_.nodes[node].region()];
         region->kind() == plan::fb::RegionKind::Route;
         region = &plan_.regions[plan_.nodes[region->owner()].region()]) {
      breakers_[region->owner()].push_back(node);
    }
  }
}

std::vector<Place> Upstream::PlacesBefore(uint32_t node) const {
  std::vector<Place> places;
  std::vector<bool> is_seen(before_.size());
  std::vector<uint32_t> todo = {node};
  is_seen[node] = true;
  for (size_t i = 0; i < todo.size() && places.size() < kMostPlaces; ++i) {
    if (IsDrawn(plan_, todo[i])) places.push_back(todo[i]);
    for (const uint32_t before : before_[todo[i]]) {
      if (is_seen[before]) continue;
      is_seen[before] = true;
      todo.push_back(before);
    }
  }
  if (plan_.nodes.empty()) return places;
  places.push_back(InputPlace(plan_));
  places.push_back(VarsPlace(plan_));
  return places;
}

}  // namespace wfc::simulate
