// G010: stages that can never run, by a forward pass; G011: stages that lead to nothing, by a
// backward one.
#include <algorithm>

#include <fmt/format.h>

#include "ir/expr/reads.h"
#include "passes/constants.h"
#include "passes/decide_facts.h"
#include "passes/needs.h"
#include "passes/pass.h"
#include "passes/quiet_stages.h"

namespace wfc::passes {

namespace {

/// Never: whatever happens in a run. Maybe is not told from Yes: a branch that may be skipped is no
/// finding.
enum class Chance : uint8_t { Never, Maybe };

/// What is known of a stage when those that it depends on are known.
struct Outlook {
  Chance runs = Chance::Maybe;
  Chance succeeds = Chance::Maybe;
  /// It never runs because of this dependency, which is no echo of another finding; none: it may
  /// run, or another finding says why not.
  uint32_t cause = 0xFFFFFFFF;
};

class ForwardPass {
 public:
  ForwardPass(const ir::Project& project, const ir::Graph& graph)
      : project_(project), graph_(graph), outlooks_(project.stages.size()) {}

  std::vector<Outlook> Run() {
    FindDeadRoutes();
    // Owners stand in bodies with lower numbers, and a body sees only itself and those around it.
    std::vector<std::vector<ir::StageId>> by_body(project_.bodies.size());
    for (ir::StageId stage : graph_.topological_order()) {
      by_body[project_.stages[stage].body.index()].push_back(stage);
    }
    for (const std::vector<ir::StageId>& stages : by_body) {
      for (ir::StageId stage : stages) Judge(stage);
    }
    return std::move(outlooks_);
  }

 private:
  void FindDeadRoutes();
  void Judge(ir::StageId id);
  bool OwnerRuns(const ir::Stage& stage) const;
  bool IsRoutedTo(ir::StageId id, const ir::Stage& stage) const;
  bool ChooserMayLeadTo(const ir::Stage& chooser, ir::StageId target) const;
  bool Joins(const ir::Stage& stage, Outlook& outlook) const;
  bool MayHold(const ir::Dependency& edge) const;

  const ir::Project& project_;
  const ir::Graph& graph_;
  std::vector<Outlook> outlooks_;
  std::vector<bool> dead_routes_;  // by index in Project::routes
  std::vector<bool> dead_bodies_;  // bodies of dead routes
};

void ForwardPass::FindDeadRoutes() {
  dead_routes_.assign(project_.routes.size(), false);
  dead_bodies_.assign(project_.bodies.size(), false);
  for (const ir::Stage& stage : project_.stages) {
    if (stage.verb != ir::Verb::Decide) continue;
    const DecideFacts facts = FindDecideFacts(project_, stage);
    for (uint32_t i = 0; i < facts.fates.size(); ++i) {
      if (facts.fates[i] == RouteFate::Possible) continue;
      uint32_t index = stage.decide.routes.first + i;
      dead_routes_[index] = true;
      const ir::Route& route = project_.routes[index];
      if (route.body.has_value()) dead_bodies_[route.body.index()] = true;
    }
  }
}

bool ForwardPass::OwnerRuns(const ir::Stage& stage) const {
  if (dead_bodies_[stage.body.index()]) return false;
  ir::StageId owner = project_.bodies[stage.body].owner;
  return !owner.has_value() || outlooks_[owner.index()].runs != Chance::Never;
}

bool ForwardPass::ChooserMayLeadTo(const ir::Stage& chooser, ir::StageId target) const {
  Range range = chooser.decide.routes;
  for (uint32_t i = range.first; i < range.end(); ++i) {
    if (dead_routes_[i] || project_.routes[i].kind != ir::Route::Kind::Ids) continue;
    std::span<const ir::StageId> stages =
        ir::Project::View(project_.stage_lists, project_.routes[i].stages);
    if (std::ranges::binary_search(stages, target)) return true;
  }
  return false;
}

bool ForwardPass::IsRoutedTo(ir::StageId id, const ir::Stage& stage) const {
  bool has_chooser = false;
  for (const ir::Dependency& edge : project_.dependencies_of(stage)) {
    if (edge.kind != ir::DependencyKind::Control) continue;
    has_chooser = true;
    bool runs = outlooks_[edge.from.index()].runs != Chance::Never;
    if (runs && ChooserMayLeadTo(project_.stages[edge.from], id)) return true;
  }
  return !has_chooser;
}

bool ForwardPass::MayHold(const ir::Dependency& edge) const {
  const ir::Stage& from = project_.stages[edge.from];
  const Outlook& outlook = outlooks_[edge.from.index()];
  bool is_skipped_by_itself = from.condition.has_value();
  if (edge.need == ir::Need::After && is_skipped_by_itself) return true;
  if (outlook.runs == Chance::Never) return false;
  if (outlook.succeeds != Chance::Never) return true;
  switch (from.on_error) {
    case ir::OnError::Fail:
      return false;
    case ir::OnError::Continue:
      return edge.need != ir::Need::Output;
    case ir::OnError::Value:
    case ir::OnError::Fallback:
      return true;
  }
  return true;
}

/// Whether its `join` can be met; else, which dependency is to blame.
bool ForwardPass::Joins(const ir::Stage& stage, Outlook& outlook) const {
  if (stage.join == ir::Join::Settled) return true;
  uint32_t hard_count = 0;
  uint32_t lost_count = 0;
  for (uint32_t i = stage.dependencies.first; i < stage.dependencies.end(); ++i) {
    const ir::Dependency& edge = project_.dependencies[i];
    if (edge.kind != ir::DependencyKind::Hard) continue;
    ++hard_count;
    if (MayHold(edge)) continue;
    ++lost_count;
    bool is_echo = outlooks_[edge.from.index()].runs == Chance::Never;
    if (!is_echo && outlook.cause == 0xFFFFFFFF) outlook.cause = i;
  }
  bool is_met =
      stage.join == ir::Join::All ? lost_count == 0 : hard_count == 0 || lost_count < hard_count;
  if (is_met) outlook.cause = 0xFFFFFFFF;
  return is_met;
}

void ForwardPass::Judge(ir::StageId id) {
  const ir::Stage& stage = project_.stages[id];
  Outlook& outlook = outlooks_[id.index()];
  if (stage.verb == ir::Verb::Fail) outlook.succeeds = Chance::Never;
  if (stage.verb == ir::Verb::Assert && stage.value.has_value()) {
    std::optional<Value> constant = FindConstant(project_, stage.value);
    if (constant && !constant->is_true()) outlook.succeeds = Chance::Never;
  }
  bool is_off = false;
  if (stage.condition.has_value()) {
    std::optional<Value> constant = FindConstant(project_, stage.condition);
    is_off = constant && !constant->is_true();
  }
  bool may_run = OwnerRuns(stage) && IsRoutedTo(id, stage) && !is_off;
  if (!may_run || !Joins(stage, outlook)) outlook.runs = Chance::Never;
}

/// What the output and the effects of a workflow depend on.
class BackwardPass {
 public:
  explicit BackwardPass(const ir::Project& project)
      : project_(project), is_useful_(project.stages.size(), false) {}

