#include "passes/presence/analysis.h"

#include <algorithm>
#include <bit>

#include "llvm/ADT/SmallVector.h"

#include "passes/presence/evaluator.h"

namespace wfc::presence {

namespace {

/// For each body, whether a stage around it, at any depth, is cleanup.
IdVector<ir::BodyId, bool> FindCleanup(const Graph& graph) {
  IdVector<ir::BodyId, bool> is_cleanup(graph.bodies.size(), false);
  // Enclosing bodies have lower ids.
  for (const ir::BodyId id : graph.bodies.ids()) {
    const ir::StageId owner = graph.bodies[id].owner;
    if (!owner.has_value()) continue;
    const Stage& stage = graph.stages[owner];
    is_cleanup[id] = stage.join == ir::Join::Settled || is_cleanup[stage.body];
  }
  return is_cleanup;
}

/// The top-level body of the workflow that `body` is in.
ir::BodyId FindTop(const Graph& graph, ir::BodyId body) {
  while (graph.bodies[body].owner.has_value()) {
    body = graph.stages[graph.bodies[body].owner].body;
  }
  return body;
}

IdVector<ir::BodyId, bool> FindBodiesWithCleanup(const Graph& graph) {
  IdVector<ir::BodyId, bool> has_cleanup(graph.bodies.size(), false);
  for (const Stage& stage : graph.stages) {
    if (stage.join == ir::Join::Settled) has_cleanup[FindTop(graph, stage.body)] = true;
  }
  return has_cleanup;
}

}  // namespace

bool ChoosesByIds(const Graph& graph, const Stage& stage) {
  return std::ranges::none_of(graph.routes_of(stage), [](const Route& route) {
    return route.kind == ir::Route::Kind::Body;
  });
}

Analysis::State::State(const Graph& graph_in)
    : graph(graph_in), outcomes(graph_in), is_cleanup(FindCleanup(graph_in)) {
  // Most projects have no cleanup, which alone comes about in other worlds than the first.
  const auto is_cleanup_stage = [](const Stage& stage) { return stage.join == ir::Join::Settled; };
  const size_t world_count = std::ranges::any_of(graph.stages, is_cleanup_stage) ? kWorldCount : 1;
  for (size_t world = 0; world < world_count; ++world) {
    stages[world].resize(graph.stages.size());
    bodies[world].resize(graph.bodies.size());
    chosen[world].resize(graph.stages.size());
    conditions_[world].resize(graph.conditions.size());
  }
  // Most stages need fewer. A vector that grows by doubling would touch twice the memory.
  constexpr size_t kUsualFormulas = 6;
  outcomes.formulas().Reserve(kUsualFormulas * graph.stages.size());
}

Formula Analysis::State::EndedAs(ir::StageId stage, EndingSet endings, World world) {
  const StageFormulas& formulas = stages[IndexOf(world)][stage];
  Formula any = kNever;
  for (EndingSet rest = endings; rest != 0; rest &= rest - 1) {
    any = outcomes.formulas().Or(any, formulas.endings[std::countr_zero(rest)]);
  }
  return any;
}

/// Combines what the endings imply, by the table of fields, with what they leave open.
Formula Analysis::State::HasField(ir::StageId id, StageField field, World world) {
  const FieldRule& rule = RuleOf(field);
  const Formula sometimes = EndedAs(id, EndingsOf(rule.sometimes), world);
  return outcomes.formulas().Or(EndedAs(id, EndingsOf(rule.always), world),
                                outcomes.formulas().And(sometimes, HasSometimes(id, field, world)));
}

/// The same for a stage that ended in one of the field's `sometimes` statuses.
Formula Analysis::State::HasSometimes(ir::StageId id, StageField field, World world) {
  switch (RuleOf(field).type) {
    case FieldType::Output:
      return EndedAs(id, kWithOutput, world);
    case FieldType::Chosen: {
      // A decide over ids chooses by its output. One over bodies chooses before a body is entered,
      // so that its failure may have come before the choice or after it.
      if (ChoosesByIds(graph, graph.stages[id])) return EndedAs(id, kWithOutput, world);
      const Formula has_chosen = stages[IndexOf(world)][id].has_chosen;
      if (!graph.stages[id].may_fail) return has_chosen;
      const Formula was_early = outcomes.formulas().And(outcomes.Happens(id, Event::Fails),
                                                        outcomes.Happens(id, Event::BreaksOff));
      return outcomes.formulas().And(has_chosen, Formulas::Not(was_early));
    }
    case FieldType::Integer:
    case FieldType::Text:
      return Formulas::Not(outcomes.Happens(id, Event::BreaksOff));
    case FieldType::Status:
    case FieldType::Error:
    case FieldType::Count:
    case FieldType::Later:
      break;
  }
  return kAlways;
}

Formula Analysis::State::PlainFormulaOf(const Condition& condition, World world) {
  switch (condition.kind) {
    case Condition::Kind::False:
      return kNever;
    case Condition::Kind::Among:
      return outcomes.Among(SubjectId(condition.a), condition.b, condition.count);
    case Condition::Kind::EndedAs:
      return EndedAs(ir::StageId(condition.a), static_cast<EndingSet>(condition.b), world);
    case Condition::Kind::HasField:
      return HasField(ir::StageId(condition.a), static_cast<StageField>(condition.b), world);
    case Condition::Kind::RunIsRunning:
      return Formulas::Not(stages[IndexOf(world)][ir::StageId(condition.a)].scope_has_ended);
    case Condition::Kind::True:
    case Condition::Kind::Not:
    case Condition::Kind::And:
    case Condition::Kind::Or:
      break;
  }
  return kAlways;
}

Formula Analysis::State::FormulaOfParts(const Condition& condition, World world) {
  const auto& known = conditions_[IndexOf(world)];
  const Formula a = *known[condition.a];
  if (condition.kind == Condition::Kind::Not) return Formulas::Not(a);
  const Formula b = *known[condition.b];
  return condition.kind == Condition::Kind::And ? outcomes.formulas().And(a, b)
                                                : outcomes.formulas().Or(a, b);
}

/// Evaluates parts first, with an explicit stack: a list of cases is a condition as deep as the
/// list is long.
Formula Analysis::State::FormulaOf(ConditionId condition, World world) {
  if (!condition.has_value()) return kAlways;
  auto& known = conditions_[IndexOf(world)];
  if (known[condition.index()]) return *known[condition.index()];
  llvm::SmallVector<uint32_t, 16> pending = {condition.index()};
  while (!pending.empty()) {
    const uint32_t index = pending.back();
    const Condition& next = graph.conditions[ConditionId(index)];
    const bool has_second = next.kind == Condition::Kind::And || next.kind == Condition::Kind::Or;
    const bool has_first = has_second || next.kind == Condition::Kind::Not;
    if (has_first && !known[next.a]) {
      pending.push_back(next.a);
    } else if (has_second && !known[next.b]) {
      pending.push_back(next.b);
    } else {
      known[index] = has_first ? FormulaOfParts(next, world) : PlainFormulaOf(next, world);
      pending.pop_back();
    }
  }
  return *known[condition.index()];
}

Analysis::Analysis(const Graph& graph) : state_(std::make_unique<State>(graph)) {
  const IdVector<ir::BodyId, bool> has_cleanup = FindBodiesWithCleanup(graph);
  for (const ir::BodyId body : graph.bodies.ids()) {
    if (graph.bodies[body].owner.has_value()) continue;
    Evaluator(*state_).EvaluateBody(
        body, {.world = World::Going, .may_break = false, .is_entered = kAlways});
    if (!has_cleanup[body]) continue;
    Evaluator(*state_).EvaluateBody(
        body, {.world = World::Any, .may_break = true, .is_entered = kAlways});
  }
}

Analysis::~Analysis() = default;

World Analysis::world_of(ir::StageId stage) const {
  const Stage& facts = state_->graph.stages[stage];
  return facts.join == ir::Join::Settled ? World::Any : world_of(facts.body);
}

World Analysis::world_of(ir::BodyId body) const {
  return state_->is_cleanup[body] ? World::Any : World::Going;
}

const StageFormulas& Analysis::of(ir::StageId stage, World world) const {
  return state_->stages[IndexOf(world)][stage];
}

const BodyFormulas& Analysis::of(ir::BodyId body, World world) const {
  return state_->bodies[IndexOf(world)][body];
}

Formula Analysis::FormulaOf(ConditionId condition, World world) {
  return state_->FormulaOf(condition, world);
}

Formula Analysis::EndedAs(ir::StageId stage, EndingSet endings, World world) {
  return state_->EndedAs(stage, endings, world);
}

Formula Analysis::HasField(ir::StageId stage, StageField field, World world) {
  return state_->HasField(stage, field, world);
}

Outcomes& Analysis::outcomes() {
  return state_->outcomes;
}

}  // namespace wfc::presence
