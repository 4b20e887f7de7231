// G010 and J001: stages that can never run, by the formulas of the presence analysis. G011: stages
// that lead to nothing, by a backward pass.
#include <algorithm>

#include <fmt/core.h>

#include "ir/base/id_range.h"
#include "ir/diag/messages.h"
#include "ir/expr/reads.h"
#include "passes/conditions/constant_parts.h"
#include "passes/conditions/decide_facts.h"
#include "passes/conditions/presence_graph.h"
#include "passes/context/pass.h"
#include "passes/context/quiet_stages.h"
#include "passes/flow/constants.h"
#include "passes/grants/needs.h"

namespace wfc::passes {

namespace {

std::string_view NeedInWords(ir::Need need) {
  switch (need) {
    case ir::Need::Settled:
    case ir::Need::After:
      return "it waits for";
    case ir::Need::Output:
      return "it needs the output of";
    case ir::Need::RanToEnd:
      return "it needs the end of";
  }
  return "";
}

constexpr presence::EndingSet kWell =
    presence::SetOf(presence::Ending::Succeeded, presence::Ending::SucceededWithout);

/// Reports G010 and J001 for stages that never start, unless another finding explains it.
class ForwardPass {
 public:
  explicit ForwardPass(PassContext& context)
      : context_(context), project_(context.project), presence_(context.presence()) {}

  /// Checks one stage. Returns whether it was reported.
  bool CheckStage(ir::StageId id) {
    const size_t before = context_.sink.diagnostics().size();
    Find(id);
    return context_.sink.diagnostics().size() != before;
  }

 private:
  void Find(ir::StageId id) {
    const presence::StageFormulas& is = presence_.analysis().of(id);
    if (!presence_.Never(is.starts) || presence_.Never(Entered(id))) return;
    const presence::Formula is_alive =
        presence_.formulas().And(Entered(id), presence::Formulas::Not(is.scope_has_ended));
    if (presence_.Never(is_alive)) {
      // The run has already failed.
      ReportLost(id, Entered(id));
    } else if (presence_.Never(is.is_routed)) {
      CheckRoutes(id);
    } else if (presence_.Never(is.is_joined)) {
      CheckJoin(id, is.is_routed);
    } else {
      CheckCondition(id, is.is_joined);
    }
  }
  /// The runs in which the body around the stage is entered. If there are none, the finding is
  /// about what keeps the body's owner from running or from taking the route.
  [[nodiscard]] presence::Formula Entered(ir::StageId id) {
    const ir::BodyId body = project_.stages[id].body;
    return presence_.analysis().of(body, presence_.analysis().world_of(id)).is_entered;
  }

  void CheckRoutes(ir::StageId id);
  void CheckJoin(ir::StageId id, presence::Formula is_routed);
  void CheckCondition(ir::StageId id, presence::Formula is_joined);
  bool ReportLost(ir::StageId id, presence::Formula is_routed);
  void ReportExclusive(ir::StageId id, presence::Formula is_routed);
  [[nodiscard]] presence::Formula Holds(const ir::Dependency& edge) {
    return presence_.analysis().EndedAs(edge.from, presence::EndingsThatMeet(edge.need),
                                        presence_.analysis().world_of(edge.to));
  }
  [[nodiscard]] std::string_view PathOf(ir::StageId id) const {
    return project_.text(project_.stages[id].path);
  }
  diag::Reported Report(ir::StageId id, const std::string& why) {
    return context_.sink.Report(diag::Unreachable, project_.stages[id].name.span, PathOf(id), why);
  }