  std::vector<bool> Run() {
    for (const ir::Workflow& workflow : project_.workflows) MarkReads(workflow.output);
    for (ir::StageId id : project_.stages.ids()) {
      if (HasEffect(project_.stages[id])) Mark(id);
    }
    for (size_t next = 0; next < queue_.size(); ++next) Spread(queue_[next]);
    return std::move(is_useful_);
  }

 private:
  bool HasEffect(const ir::Stage& stage) const {
    bool acts = stage.verb == ir::Verb::Assert || stage.verb == ir::Verb::Fail ||
                stage.verb == ir::Verb::Poison;
    return acts || EffectOf(project_, stage) >= ir::Effect::Write;
  }

  void Mark(ir::StageId id) {
    if (is_useful_[id.index()]) return;
    is_useful_[id.index()] = true;
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

  /// A body gives its owner the output of its one stage, or what its `output` reads.
  void MarkOutput(const ir::Body& body) {
    MarkReads(body.output);
    if (!body.is_single) return;
    for (ir::StageId stage : project_.stages_of(body)) Mark(stage);
  }

  const ir::Project& project_;
  std::vector<bool> is_useful_;
  std::vector<ir::StageId> queue_;
};

std::string_view NeedInWords(ir::Need need) {
  switch (need) {
    case ir::Need::Settled:
    case ir::Need::After:
      return "it waits for";
    case ir::Need::Output:
      return "it needs the output of";
    case ir::Need::Ran:
      return "it needs the end of";
  }
  return "";
}

void ReportUnreachable(PassContext& context, const ir::Stage& stage, uint32_t cause) {
  const ir::Project& project = context.project;
  const ir::Dependency& edge = project.dependencies[cause];
  const ir::Stage& from = project.stages[edge.from];
  context.sink
      .Report(diag::Unreachable, stage.name.span, project.text(stage.path),
              fmt::format("{} `{}`, which always fails", NeedInWords(edge.need),
                          project.text(from.path)))
      .AddNote(edge.span, "it depends on it here")
      .AddNote(from.verb_span, "this always fails");
}

}  // namespace

void CheckReachability(PassContext& context) {
  const ir::Project& project = context.project;
  const QuietStages quiet = FindQuietStages(context);
  const std::vector<Outlook> outlooks = ForwardPass(project, context.graph()).Run();
  const std::vector<bool> is_useful = BackwardPass(project).Run();
  for (ir::StageId id : project.stages.ids()) {
    const ir::Stage& stage = project.stages[id];
    if (quiet.near_finding[id.index()]) continue;
    if (outlooks[id.index()].cause != 0xFFFFFFFF) {
      ReportUnreachable(context, stage, outlooks[id.index()].cause);
    }
    bool is_judged =
        project.workflows[stage.workflow].output.has_value() && !quiet.in_doubt[id.index()];
    if (is_judged && !is_useful[id.index()]) {
      context.sink.Report(diag::DeadEnd, stage.name.span, project.text(stage.path));
    }
  }
}

}  // namespace wfc::passes
