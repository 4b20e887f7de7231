// Computes the formulas of stages one after the other, following the rules of
// docs/language/workflows.md, "When a stage runs"; what evaluator.cpp quotes is from that page.
// Only for passes/presence/*.cpp.
#pragma once

#include "passes/presence/state.h"

namespace wfc::presence {

/// What the stages of a body need to know of it.
struct Scope {
  World world = World::Going;
  /// Whether a stage may fail untolerated without leaving the world in question: the owner
  /// continues from there, or the world contains all runs.
  bool may_break = false;
  Formula is_entered;
};

/// Writes the formulas of one body after the other into `state`.
class Analysis::Evaluator {
 public:
  explicit Evaluator(State& state)
      : state_(state), graph_(state.graph), formulas_(state.outcomes.formulas()) {}

  /// Evaluates the stages of a body in order. Recurses as deep as bodies are nested.
  void EvaluateBody(ir::BodyId body, const Scope& scope);

 private:
  struct Current;

  void EvaluateStage(ir::StageId id, const Scope& scope);
  void Enter(Current& current);
  [[nodiscard]] Formula ScopeHasEnded(const Current& current);
  [[nodiscard]] Formula IsChosen(const Current& current);
  [[nodiscard]] Formula Joins(const Current& current);
  void DoWork(Current& current);
  void Decide(Current& current);
  void EnterRoute(Current& current, const Route& route, Formula is_taken, Formula holds);
  void FollowSingle(Current& current, ir::StageId inner, Formula holds);
  void HandleError(Current& current);
  void Recover(Current& current, Formula is_recovered, Formula is_failed);
  void FallBack(Current& current);
  void PropagateChosen(Current& current);
  [[nodiscard]] Formula Happens(const Current& current, bool may_happen, Event event);

  Formula And(Formula left, Formula right) { return formulas_.And(left, right); }
  Formula Or(Formula left, Formula right) { return formulas_.Or(left, right); }
  static Formula Not(Formula formula) { return Formulas::Not(formula); }

  State& state_;
  const Graph& graph_;
  Formulas& formulas_;
};

}  // namespace wfc::presence
