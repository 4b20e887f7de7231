// Builds the presence::Graph of a project's workflows, analyses it, and puts assignments into
// words. PassContext::presence() makes it once.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "llvm/ADT/DenseMap.h"

#include "ir/diag/sink.h"
#include "ir/support/id_keys.h"
#include "passes/conditions/condition_builder.h"
#include "passes/conditions/presence_subjects.h"
#include "passes/presence/analysis.h"

namespace wfc::passes {

/// The presence analysis of a project, asked in terms of the IR. Most questions take a World, which
/// says which runs they are about.
class Presence {
 public:
  /// `order` holds each stage after all that it waits for; stages on cycles are left out. The
  /// project, the types and the sink must outlive it. The sink tells for which stage a question is
  /// asked.
  Presence(const ir::Project& project, const ExpressionTypes& types,
           const std::vector<ir::StageId>& order, const diag::Sink& sink);

  [[nodiscard]] presence::Analysis& analysis() { return *analysis_; }
  [[nodiscard]] presence::Formulas& formulas() { return analysis_->formulas(); }
  [[nodiscard]] const presence::Graph& graph() const { return graph_; }
  /// The runs in which the route with this index in Project::routes is the one that is taken,
  /// provided its decide gets as far as choosing.
  [[nodiscard]] presence::Formula Taken(uint32_t route, presence::World world) {
    return analysis_->FormulaOf(graph_.routes[route].is_taken, world);
  }
  /// The runs in which the route's own condition or key matches, whatever routes come before it.
  [[nodiscard]] presence::Formula Fits(uint32_t route, presence::World world) {
    return analysis_->FormulaOf(fits_[route], world);
  }

  /// The runs in which the decide starts. All runs if it never does, so that the decide is still
  /// checked on its own terms.
  [[nodiscard]] presence::Formula Deciding(ir::StageId decide) {
    const presence::Formula starts = analysis_->of(decide).starts;
    return Never(starts) ? presence::kAlways : starts;
  }
  /// Whether the decide never takes the route.
  [[nodiscard]] bool NeverTakes(ir::StageId decide, uint32_t route) {
    return Never(formulas().And(Deciding(decide), Taken(route, analysis_->world_of(decide))));
  }

  /// The runs in which an operand of `&&` or `||`, or the condition of `?:`, is true. None if the
  /// expression is not such a guard of a field that was collected.
  [[nodiscard]] std::optional<presence::Formula> FindGuard(ir::ExprId id, presence::World world) {
    const auto found = guards_.find(id);
    if (found == guards_.end()) return std::nullopt;
    return analysis_->FormulaOf(found->second, world);
  }

  /// The runs in which an argument of `coalesce` that may be missing is present. None if no
  /// condition asks whether it is.
  [[nodiscard]] std::optional<presence::Formula> FindPresent(ir::ExprId id, presence::World world) {
    const auto found = present_.find(id);
    if (found == present_.end()) return std::nullopt;
    return analysis_->FormulaOf(found->second, world);
  }

  /// The runs in which operand `part` of `whole`, a `?:`, `&&` or `||`, is evaluated and its result
  /// matters. An operand of `&&` or `||` that fails is absorbed if another operand decides the
  /// result.
  [[nodiscard]] presence::Formula Reached(ir::ExprId whole, size_t part, presence::World world);

  /// The runs in which `vars` have the values that are written. Use it for a run that is shown as
  /// an example, not to prove that something never happens, since a profile may change the values.
  [[nodiscard]] presence::Formula VarsAreAsWritten(presence::World world) {
    return analysis_->FormulaOf(vars_are_as_written_, world);
  }

  // Both are false where the answer is not known.
  [[nodiscard]] bool Never(presence::Formula formula) {
    return Ask(formula) == presence::Answer::No;
  }
  [[nodiscard]] bool CanHold(presence::Formula formula) {
    return Ask(formula) == presence::Answer::Yes;
  }
  /// The stages for which a question was asked whose answer is not known, because the diagrams
  /// exceeded their limits.
  [[nodiscard]] const std::set<ir::StageId>& undecided() const { return undecided_; }
  /// How many questions had no known answer so far, those about no single stage included.
  [[nodiscard]] size_t undecided_count() const { return undecided_count_; }
  /// Describes runs in which the formula is true: "`input.kind` is \"bug\" and `fetch` fails"; ""
  /// if nothing can be said.
  [[nodiscard]] std::string Explain(presence::Formula formula);

 private:
  presence::Answer Ask(presence::Formula formula);
  /// An expression that is asked about. `near` is a stage of the same workflow.
  struct Asked {
    ir::StageId near;
    ir::ExprId id;
  };
  /// The fields for which T005 asks which parts are evaluated, as far as that varies.
  [[nodiscard]] std::vector<Asked> FindChoices() const;
  /// The expressions that decide which parts of these fields are evaluated.
  [[nodiscard]] std::vector<Asked> FindGuards(const std::vector<Asked>& choices) const;
  void AddPresent(const std::vector<Asked>& choices);
  /// Calls `visit` with every field for which T005 asks which parts are evaluated, and with a stage
  /// of its workflow.
  void ForEachAskedField(llvm::function_ref<void(ir::StageId, ir::ExprId)> visit) const;
  void AddStage(ir::StageId id);
  void AddBodies(const std::vector<ir::StageId>& order);
  void AddWork(ir::StageId id, presence::Stage& facts);
  void AddDecide(ir::StageId id, presence::Stage& facts);
  void AddKeyRoutes(ir::StageId id, Range routes);
  void AddCases(ir::StageId id, Range routes);
  void AddSubstitutes(ir::StageId id, Range routes);
  [[nodiscard]] bool MayFail(ir::ExprId id) const;
  [[nodiscard]] bool MayNotFit(ir::StageId id) const;

  const ir::Project& project_;
  const ExpressionTypes& types_;
  const diag::Sink& sink_;
  std::set<ir::StageId> undecided_;
  size_t undecided_count_ = 0;
  presence::Graph graph_;
  ConditionBuilder build_{graph_};
  PresenceSubjects subjects_;
  std::vector<presence::ConditionId> fits_;  // by route
  llvm::DenseMap<ir::ExprId, presence::ConditionId> guards_;
  llvm::DenseMap<ir::ExprId, presence::ConditionId> present_;
  presence::ConditionId vars_are_as_written_;
  std::unique_ptr<presence::Analysis> analysis_;
};

}  // namespace wfc::passes
