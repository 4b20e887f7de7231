// For each stage of a workflow, the conditions under which it runs and ends in each way, as
// formulas over the outcomes of decides, conditions and failures (language.md, "When a stage
// runs"). The checks of presence, joins, reachability and decisions ask it.
//
// Outcomes of different subjects and stages count as independent; where in truth they hang together
// (`x > 3` and `x * 2 > 6`), more counts as possible than is. Nothing that can happen is left out.
// The algorithm, its limits and an example: docs/design/presence.md.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "passes/presence/outcomes.h"

namespace wfc::presence {

/// Which runs are looked at.
enum class World : uint8_t {
  Going,  ///< those that nothing has begun to end: all that matters to stages and outputs that only
          ///< come about in such
  Any,    ///< also those that fail or are cancelled, in which cleanup (`join: settled`) still runs
};
inline constexpr size_t kWorldCount = 2;

/// Of a stage. Each implies that the body around it is entered.
struct StageFormulas {
  /// When all that it waits for has settled, its body has begun to end. The only one that does not
  /// imply that the body is entered.
  Formula scope_has_ended;
  Formula is_routed;   ///< it is looked at, and no decide routes to it, or one chose it
  Formula is_joined;   ///< and its `join` holds
  Formula starts;      ///< and its `if` holds
  Formula fails;       ///< its `if` or its work, before `on_error`
  Formula has_chosen;  ///< its decide found a route
  std::array<Formula, kEndingCount> endings;

  [[nodiscard]] Formula ended(Ending ending) const { return endings[static_cast<size_t>(ending)]; }
};

struct BodyFormulas {
  Formula is_entered;
  Formula breaks;     ///< a stage in it failed, untolerated
  Formula is_cut;     ///< none did, but one was cancelled
  Formula completes;  ///< neither
};

class Analysis {
 public:
  /// The graph outlives it. Stages in no body's list (they wait for each other) never run.
  explicit Analysis(const Graph& graph);
  ~Analysis();

  /// The world that the stage can run in: Any for cleanup and what stands in its bodies.
  [[nodiscard]] World world_of(ir::StageId stage) const;
  [[nodiscard]] World world_of(ir::BodyId body) const;
  /// World::Any is only worked out for workflows that have cleanup.
  [[nodiscard]] const StageFormulas& of(ir::StageId stage, World world) const;
  [[nodiscard]] const StageFormulas& of(ir::StageId stage) const {
    return of(stage, world_of(stage));
  }
  [[nodiscard]] const BodyFormulas& of(ir::BodyId body, World world) const;

  [[nodiscard]] Formula FormulaOf(ConditionId condition, World world);
  /// Of stages that have been judged: all, once the analysis is made.
  [[nodiscard]] Formula EndedAs(ir::StageId stage, EndingSet endings, World world);
  /// The stage has left the field behind (ir/base/stage_fields.def).
  [[nodiscard]] Formula HasField(ir::StageId stage, StageField field, World world);
  [[nodiscard]] Outcomes& outcomes();
  [[nodiscard]] Formulas& formulas() { return outcomes().formulas(); }

 private:
  class Evaluator;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wfc::presence
