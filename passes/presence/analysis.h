// Computes, for each stage of a workflow, the conditions under which it runs and ends in each way,
// as formulas over the outcomes of decides, conditions and failures (docs/language/workflows.md).
// The checks of presence, joins, reachability and decisions ask it.
//
// Outcomes of different subjects and stages count as independent. Where they are in fact
// correlated (`x > 3` and `x * 2 > 6`), runs that cannot occur count as possible. Nothing that can
// happen is left out. The algorithm, its limits and an example: docs/design/presence.md.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "passes/presence/outcomes.h"

namespace wfc::presence {

/// The set of runs that a question is about.
enum class World : uint8_t {
  /// Those that nothing has begun to end. Stages and outputs other than cleanup exist only in
  /// these.
  Going,
  Any,  ///< also those that fail or are cancelled, in which cleanup (`join: settled`) still runs
};
inline constexpr size_t kWorldCount = 2;
[[nodiscard]] constexpr size_t IndexOf(World world) {
  return static_cast<size_t>(world);
}

/// The runs in which a stage reaches each step, or ends in each way. Each formula but
/// `scope_has_ended` implies that the stage's body is entered.
struct StageFormulas {
  /// The stage's body has begun to end by the time that everything the stage waits for has settled.
  Formula scope_has_ended;
  Formula is_routed;   ///< it is ready, and no decide routes to it, or one chose it
  Formula is_joined;   ///< and its `join` holds
  Formula starts;      ///< and its `if` holds
  Formula fails;       ///< its `if` or its work, before `on_error`
  Formula has_chosen;  ///< its decide found a route
  std::array<Formula, kEndingCount> endings;

  [[nodiscard]] Formula ended(Ending ending) const { return endings[static_cast<size_t>(ending)]; }
};

/// The runs in which a body is entered, and in which it ends in each way.
struct BodyFormulas {
  Formula is_entered;
  Formula breaks;     ///< a stage in it failed, untolerated
  Formula is_cut;     ///< none did, but one was cancelled
  Formula completes;  ///< neither
};

/// The formulas of all stages and bodies of a graph, computed at construction. Its size is bounded
/// by BddLimits: beyond that, answers are Unknown.
class Analysis {
 public:
  /// The graph must outlive the analysis. Stages that are in no body's list, because they wait for
  /// each other, never run.
  explicit Analysis(const Graph& graph);
  ~Analysis();

  /// The world in which the stage or body can run: Any for cleanup and for what stands in its
  /// bodies, otherwise Going.
  [[nodiscard]] World world_of(ir::StageId stage) const;
  [[nodiscard]] World world_of(ir::BodyId body) const;
  /// The formulas of a stage or a body. Those of World::Any are only computed for workflows that
  /// have cleanup.
  [[nodiscard]] const StageFormulas& of(ir::StageId stage, World world) const;
  [[nodiscard]] const StageFormulas& of(ir::StageId stage) const {
    return of(stage, world_of(stage));
  }
  [[nodiscard]] const BodyFormulas& of(ir::BodyId body, World world) const;

  [[nodiscard]] Formula FormulaOf(ConditionId condition, World world);
  /// The runs in which the stage ends in one of `endings`.
  [[nodiscard]] Formula EndedAs(ir::StageId stage, EndingSet endings, World world);
  /// The runs in which the stage has left the field behind (ir/base/stage_fields.def).
  [[nodiscard]] Formula HasField(ir::StageId stage, StageField field, World world);
  [[nodiscard]] Outcomes& outcomes();
  [[nodiscard]] Formulas& formulas() { return outcomes().formulas(); }

 private:
  class Evaluator;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wfc::presence
