#include "passes/route_facts.h"

#include <algorithm>
#include <numeric>

namespace wfc::passes {

namespace {

using expr::Choice;
using expr::Facts;

/// No case before holds, and this one does.
void AddCaseFacts(const expr::InferContext& context, std::span<const ir::Route> cases, size_t index,
                  Facts& facts) {
  // Cases far down a long list would say much at a high price.
  constexpr size_t kMaxEarlier = 8;
  for (size_t i = index - std::min(index, kMaxEarlier); i < index; ++i) {
    if (cases[i].when.has_value()) expr::AddFacts(context, cases[i].when, false, facts);
  }
  if (cases[index].when.has_value()) expr::AddFacts(context, cases[index].when, true, facts);
}

bool HoldsPoison(const ir::Project& project, const ir::Stage& decide) {
  ir::ExprId subject = decide.decide.subject;
  return subject.has_value() && expr::HasPoison(project.exprs, subject);
}

/// The one decide that routes to the stage; none when there are several.
ir::StageId FindChooser(const ir::Project& project, const ir::Stage& stage) {
  ir::StageId chooser;
  for (const ir::Dependency& dependency : project.dependencies_of(stage)) {
    if (dependency.kind != ir::DependencyKind::Control) continue;
    if (chooser.has_value() && chooser != dependency.from) return {};
    chooser = dependency.from;
  }
  return chooser;
}

}  // namespace

RouteFacts::RouteFacts(const ir::Project& project)
    : project_(project), first_route_(project.stages.size() + 1, 0) {
  const auto targets_of = [&](const ir::Route& route) {
    return ir::Project::View(project.stage_lists, route.stages);
  };
  for (const ir::Route& route : project.routes) {
    for (const ir::StageId to : targets_of(route)) ++first_route_[to.index() + 1];
  }
  std::partial_sum(first_route_.begin(), first_route_.end(), first_route_.begin());
  routes_.resize(first_route_.back());
  std::vector<uint32_t> next(first_route_.begin(), first_route_.end() - 1);
  for (uint32_t i = 0; i < project.routes.size(); ++i) {
    for (const ir::StageId to : targets_of(project.routes[i])) routes_[next[to.index()]++] = i;
  }
}

std::vector<uint32_t> RouteFacts::FindRoutes(const ir::Stage& decide, ir::StageId stage) const {
  const std::span<const uint32_t> all = routes_;
  std::vector<uint32_t> found;
  const uint32_t first = first_route_[stage.index()];
  for (const uint32_t route : all.subspan(first, first_route_[stage.index() + 1] - first)) {
    const uint32_t index = route - decide.decide.routes.first;
    if (index < decide.decide.routes.count) found.push_back(index);
  }
  return found;
}

/// The subject has a key of a route that is taken; or, where the default is, none of the others'.
void RouteFacts::AddOfSubject(const expr::InferContext& context, const ir::Stage& decide,
                              std::span<const uint32_t> taken, Facts& facts) const {
  const std::span<const ir::Route> routes = project_.routes_of(decide);
  std::vector<Value> keys;
  if (std::ranges::none_of(taken, [&](uint32_t index) { return routes[index].is_default; })) {
    for (const uint32_t index : taken) keys.push_back(routes[index].key);
    return expr::AddFactsOfChoice(context, decide.decide.subject, keys, Choice::OneOf, facts);
  }
  for (uint32_t i = 0; i < routes.size(); ++i) {
    const bool is_other = !routes[i].is_default && !std::ranges::binary_search(taken, i);
    if (is_other) keys.push_back(routes[i].key);
  }
  expr::AddFactsOfChoice(context, decide.decide.subject, keys, Choice::NoneOf, facts);
}

/// What the choice says that made `stage` run, when one decide alone routes to it by its id.
void RouteFacts::AddOfChoice(const expr::InferContext& context, ir::StageId stage,
                             Facts& facts) const {
  const ir::StageId chooser = FindChooser(project_, project_.stages[stage]);
  if (!chooser.has_value()) return;
  const ir::Stage& decide = project_.stages[chooser];
  // One that recovers chooses by its substitute.
  const bool can_recover =
      decide.on_error == ir::OnError::Value || decide.on_error == ir::OnError::Fallback;
  if (can_recover || decide.verb != ir::Verb::Decide || HoldsPoison(project_, decide)) return;
  if (decide.condition.has_value()) expr::AddFacts(context, decide.condition, true, facts);
  const std::vector<uint32_t> taken = FindRoutes(decide, stage);
  if (!decide.decide.is_case_list) {
    if (decide.decide.subject.has_value()) AddOfSubject(context, decide, taken, facts);
  } else if (taken.size() == 1) {
    AddCaseFacts(context, project_.routes_of(decide), taken.front(), facts);
  }
}

void RouteFacts::AddOfRoute(const expr::InferContext& context, const ir::Stage& decide,
                            uint32_t index, Facts& facts) const {
  if (decide.decide.is_case_list) {
    return AddCaseFacts(context, project_.routes_of(decide), index, facts);
  }
  if (!decide.decide.subject.has_value() || HoldsPoison(project_, decide)) return;
  AddOfSubject(context, decide, {&index, 1}, facts);
}

void RouteFacts::AddCertain(const expr::InferContext& context,
                            std::span<const Certainty> certainties, Facts& facts) const {
  for (const Certainty& certainty : certainties) {
    const ir::Stage& stage = project_.stages[certainty.stage];
    switch (certainty.kind) {
      case Certainty::Kind::Asserted:
        expr::AddFacts(context, stage.value, true, facts);
        break;
      case Certainty::Kind::Passed:
        expr::AddFacts(context, stage.condition, true, facts);
        break;
      case Certainty::Kind::Chosen:
        AddOfChoice(context, certainty.stage, facts);
        break;
    }
  }
}

}  // namespace wfc::passes
