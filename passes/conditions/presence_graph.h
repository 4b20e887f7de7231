// The workflows of a project as presence::Graph sees them, the analysis of it, and what an
// assignment means in words. PassContext::presence() makes it once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "llvm/ADT/DenseMap.h"

#include "passes/conditions/presence_subjects.h"
#include "passes/presence/analysis.h"

namespace wfc::passes {

class Presence {
 public:
  /// `order`: stages after all that they wait for; those on cycles are left out.
  Presence(const ir::Project& project, const ExpressionTypes& types,
           const std::vector<ir::StageId>& order);

  [[nodiscard]] presence::Analysis& analysis() { return *analysis_; }
  [[nodiscard]] presence::Formulas& formulas() { return analysis_->formulas(); }
  [[nodiscard]] const presence::Graph& graph() const { return graph_; }
  /// Of a route, by index in Project::routes: it is the one when its decide gets so far.
  [[nodiscard]] presence::Formula Taken(uint32_t route, presence::World world) {
    return analysis_->FormulaOf(graph_.routes[route].is_taken, world);
  }
  /// Of a route: its own condition or key alone, whatever comes before it.
  [[nodiscard]] presence::Formula Fits(uint32_t route, presence::World world) {
    return analysis_->FormulaOf(fits_[route], world);
  }

  /// Where the decide runs; all runs of one that never does, which is judged by itself.
  [[nodiscard]] presence::Formula Deciding(ir::StageId decide) {
    const presence::Formula starts = analysis_->of(decide).starts;
    return Never(starts) ? presence::kAlways : starts;
  }
  /// Whether the decide never takes the route.
  [[nodiscard]] bool NeverTakes(ir::StageId decide, uint32_t route) {
    return Never(formulas().And(Deciding(decide), Taken(route, analysis_->world_of(decide))));
  }

  /// Of an operand of `&&` or `||`, or the condition of `?:`: it is true. None: nobody asked for
  /// it.
  [[nodiscard]] std::optional<presence::Formula> FindGuard(ir::ExprId id, presence::World world) {
    const auto found = guards_.find(id.index());
    if (found == guards_.end()) return std::nullopt;
    return analysis_->FormulaOf(found->second, world);
  }

  /// Of an argument of `coalesce` that may be missing: it is there. None: no condition asks for it.
  [[nodiscard]] std::optional<presence::Formula> FindPresent(ir::ExprId id, presence::World world) {
    const auto found = present_.find(id.index());
    if (found == present_.end()) return std::nullopt;
    return analysis_->FormulaOf(found->second, world);
  }

  /// Of `?:`, `&&` or `||`: part `part` of it is evaluated, and what it yields matters. An operand
  /// of `&&` or `||` that fails is absorbed when another decides.
  [[nodiscard]] presence::Formula Reached(ir::ExprId whole, size_t part, presence::World world);

  /// That `vars` are as they are written: for what is said of a run that can be, not for what
  /// never is, which another profile may change.
  [[nodiscard]] presence::Formula VarsAreAsWritten(presence::World world) {
    return analysis_->FormulaOf(vars_are_as_written_, world);
  }

  // Both are false where it is not known.
  [[nodiscard]] bool Never(presence::Formula formula) {
    return formulas().CanHold(formula) == presence::Answer::No;
  }
  [[nodiscard]] bool CanHold(presence::Formula formula) {
    return formulas().CanHold(formula) == presence::Answer::Yes;
  }
  /// "`input.kind` is \"bug\" and `fetch` fails"; "": nothing can be said.
  [[nodiscard]] std::string Explain(presence::Formula formula);

 private:
  /// What decides which parts of a field are evaluated. `near`: a stage of the same workflow.
  struct Guard {
    ir::StageId near;
    ir::ExprId condition;
  };
  [[nodiscard]] std::vector<Guard> FindGuards() const;
  void AddPresent();
  /// Calls `visit` with every field of which T005 asks what parts are evaluated, and a stage of its
  /// workflow.
  void ForEachAskedField(llvm::function_ref<void(ir::StageId, ir::ExprId)> visit) const;
  void AddStage(ir::StageId id);
  void AddBodies(const std::vector<ir::StageId>& order);
  void AddDecide(ir::StageId id, presence::Stage& facts);
  void AddKeyRoutes(ir::StageId id, Range routes);
  void AddCases(ir::StageId id, Range routes);
  void AddSubstitutes(ir::StageId id, Range routes);
  [[nodiscard]] bool MayFail(ir::ExprId id) const;
  [[nodiscard]] bool MayMisfit(ir::StageId id) const;

  const ir::Project& project_;
  const ExpressionTypes& types_;
  presence::Graph graph_;
  PresenceSubjects subjects_;
  std::vector<presence::ConditionId> fits_;                  // by route
  llvm::DenseMap<uint32_t, presence::ConditionId> guards_;   // by expression
  llvm::DenseMap<uint32_t, presence::ConditionId> present_;  // by expression
  presence::ConditionId vars_are_as_written_;
  std::unique_ptr<presence::Analysis> analysis_;
};

}  // namespace wfc::passes
