#include "passes/route_facts.h"

#include <algorithm>

namespace wfc::passes {

namespace {

using expr::Choice;
using expr::Facts;

bool LeadsTo(const ir::Project& project, const ir::Route& route, ir::StageId stage) {
  std::span<const ir::StageId> targets = ir::Project::View(project.stage_lists, route.stages);
  return std::ranges::find(targets, stage) != targets.end();
}

/// The subject has a key of a route that is taken; or, where the default is, none of the others'.
template <class IsTaken>
void AddSubjectFacts(const expr::InferContext& context, const ir::Project& project,
                     const ir::Stage& decide, IsTaken is_taken, Facts& facts) {
  std::vector<Value> taken;
  std::vector<Value> others;
  bool takes_default = false;
  for (const ir::Route& route : project.routes_of(decide)) {
    if (route.is_default) {
      takes_default |= is_taken(route);
    } else {
      (is_taken(route) ? taken : others).push_back(route.key);
    }
  }
  expr::AddFactsOfChoice(context, decide.decide.subject, takes_default ? others : taken,
                         takes_default ? Choice::NoneOf : Choice::OneOf, facts);
}

/// No case before holds, and this one does.
void AddCaseFacts(const expr::InferContext& context, std::span<const ir::Route> cases, size_t index,
                  Facts& facts) {
  // Cases far down a long list would say much at a high price.
  constexpr size_t kMaxEarlier = 16;
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

/// What the choice says that made `stage` run, when one decide alone routes to it by its id.
void AddChoiceFacts(const expr::InferContext& context, const ir::Project& project,
                    ir::StageId stage, Facts& facts) {
  const ir::StageId chooser = FindChooser(project, project.stages[stage]);
  if (!chooser.has_value()) return;
  const ir::Stage& decide = project.stages[chooser];
  // One that recovers chooses by its substitute.
  const bool can_recover =
      decide.on_error == ir::OnError::Value || decide.on_error == ir::OnError::Fallback;
  if (can_recover || decide.verb != ir::Verb::Decide || HoldsPoison(project, decide)) return;
  if (decide.condition.has_value()) expr::AddFacts(context, decide.condition, true, facts);
  std::span<const ir::Route> routes = project.routes_of(decide);
  const auto leads = [&](const ir::Route& route) { return LeadsTo(project, route, stage); };
  if (!decide.decide.is_case_list) {
    if (decide.decide.subject.has_value()) {
      AddSubjectFacts(context, project, decide, leads, facts);
    }
  } else if (std::ranges::count_if(routes, leads) == 1) {
    const auto at = std::ranges::find_if(routes, leads);
    AddCaseFacts(context, routes, static_cast<size_t>(at - routes.begin()), facts);
  }
}

}  // namespace

void AddRouteFacts(const expr::InferContext& context, const ir::Project& project,
                   const ir::Stage& decide, uint32_t index, Facts& facts) {
  std::span<const ir::Route> routes = project.routes_of(decide);
  if (decide.decide.is_case_list) return AddCaseFacts(context, routes, index, facts);
  if (!decide.decide.subject.has_value() || HoldsPoison(project, decide)) return;
  const ir::Route* taken = &routes[index];
  AddSubjectFacts(
      context, project, decide, [&](const ir::Route& route) { return &route == taken; }, facts);
}

void AddCertainFacts(const expr::InferContext& context, const ir::Project& project,
                     std::span<const Certainty> certainties, Facts& facts) {
  for (const Certainty& certainty : certainties) {
    const ir::Stage& stage = project.stages[certainty.stage];
    switch (certainty.kind) {
      case Certainty::Kind::Asserted:
        expr::AddFacts(context, stage.value, true, facts);
        break;
      case Certainty::Kind::Passed:
        expr::AddFacts(context, stage.condition, true, facts);
        break;
      case Certainty::Kind::Chosen:
        AddChoiceFacts(context, project, certainty.stage, facts);
        break;
    }
  }
}

}  // namespace wfc::passes
