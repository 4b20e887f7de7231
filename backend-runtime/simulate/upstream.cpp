#include "backend-runtime/simulate/upstream.h"

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/evaluate/callee.h"

namespace wfc::simulate {
namespace {

/// A larger number would only dilute the choice.
constexpr size_t kMostPlaces = 64;

}  // namespace

bool IsDrawn(const plan::PlanTables& plan, NodeId node) {
  const plan::fb::Node& each = plan.nodes[node];
  switch (plan::CalleeOf(each)) {
    case Callee::Agent:
      return plan.agent_of(each).kind() != plan::fb::AgentKind::Echo;
    case Callee::Tool:
    case Callee::Command:
      return true;
    case Callee::None:
      return false;
  }
  return false;
}

std::vector<NodeId> OwnersOfRoutesAround(const plan::PlanTables& plan, NodeId node) {
  std::vector<NodeId> owners;
  for (const plan::fb::Region* region = &plan.regions[plan.region_of(node)];
       plan::RuleOf(region->kind()).is_attempt;
       region = &plan.regions[plan.region_of(owners.back())]) {
    owners.emplace_back(region->owner());
  }
  return owners;
}

Upstream::Upstream(const plan::PlanTables& plan)
    : plan_(plan), before_(plan.nodes.size()), breakers_(plan.nodes.size()) {
  for (const NodeId node : plan.nodes.ids()) {
    for (const uint32_t word : plan.edges_of(node)) {
      before_[plan::UnpackEdge(word).to].push_back(node);
    }
    const NodeId owner = plan.owner_of(plan.region_of(node));
    if (!owner.has_value()) continue;
    before_[node].push_back(owner);
    before_[owner].push_back(node);
  }
  for (const plan::fb::OuterRead& read : plan.outer_reads) {
    before_[NodeId(read.node())].emplace_back(read.from());
  }
  FindBreakers();
}

void Upstream::FindBreakers() {
  for (const NodeId node : plan_.nodes.ids()) {
    if (!IsDrawn(plan_, node)) continue;
    breakers_[node].push_back(node);
    for (const NodeId owner : OwnersOfRoutesAround(plan_, node)) breakers_[owner].push_back(node);
  }
}

std::vector<NodeId> Upstream::DrawnBefore(NodeId node) const {
  std::vector<NodeId> drawn;
  IdVector<NodeId, bool> is_seen(before_.size());
  std::vector<NodeId> todo = {node};
  is_seen[node] = true;
  for (size_t i = 0; i < todo.size() && drawn.size() < kMostPlaces; ++i) {
    if (IsDrawn(plan_, todo[i])) drawn.push_back(todo[i]);
    for (const NodeId before : before_[todo[i]]) {
      if (is_seen[before]) continue;
      is_seen[before] = true;
      todo.push_back(before);
    }
  }
  return drawn;
}

std::vector<DrawSite> Upstream::PlacesBefore(NodeId node) const {
  std::vector<DrawSite> places;
  if (plan_.nodes.empty()) return places;
  for (const NodeId drawn : DrawnBefore(node)) places.push_back(PlaceOf(drawn));
  places.push_back(InputPlace(plan_));
  places.push_back(VarsPlace(plan_));
  return places;
}

}  // namespace wfc::simulate
