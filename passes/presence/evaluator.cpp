#include "passes/presence/evaluator.h"

#include <algorithm>

namespace wfc::presence {

namespace {

/// Whether the stage is cleanup, which may start after its body has begun to end.
bool IsCleanup(const Stage& stage) {
  return stage.join == ir::Join::Settled;
}

}  // namespace

/// The stage that is being evaluated.
struct Analysis::Evaluator::Current {
  ir::StageId id;
  const Stage& stage;
  const Scope& scope;
  StageFormulas& is;

  Formula& ended(Ending ending) { return is.endings[static_cast<size_t>(ending)]; }
};

void Analysis::Evaluator::EvaluateBody(ir::BodyId id, const Scope& scope) {
  const Body& body = graph_.bodies[id];
  BodyFormulas& is = state_.bodies[IndexOf(scope.world)][id];
  is.is_entered = scope.is_entered;
  const auto& stages = state_.stages[IndexOf(scope.world)];
  for (const ir::StageId stage : graph_.stages_of(body)) {
    EvaluateStage(stage, scope);
    is.breaks = Or(is.breaks, stages[stage].ended(Ending::Failed));
    is.is_cut = Or(is.is_cut, stages[stage].ended(Ending::Cancelled));
  }
  is.is_cut = And(is.is_cut, Not(is.breaks));
  is.completes = And(is.is_entered, Not(Or(is.breaks, is.is_cut)));
}

void Analysis::Evaluator::EvaluateStage(ir::StageId id, const Scope& scope) {
  Current current{.id = id,
                  .stage = graph_.stages[id],
                  .scope = scope,
                  .is = state_.stages[IndexOf(scope.world)][id]};
  Enter(current);
  DoWork(current);
  HandleError(current);
  PropagateChosen(current);
}

/// The runs of this world in which the event happens. A failure that would take a run out of this
/// world does not happen in it.
Formula Analysis::Evaluator::Happens(const Current& current, bool may_happen, Event event) {
  const bool is_handled =
      event != Event::SubstituteFails && current.stage.on_error != ir::OnError::Fail;
  const bool is_in_world = may_happen && (is_handled || current.scope.may_break);
  return is_in_world ? state_.outcomes.Happens(current.id, event) : kNever;
}

// "A stage waits until everything it depends on has settled. […] Then, in this order: […]"
void Analysis::Evaluator::Enter(Current& current) {
  StageFormulas& is = current.is;
  is.scope_has_ended = ScopeHasEnded(current);
  Formula is_cancelled = kNever;
  if (!IsCleanup(current.stage)) {
    is_cancelled = is.scope_has_ended;
    if (current.scope.world == World::Any) {
      is_cancelled = Or(is_cancelled, state_.outcomes.Happens(current.id, Event::Cancelled));
    }
  }
  const Formula entered = current.scope.is_entered;
  current.ended(Ending::Cancelled) = And(entered, is_cancelled);
  const Formula is_alive = And(entered, Not(is_cancelled));

  const Formula is_chosen = IsChosen(current);
  is.is_routed = And(is_alive, is_chosen);
  current.ended(Ending::NotChosen) = And(is_alive, Not(is_chosen));

  const Formula joins = Joins(current);
  is.is_joined = And(is.is_routed, joins);
  current.ended(Ending::JoinFailed) = And(is.is_routed, Not(joins));

  const Formula errs = Happens(current, current.stage.condition_may_fail, Event::ConditionFails);
  is.fails = And(is.is_joined, errs);
  const Formula is_asked = And(is.is_joined, Not(errs));
  const Formula holds = state_.FormulaOf(current.stage.condition, current.scope.world);
  is.starts = And(is_asked, holds);
  current.ended(Ending::SkippedByCondition) = And(is_asked, Not(holds));
}

/// Whether a stage that `current` waits for, directly or not, has failed or was cancelled: "A
/// failure that nothing tolerates ends the run: what has not started is cancelled".
Formula Analysis::Evaluator::ScopeHasEnded(const Current& current) {
  const auto& stages = state_.stages[IndexOf(current.scope.world)];
  Formula has_ended = kNever;
  for (const ir::Dependency& edge : graph_.dependencies_of(current.stage)) {
    if (graph_.stages[edge.from].body != current.stage.body) continue;
    const StageFormulas& from = stages[edge.from];
    has_ended = Or(has_ended, Or(from.scope_has_ended,
                                 Or(from.ended(Ending::Failed), from.ended(Ending::Cancelled))));
  }
  return has_ended;
}

/// Rule 1: "If decides can route to it and none of them chose it, it is skipped."
Formula Analysis::Evaluator::IsChosen(const Current& current) {
  const bool is_routed_to = std::ranges::any_of(
      graph_.dependencies_of(current.stage),
      [](const ir::Dependency& edge) { return edge.kind == ir::DependencyKind::Control; });
  return is_routed_to ? state_.chosen[IndexOf(current.scope.world)][current.id] : kAlways;
}

/// Rule 2: "`all` wants every hard dependency to hold, `any` at least one, `settled` none." Without
/// hard dependencies every join holds.
Formula Analysis::Evaluator::Joins(const Current& current) {
  if (IsCleanup(current.stage)) return kAlways;
  Formula all = kAlways;
  Formula any = kNever;
  bool has_hard = false;
  for (const ir::Dependency& edge : graph_.dependencies_of(current.stage)) {
    if (edge.kind != ir::DependencyKind::Hard) continue;
    has_hard = true;
    const Formula holds =
        state_.EndedAs(edge.from, EndingsThatMeet(edge.need), current.scope.world);
    all = And(all, holds);
    any = Or(any, holds);
  }
  return current.stage.join == ir::Join::All || !has_hard ? all : any;
}

void Analysis::Evaluator::DoWork(Current& current) {
  StageFormulas& is = current.is;
  Formula holds = Not(Happens(current, current.stage.may_fail, Event::Fails));
  Ending ending = Ending::SucceededWithout;
  switch (current.stage.work) {
    case Work::Decides:
      return Decide(current);
    case Work::Plain:
      ending = Ending::Succeeded;
      break;
    case Work::Asserts:
      holds = And(holds, state_.FormulaOf(current.stage.assertion, current.scope.world));
      break;
    case Work::Fails:
      holds = kNever;
      break;
  }
  current.ended(ending) = And(is.starts, holds);
  is.fails = Or(is.fails, And(is.starts, Not(holds)));
}

/// Rule 1: "A decide whose value has no route, and that has no `default`, fails with `no_route`."
void Analysis::Evaluator::Decide(Current& current) {
  StageFormulas& is = current.is;
  const Formula holds = Not(Happens(current, current.stage.may_fail, Event::Fails));
  const bool chooses_by_ids = ChoosesByIds(graph_, current.stage);
  for (const Route& route : graph_.routes_of(current.stage)) {
    const Formula is_taken = And(is.starts, state_.FormulaOf(route.is_taken, current.scope.world));
    is.has_chosen = Or(is.has_chosen, is_taken);
    if (route.kind == ir::Route::Kind::Body) {
      EnterRoute(current, route, is_taken, holds);
    } else if (!chooses_by_ids) {
      Formula& done = current.ended(Ending::SucceededWithout);
      done = Or(done, And(is_taken, holds));
    }
  }
  if (chooses_by_ids) current.ended(Ending::Succeeded) = And(is.has_chosen, holds);
  is.fails = Or(is.fails, And(is.starts, Not(And(is.has_chosen, holds))));
}

/// Evaluates the body of a route, and adds how it makes its owner end if nothing else fails the
/// owner.
void Analysis::Evaluator::EnterRoute(Current& current, const Route& route, Formula is_taken,
                                     Formula holds) {
  const bool may_break = current.scope.may_break || current.stage.on_error != ir::OnError::Fail;
  EvaluateBody(route.body,
               {.world = current.scope.world, .may_break = may_break, .is_entered = is_taken});
  const Body& body = graph_.bodies[route.body];
  const BodyFormulas& inside = state_.bodies[IndexOf(current.scope.world)][route.body];
  const auto add = [&](Formula& to, Formula what) { to = Or(to, And(what, holds)); };
  add(current.ended(Ending::Cancelled), inside.is_cut);
  add(current.is.fails, inside.breaks);
  if (body.is_single) return FollowSingle(current, graph_.stages_of(body).front(), holds);
  const Formula output = Not(Happens(current, body.output_may_fail, Event::OutputFails));
  add(current.is.fails, And(inside.completes, Not(output)));
  add(current.ended(body.has_output ? Ending::Succeeded : Ending::SucceededWithout),
      And(inside.completes, output));
}

/// "A decide with a body of one stage takes that stage's status, and with it its error."
void Analysis::Evaluator::FollowSingle(Current& current, ir::StageId inner, Formula holds) {
  const StageFormulas& inside = state_.stages[IndexOf(current.scope.world)][inner];
  constexpr EndingSet kFollowed = kRanToEnd | kSkipped;
  for (size_t i = 0; i < kEndingCount; ++i) {
    if ((kFollowed >> i & 1) == 0) continue;
    Formula& ending = current.is.endings[i];
    ending = Or(ending, And(inside.endings[i], holds));
  }
}

/// "`on_error` says what follows: `fail` (the run fails), `continue` (the stage is tolerated and
/// has no output), a value, or a fallback body whose output counts instead."
void Analysis::Evaluator::HandleError(Current& current) {
  const Formula fails = current.is.fails;
  switch (current.stage.on_error) {
    case ir::OnError::Fail:
      current.ended(Ending::Failed) = fails;
      return;
    case ir::OnError::Continue: {
      Formula& tolerated = current.ended(Ending::Tolerated);
      tolerated = Or(tolerated, fails);
      return;
    }
    case ir::OnError::Value: {
      const Formula broken =
          Happens(current, current.stage.substitute_may_fail, Event::SubstituteFails);
      return Recover(current, And(fails, Not(broken)), And(fails, broken));
    }
    case ir::OnError::Fallback:
      return FallBack(current);
  }
}

/// A recovered decide chooses by the substitute for its output. If no route matches that, the
/// decide has failed.
void Analysis::Evaluator::Recover(Current& current, Formula is_recovered, Formula is_failed) {
  const bool chooses = current.stage.work == Work::Decides && ChoosesByIds(graph_, current.stage);
  Formula is_chosen = chooses ? kNever : kAlways;
  if (chooses) {
    for (const Route& route : graph_.routes_of(current.stage)) {
      is_chosen = Or(is_chosen, state_.FormulaOf(route.is_taken_instead, current.scope.world));
    }
    current.is.has_chosen = Or(current.is.has_chosen, And(is_recovered, is_chosen));
  }
  Formula& recovered = current.ended(Ending::Recovered);
  recovered = Or(recovered, And(is_recovered, is_chosen));
  Formula& failed = current.ended(Ending::Failed);
  failed = Or(failed, Or(is_failed, And(is_recovered, Not(is_chosen))));
}

/// A fallback that supplies nothing does not recover: the failure stands, unless its only stage is
/// tolerated (docs/decisions/0007-fallback-without-output.md).
void Analysis::Evaluator::FallBack(Current& current) {
  const Scope scope = {.world = current.scope.world,
                       .may_break = current.scope.may_break,
                       .is_entered = current.is.fails};
  EvaluateBody(current.stage.fallback, scope);
  const Body& body = graph_.bodies[current.stage.fallback];
  const BodyFormulas& inside = state_.bodies[IndexOf(scope.world)][current.stage.fallback];
  const auto add = [&](Ending ending, Formula what) {
    current.ended(ending) = Or(current.ended(ending), what);
  };
  add(Ending::Cancelled, inside.is_cut);
  if (!body.is_single) {
    const Formula broken =
        body.has_output ? Happens(current, body.output_may_fail, Event::OutputFails) : kAlways;
    return Recover(current, And(inside.completes, Not(broken)),
                   Or(inside.breaks, And(inside.completes, broken)));
  }
  const StageFormulas& inner = state_.stages[IndexOf(scope.world)][graph_.stages_of(body).front()];
  add(Ending::Tolerated, inner.ended(Ending::Tolerated));
  constexpr EndingSet kWithout =
      kSkipped | SetOf(Ending::SucceededWithout, Ending::RecoveredWithout);
  Formula supplies_nothing = kNever;
  for (size_t i = 0; i < kEndingCount; ++i) {
    if ((kWithout >> i & 1) != 0) supplies_nothing = Or(supplies_nothing, inner.endings[i]);
  }
  Recover(current, Or(inner.ended(Ending::Succeeded), inner.ended(Ending::Recovered)),
          Or(inside.breaks, supplies_nothing));
}

/// A decide with an output chooses by it, recovered or not; one without chooses nothing.
void Analysis::Evaluator::PropagateChosen(Current& current) {
  if (current.stage.work != Work::Decides) return;
  const World world = current.scope.world;
  for (const Route& route : graph_.routes_of(current.stage)) {
    if (route.kind != ir::Route::Kind::Ids) continue;
    const Formula is_chosen = Or(
        And(current.is.ended(Ending::Succeeded), state_.FormulaOf(route.is_taken, world)),
        And(current.is.ended(Ending::Recovered), state_.FormulaOf(route.is_taken_instead, world)));
    for (const ir::StageId stage : Graph::View(graph_.stage_lists, route.stages)) {
      Formula& chosen = state_.chosen[IndexOf(world)][stage];
      chosen = Or(chosen, is_chosen);
    }
  }
}

}  // namespace wfc::presence
