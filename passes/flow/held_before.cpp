#include "passes/flow/held_before.h"

#include <algorithm>

#include "passes/flow/may_fail.h"

namespace wfc::passes {

namespace {

using ir::DependencyKind;
using ir::Need;

/// The facts about a choice between more routes are given to the chosen stage only, not passed on.
constexpr uint32_t kMaxRoutesOfFact = 256;

void Add(llvm::SmallVectorImpl<Certainty>& all, const Certainty& certainty) {
  if (std::ranges::find(all, certainty) == all.end()) all.push_back(certainty);
}

void KeepLatest(llvm::SmallVectorImpl<Certainty>& all) {
  if (all.size() > kMaxCertainties) all.erase(all.begin(), all.end() - kMaxCertainties);
}

void AddAll(llvm::SmallVectorImpl<Certainty>& all, const llvm::SmallVectorImpl<Certainty>& more) {
  if (all.empty()) {
    all = more;
    return;
  }
  for (const Certainty& certainty : more) Add(all, certainty);
  KeepLatest(all);
}

/// Whether nothing that waits for the stage runs unless its assert held.
bool Stops(const ir::Project& project, const ir::Stage& stage) {
  const ir::Assert* assertion = project.FindAssert(stage);
  return assertion != nullptr && assertion->condition.has_value() &&
         stage.on_error == ir::OnError::Fail;
}

/// Whether the stage has an output whenever it has run.
bool YieldsAlways(const ir::Stage& stage) {
  const bool may_end_without =
      stage.on_error == ir::OnError::Continue || stage.on_error == ir::OnError::Fallback;
  return RuleOf(stage.verb).yields && !may_end_without;
}

bool HasBodies(const ir::Project& project, const ir::Stage& stage) {
  return std::ranges::any_of(project.routes_of(stage), [](const ir::Route& route) {
    return route.kind == ir::Route::Kind::Body;
  });
}

}  // namespace

HeldBefore::HeldBefore(const ir::Project& project, const ir::Graph& graph)
    : project_(project),
      is_in_cleanup_(project.bodies.size(), false),
      runs_always_(project.stages.size(), false),
      settled_(project.stages.size()),
      before_(project.stages.size()),
      at_end_(project.bodies.size()) {
  // Enclosing bodies have lower ids.
  for (const ir::BodyId body : project.bodies.ids()) {
    const ir::StageId owner = project.bodies[body].owner;
    if (!owner.has_value()) continue;
    const ir::Stage& stage = project.stages[owner];
    is_in_cleanup_[body] = stage.join == ir::Join::Settled || IsInCleanup(stage.body);
  }
  for (const ir::StageId id : graph.topological_order()) Visit(id);
  settled_ = {};  // nobody asks for it later, and what follows can use the memory
}

void HeldBefore::Visit(ir::StageId id) {
  const ir::Stage& stage = project_.stages[id];
  runs_always_[id] = RunsAlways(stage);
  AddSettled(id);
  Certainties& all = before_[id];
  for (const ir::Dependency& edge : project_.dependencies_of(stage)) {
    const bool is_beside = project_.stages[edge.from].body == stage.body;
    // Cleanup also runs in runs that fail.
    if (is_beside && stage.join != ir::Join::Settled) AddAll(all, settled_[edge.from]);
    if (edge.kind == DependencyKind::Hard && stage.join == ir::Join::All) AddRun(edge, all);
  }
  if (const ir::Dependency* chooser = FindChooser(stage)) {
    AddStarted(chooser->from, all);
    Add(all, {.condition = {}, .chosen = id});
  }
  KeepLatest(all);
}

/// Adds the asserts that have held by the time the stage has settled. Everything it waits for has
/// settled then, and an assert that always runs must have held, or the run would not continue.
void HeldBefore::AddSettled(ir::StageId id) {
  const ir::Stage& stage = project_.stages[id];
  Certainties& all = settled_[id];
  for (const ir::Dependency& edge : project_.dependencies_of(stage)) {
    if (project_.stages[edge.from].body == stage.body) AddAll(all, settled_[edge.from]);
  }
  if (Stops(project_, stage) && runs_always_[id]) {
    const Certainty asserted = {.condition = project_.GetAssert(stage).condition, .chosen = {}};
    Add(all, asserted);
    Add(at_end_[stage.body], asserted);
    KeepLatest(at_end_[stage.body]);
  }
  KeepLatest(all);
}

/// Adds what was certain when the stage started.
void HeldBefore::AddStarted(ir::StageId id, Certainties& all) const {
  const bool is_first = all.empty();
  for (const Certainty& certainty : before_[id]) {
    if (certainty.chosen.has_value()) {
      const ir::Dependency* chooser = FindChooser(project_.stages[certainty.chosen]);
      if (project_.routes_of(project_.stages[chooser->from]).size() > kMaxRoutesOfFact) continue;
    }
    if (is_first) {
      all.push_back(certainty);  // before_ has each once
    } else {
      Add(all, certainty);
    }
  }
  KeepLatest(all);
}

/// Adds what is certain if a dependency on the stage holds: the stage has at least reached its
/// `if`, and it has gone further unless the `if` may have been false.
void HeldBefore::AddRun(const ir::Dependency& edge, Certainties& all) const {
  const ir::Stage& from = project_.stages[edge.from];
  AddStarted(edge.from, all);
  const bool has_run =
      edge.need == Need::Output || edge.need == Need::RanToEnd || !from.condition.has_value();
  if (!has_run) return;
  if (Stops(project_, from)) {
    Add(all, {.condition = project_.GetAssert(from).condition, .chosen = {}});
  }
  // An `if` whose evaluation fails is an ordinary failure, so what recovers from it cannot assume
  // that it was true.
  const bool has_passed = from.on_error == ir::OnError::Fail ||
                          !MayFail(project_.exprs, from.condition) ||
                          (from.on_error == ir::OnError::Continue && edge.need == Need::Output);
  if (from.condition.has_value() && has_passed) {
    Add(all, {.condition = from.condition, .chosen = {}});
  }
}

/// The edge from the only decide that routes to the stage; null if there is none or several do.
const ir::Dependency* HeldBefore::FindChooser(const ir::Stage& stage) const {
  const ir::Dependency* chooser = nullptr;
  for (const ir::Dependency& edge : project_.dependencies_of(stage)) {
    if (edge.kind != DependencyKind::Control) continue;
    if (chooser != nullptr && chooser->from != edge.from) return nullptr;
    chooser = &edge;
  }
  return chooser;
}

/// Whether nothing but a failure keeps the stage from running once its body is entered.
bool HeldBefore::RunsAlways(const ir::Stage& stage) const {
  if (stage.condition.has_value() || HasBodies(project_, stage)) return false;
  const auto edges = project_.dependencies_of(stage);
  const auto is_hard = [](const ir::Dependency& edge) { return edge.kind == DependencyKind::Hard; };
  const auto misses = [&](const ir::Dependency& edge) {
    return edge.kind == DependencyKind::Control || (is_hard(edge) && !HoldsAlways(edge));
  };
  const bool waits_for_all = stage.join != ir::Join::Settled;
  return waits_for_all ? std::ranges::none_of(edges, misses)
                       : std::ranges::none_of(edges, [](const ir::Dependency& edge) {
                           return edge.kind == DependencyKind::Control;
                         });
}

/// Whether the dependency holds in every run that continues.
bool HeldBefore::HoldsAlways(const ir::Dependency& edge) const {
  const ir::Stage& from = project_.stages[edge.from];
  const ir::Stage& to = project_.stages[edge.to];
  const bool is_outside = from.body != to.body;
  // A body in cleanup may be entered although what precedes it has failed.
  if (is_outside && IsInCleanup(to.body)) return false;
  if (!runs_always_[edge.from]) return false;
  return edge.need != Need::Output || YieldsAlways(from);
}

}  // namespace wfc::passes
