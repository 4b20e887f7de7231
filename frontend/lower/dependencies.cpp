#include "frontend/lower/dependencies.h"

#include <algorithm>
#include <tuple>

#include "ir/diag/messages.h"
#include "ir/expr/reads.h"
#include "ir/graph.h"

namespace wfc::lower {

namespace {

using ir::DependencyKind;
using ir::Need;

/// Makes the stage that contains `body`, directly or through other bodies, and that belongs to the
/// same body as `target` wait for `target`. There is none if `target` is not in an outer body.
void AddWait(Context& context, ir::StageId target, ir::BodyId body, Span span) {
  const ir::Project& project = context.project;
  ir::BodyId target_body = project.stages[target].body;
  while (true) {
    ir::StageId owner = project.bodies[body].owner;
    if (!owner.has_value()) return;
    body = project.stages[owner].body;
    if (body != target_body) continue;
    context.dependencies.push_back({.from = target,
                                    .to = owner,
                                    .kind = DependencyKind::Wait,
                                    .need = Need::Settled,
                                    .span = span});
    return;
  }
}

void AddRead(Context& context, const Scope& scope, const expr::Read& read) {
  ir::StageId target(read.root.a);
  if (context.project.stages[target].body != scope.body) {
    AddWait(context, target, scope.body, read.span);
  }
  if (scope.place != Place::Stage) return;
  Need need = ir::NeedOf(StageFieldOf(read.root));
  if (read.tolerance == expr::Tolerance::Soft) need = Need::Settled;
  context.dependencies.push_back(
      {.from = target,
       .to = scope.stage,
       .kind = need == Need::Settled ? DependencyKind::Soft : DependencyKind::Hard,
       .need = need,
       .span = read.span});
}

auto SortKey(const ir::Dependency& edge) {
  return std::tuple(edge.from, edge.kind, edge.need, edge.span);
}

bool IsSameEdge(const ir::Dependency& left, const ir::Dependency& right) {
  return left.from == right.from && left.kind == right.kind && left.need == right.need;
}

/// Moves the dependencies into the project, grouped by dependent stage.
void GroupByTarget(Context& context) {
  std::vector<uint32_t> begins(context.project.stages.size() + 1, 0);
  for (const ir::Dependency& edge : context.dependencies) ++begins[edge.to.index() + 1];
  for (size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
  context.project.dependencies.resize(context.dependencies.size());
  std::vector<uint32_t> next(begins.begin(), begins.end() - 1);
  for (const ir::Dependency& edge : context.dependencies) {
    context.project.dependencies[next[edge.to.index()]++] = edge;
  }
  for (ir::StageId stage : context.project.stages.ids()) {
    uint32_t first = begins[stage.index()];
    context.project.stages[stage].dependencies = {first, begins[stage.index() + 1] - first};
  }
}

}  // namespace

void AddReads(Context& context, const Scope& scope, ir::ExprId tree) {
  if (!tree.has_value()) return;
  if (context.project.exprs[tree].op == expr::Op::Const) return;
  expr::ForEachRead(context.project.exprs, tree, [&](const expr::Read& read) {
    if (read.root.kind == RootKind::StageField) AddRead(context, scope, read);
  });
}

ir::StageId ResolveSibling(Context& context, const Scope& scope, Located id, std::string_view who) {
  StringId name = context.project.strings.Find(id.text());
  ir::StageId stage = name.has_value() ? context.FindStage(scope.workflow, name) : ir::StageId();
  if (stage.has_value() && context.project.stages[stage].body == scope.body) return stage;
  if (!stage.has_value()) {
    ReportStageNotVisible(context, id.span(), scope.workflow, id.text(), stage);
    return {};
  }
  context.sink.Report(diag::StageOutside, id.span(), id.text(), who)
      .AddNote(context.project.stages[stage].name.span, "it is defined here");
  return {};
}

void AddAfter(Context& context, const Scope& scope, Located after) {
  for (Located id : ListTexts(after)) {
    ir::StageId from = ResolveSibling(context, scope, id, "`after` can");
    if (!from.has_value()) continue;
    context.dependencies.push_back({.from = from,
                                    .to = scope.stage,
                                    .kind = DependencyKind::Hard,
                                    .need = Need::After,
                                    .span = id.span()});
  }
}

void AddControl(Context& context, ir::StageId from, ir::StageId to, Span span) {
  context.dependencies.push_back({.from = from,
                                  .to = to,
                                  .kind = DependencyKind::Control,
                                  .need = Need::Settled,
                                  .span = span});
}

void FinishDependencies(Context& context) {
  GroupByTarget(context);
  std::vector<ir::Dependency>& edges = context.project.dependencies;
  uint32_t kept = 0;
  for (ir::Stage& stage : context.project.stages) {
    auto begin = edges.begin() + stage.dependencies.first;
    auto end = begin + stage.dependencies.count;
    std::sort(begin, end, [](const ir::Dependency& left, const ir::Dependency& right) {
      return SortKey(left) < SortKey(right);
    });
    auto last = std::unique(begin, end, IsSameEdge);
    auto count = static_cast<uint32_t>(last - begin);
    std::move(begin, last, edges.begin() + kept);
    stage.dependencies = {kept, count};
    kept += count;
  }
  edges.resize(kept);
}

}  // namespace wfc::lower