  PassContext& context_;
  const ir::Project& project_;
  Presence& presence_;
};

/// Routes that are dead by themselves are reported by the checks of decisions.
void ForwardPass::CheckRoutes(ir::StageId id) {
  for (const ir::Dependency& edge : project_.dependencies_of(project_.stages[id])) {
    if (edge.kind != ir::DependencyKind::Control) continue;
    const ir::Stage& chooser = project_.stages[edge.from];
    if (presence_.Never(presence_.analysis().of(edge.from).starts)) return;
    const DecideFacts facts = FindDecideFacts(project_, context_.types(), chooser);
    const uint32_t first_route = project_.GetDecide(chooser).routes.first;
    const std::span<const ir::Route> routes = project_.routes_of(chooser);
    for (uint32_t i = 0; i < routes.size(); ++i) {
      const bool is_dead =
          facts.fates[i] != RouteFate::Possible || presence_.NeverTakes(edge.from, first_route + i);
      const auto targets = ir::Project::View(project_.stage_lists, routes[i].stages);
      const bool leads_here =
          routes[i].kind == ir::Route::Kind::Ids && std::ranges::find(targets, id) != targets.end();
      if (leads_here && is_dead) return;
    }
  }
  Report(id, "no decide that leads to it can choose it");
}

void ForwardPass::CheckJoin(ir::StageId id, presence::Formula is_routed) {
  if (ReportLost(id, is_routed)) return;
  if (project_.stages[id].join == ir::Join::All) ReportExclusive(id, is_routed);
}

/// Finds a dependency that by itself keeps the stage from running. Returns true if there is one,
/// even if reporting it would only repeat another finding.
bool ForwardPass::ReportLost(ir::StageId id, presence::Formula is_routed) {
  bool is_lost = false;
  const ir::Dependency* cause = nullptr;
  for (const ir::Dependency& edge : project_.dependencies_of(project_.stages[id])) {
    if (edge.kind != ir::DependencyKind::Hard) continue;
    if (!presence_.Never(presence_.formulas().And(is_routed, Holds(edge)))) continue;
    is_lost = true;
    const bool is_echo = presence_.Never(presence_.analysis().of(edge.from).starts);
    if (!is_echo && cause == nullptr) cause = &edge;
  }
  if (cause == nullptr) return is_lost;
  const bool is_never_met = presence_.Never(Holds(*cause));
  const bool always_fails = presence_.Never(
      presence_.analysis().EndedAs(cause->from, kWell, presence_.analysis().world_of(id)));
  std::string_view why = "which is never there when this stage is chosen";
  if (is_never_met) why = always_fails ? "which always fails" : "which never has one";
  diag::Reported reported =
      Report(id, fmt::format("{} `{}`, {}", NeedInWords(cause->need), PathOf(cause->from), why));
  reported.AddNote(cause->span, "it depends on it here");
  if (is_never_met && always_fails) {
    reported.AddNote(project_.stages[cause->from].verb_span, "this always fails");
  } else if (!is_never_met) {
    const std::string when = presence_.Explain(is_routed);
    if (!when.empty()) reported.AddNote({}, fmt::format("it is chosen when {}", when));
  }
  return true;
}

/// Reports J001: each of the dependencies can hold, but not all of them in one run.
void ForwardPass::ReportExclusive(ir::StageId id, presence::Formula is_routed) {
  std::vector<const ir::Dependency*> hard;
  for (const ir::Dependency& edge : project_.dependencies_of(project_.stages[id])) {
    if (edge.kind == ir::DependencyKind::Hard) hard.push_back(&edge);
  }
  const ir::Dependency* left = nullptr;
  const ir::Dependency* right = nullptr;
  presence::Formula so_far = is_routed;
  // Find the first dependency that never holds together with those before it, and among these the
  // first that excludes it.
  for (const ir::Dependency* edge : hard) {
    const presence::Formula next = presence_.formulas().And(so_far, Holds(*edge));
    if (!presence_.Never(next)) {
      so_far = next;
      continue;
    }
    right = edge;
    break;
  }
  if (right == nullptr) return;
  for (const ir::Dependency* edge : hard) {
    const presence::Formula both = presence_.formulas().And(Holds(*edge), Holds(*right));
    if (left == nullptr && presence_.Never(presence_.formulas().And(is_routed, both))) left = edge;
  }
  const ir::Stage& stage = project_.stages[id];
  diag::Reported reported = context_.sink.Report(
      diag::NeverJoins, stage.name.span, PathOf(id),
      left != nullptr ? fmt::format("`{}` and `{}`", PathOf(left->from), PathOf(right->from))
                      : fmt::format("`{}` and the others", PathOf(right->from)));
  for (const ir::Dependency* edge : {left, right}) {
    if (edge == nullptr) continue;
    const std::string when = presence_.Explain(presence_.formulas().And(is_routed, Holds(*edge)));
    reported.AddNote(edge->span,
                     when.empty() ? fmt::format("`{}` is needed here", PathOf(edge->from))
                                  : fmt::format("`{}` is there when {}", PathOf(edge->from), when));
  }
  reported.AddNote({},
                   "to fix it, say `join: any` and read them with `coalesce(…)`, or wait for "
                   "one of them only");
}

/// Checks the `if`. A constant condition is reported as E010 instead.
void ForwardPass::CheckCondition(ir::StageId id, presence::Formula is_joined) {
  const ir::Stage& stage = project_.stages[id];
  if (!stage.condition.has_value() || FindConstant(project_, stage.condition)) return;
  diag::Reported reported =
      Report(id, "its `if` is false whenever its other conditions let it run");
  reported.AddNote(project_.exprs[stage.condition].span, "its `if`");
  AddConstantNotes(context_, reported, id, stage.condition, Moment::Joined);
  const std::string when = presence_.Explain(is_joined);
  if (!when.empty())
    reported.AddNote({}, fmt::format("its other conditions let it run when {}", when));
}

/// Finds the stages on which the output and the effects of a workflow depend.
class BackwardPass {
 public:
  explicit BackwardPass(const ir::Project& project)
      : project_(project), is_useful_(project.stages.size(), false) {}

  IdVector<ir::StageId, bool> Run() {
    for (const ir::Workflow& workflow : project_.workflows) MarkReads(workflow.output);
    for (const ir::TextRead& read : project_.text_reads) {
      if (read.stage.has_value()) Mark(read.stage);
    }
    for (ir::StageId id : project_.stages.ids()) {
      if (HasEffect(project_.stages[id])) Mark(id);
    }
    for (size_t next = 0; next < queue_.size(); ++next) Spread(queue_[next]);
    return std::move(is_useful_);
  }

 private:
  bool HasEffect(const ir::Stage& stage) const {
    return !RuleOf(stage.verb).yields || EffectOf(project_, stage) >= ir::Effect::Write;
  }

  void Mark(ir::StageId id) {
    if (is_useful_[id]) return;
    is_useful_[id] = true;
    queue_.push_back(id);
  }

  void MarkReads(ir::ExprId id) {
    if (!id.has_value()) return;
    expr::ForEachRead(project_.exprs, id, [&](const expr::Read& read) {
      if (read.root.kind == RootKind::StageField) Mark(ir::StageId(read.root.a));
    });
  }

  void Spread(ir::StageId id) {
    const ir::Stage& stage = project_.stages[id];
    for (const ir::Dependency& edge : project_.dependencies_of(stage)) Mark(edge.from);
    ir::StageId owner = project_.bodies[stage.body].owner;
    if (owner.has_value()) Mark(owner);
    if (stage.fallback.has_value()) MarkOutput(project_.bodies[stage.fallback]);
    for (const ir::Route& route : project_.routes_of(stage)) {
      if (route.body.has_value()) MarkOutput(project_.bodies[route.body]);
    }
  }

  /// Marks what the output of the body reads, or its only stage if it has one.
  void MarkOutput(const ir::Body& body) {
    MarkReads(body.output);
    if (!body.is_single) return;
    for (ir::StageId stage : project_.stages_of(body)) Mark(stage);
  }

  const ir::Project& project_;
  IdVector<ir::StageId, bool> is_useful_;
  std::vector<ir::StageId> queue_;
};

}  // namespace

void CheckReachability(PassContext& context) {
  const ir::Project& project = context.project;
  const QuietStages quiet = FindQuietStages(context);
  ForwardPass forward(context);
  const IdVector<ir::StageId, bool> is_useful = BackwardPass(project).Run();
  IdVector<ir::StageId, bool> is_ordered(project.stages.size(), false);
  for (ir::StageId id : context.graph().topological_order()) is_ordered[id] = true;
  context.ForEachStage([&](ir::StageId id) {
    const ir::Stage& stage = project.stages[id];
    if (quiet.near_finding[id]) return;
    // A stage that never runs also leads to nothing.
    if (is_ordered[id] && forward.CheckStage(id)) return;
    bool is_judged = project.workflows[stage.workflow].output.has_value() && !quiet.in_doubt[id];
    if (is_judged && !is_useful[id]) {
      context.sink.Report(diag::DeadEnd, stage.name.span, project.text(stage.path));
    }
  });
}

}  // namespace wfc::passes
