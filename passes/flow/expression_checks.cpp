#include "passes/flow/expression_checks.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expr/cost.h"
#include "ir/expr/kind_findings.h"
#include "ir/expr/type_names.h"
#include "ir/expr/vm/vm.h"
#include "ir/expr_printer.h"
#include "ir/stage_output.h"
#include "passes/flow/fit.h"
#include "passes/flow/origin.h"

namespace wfc::passes {

namespace {

/// The innermost part, from `id` inwards, for which `is_wrong` still holds.
template <class IsWrong>
ir::ExprId FindInnermost(const expr::ExprStore& store, ir::ExprId id, IsWrong is_wrong) {
  while (true) {
    ir::ExprId inner;
    for (ir::ExprId child : store.children(id)) {
      if (!inner.has_value() && is_wrong(child)) inner = child;
    }
    if (!inner.has_value()) return id;
    id = inner;
  }
}

/// The last field of a path; "" if the path ends in an item or the expression is not a path.
std::string_view LastField(const expr::ExprStore& store, ir::ExprId id) {
  const expr::Expr& part = store[id];
  if (part.op == expr::Op::Select) return store.name(part);
  const bool is_named = part.op == expr::Op::Index && IsConstText(store, store.child(id, 1));
  return is_named ? store.constant(store.child(id, 1)).AsString() : std::string_view();
}

/// The origin of the possible absence of the part at `path`: the substitute for a failed stage, if
/// the stage itself always yields the part.
std::optional<Origin> FindOriginOfAbsence(const TypedExpressions& typed, ir::ExprId path) {
  const ir::Project& project = typed.project;
  std::optional<Origin> origin = FindOrigin(project, typed.workflow, path);
  const ir::StageId read = FindReadStage(project, path);
  if (!origin || !read.has_value()) return origin;
  const ir::SchemaId schema = ir::FindOutputSchema(project, project.stages[read]);
  if (!schema.has_value()) return origin;
  const size_t last = std::min(origin->pointer.rfind('/'), origin->pointer.size());
  const ir::SchemaId whole = FindPart(project.schemas, schema, origin->pointer.substr(0, last));
  if (!whole.has_value()) return origin;
  const std::vector<std::string>& required = project.schemas.schema(whole).required;
  const bool is_required =
      std::ranges::find(required, LastField(project.exprs, path)) != required.end();
  if (!is_required) return origin;
  const std::optional<Origin> recovery = FindRecovery(project, read, origin->pointer);
  return recovery ? recovery : origin;
}

/// The possible kinds of the operand of a field or an index access that have no such parts.
expr::KindSet FindPartless(const TypedExpressions& typed, ir::ExprId part) {
  const expr::ExprStore& store = typed.project.exprs;
  const expr::Op op = store[part].op;
  if (op != expr::Op::Select && op != expr::Op::Index) return 0;
  const expr::Type& operand = typed.types[store.child(part, 0)];
  constexpr expr::KindSet kString = expr::KindsOf(Kind::String);
  const expr::KindSet keys =
      op == expr::Op::Index ? typed.types[store.child(part, 1)].kinds : kString;
  expr::KindSet whole = expr::KindsOf(Kind::Optional);
  if ((keys & expr::kNumberKinds) != 0) whole |= expr::KindsOf(Kind::List);
  const bool has_such_keys = (keys & kString) != 0 || !typed.table.KeyOf(operand).IsOnly(kString);
  if (has_such_keys) whole |= expr::KindsOf(Kind::Map);
  return typed.table.SureKindsOf(operand) & ~whole;
}

/// Reports an access to a part of a value that can be null or is not always an object.
void ReportPartless(const TypedExpressions& typed, ir::ExprId part, expr::KindSet odd) {
  const ir::Project& project = typed.project;
  const ir::ExprId operand = project.exprs.child(part, 0);
  const std::string shown = ir::ShowExpr(typed.sources, project, part);
  const std::string_view field = LastField(project.exprs, part);
  diag::Reported reported = expr::ReportKind(
      typed.sink, typed.table, project.exprs[part].span,
      {.shown = fmt::format("`{}`", ir::ShowExpr(typed.sources, project, operand)),
       .subject = "",
       .type = typed.types[operand],
       .odd = odd,
       .rule = field.empty() ? "then has no items" : fmt::format("then has no field `{}`", field),
       .use = shown,
       .is_local = expr::ReadsLocal(project.exprs, operand),
       .instead = fmt::format("supply a value to use instead (`coalesce({}, …)`)", shown)});
  const std::optional<Origin> origin = FindOrigin(project, typed.workflow, operand);
  if (origin && origin->written.has_value() && project.schema_places != nullptr) {
    reported.AddNote(project.schema_places->Find(origin->written, origin->pointer, ""),
                     fmt::format("declared here, in the schema of {}", origin->name));
  }
}

/// Finds the innermost parts of `id`, which may be absent, where something may be missing. Each of
/// these parts is evaluated whatever happens to the others. For a `coalesce`, the first argument
/// represents all.
void FindMissed(const TypedExpressions& typed, ir::ExprId id, std::vector<ir::ExprId>& found) {
  const expr::ExprStore& store = typed.project.exprs;
  const expr::Op op = store[id].op;
  const size_t before = found.size();
  for (ir::ExprId child : store.children(id)) {
    const bool is_tolerated = op == expr::Op::IndexOptional && child == store.child(id, 0);
    if (is_tolerated || !typed.types[child].may_be_absent) continue;
    FindMissed(typed, child, found);
    if (op == expr::Op::Coalesce) break;
  }
  if (found.size() == before) found.push_back(id);
}

void ReportMissed(const TypedExpressions& typed, ir::ExprId at) {
  const ir::Project& project = typed.project;
  const expr::KindSet odd = FindPartless(typed, at);
  if (odd != 0) return ReportPartless(typed, at, odd);
  const std::string shown = ir::ShowExpr(typed.sources, project, at);
  const std::string_view field = LastField(project.exprs, at);
  diag::Reported reported = typed.sink.Report(diag::MayBeMissing, project.exprs[at].span, shown,
                                              field.empty() ? shown : field);
  const std::optional<Origin> origin = FindOriginOfAbsence(typed, at);
  std::string last_way = "require it in the schema";
  if (origin && origin->kind == Origin::Kind::Recovery) {
    reported.AddNote(origin->written, fmt::format("{} leaves it out", origin->name));
    last_way = "add it in " + origin->name;
  } else if (origin && origin->written.has_value() && project.schema_places != nullptr) {
    reported.AddNote(project.schema_places->Find(origin->written, origin->pointer, ""),
                     fmt::format("declared here, in the schema of {}", origin->name));
    last_way += " of " + origin->name;
  }
  const bool has_if = typed.workflow.has_value() && !expr::ReadsLocal(project.exprs, at);
  const std::string in_if = has_if ? fmt::format("`if: has({})`, ", shown) : "";
  reported.AddNote({},
                   fmt::format("to fix it, supply a value to use instead (`coalesce({0}, …)`), ask "
                               "whether it is there ({1}`has({0}) ? {0} : …`), or {2}",
                               shown, in_if, last_way));
}

/// Reports an absence once, even if the same part is missing in several places.
void ReportAbsence(const TypedExpressions& typed, ir::ExprId id) {
  constexpr size_t kMostReported = 8;
  std::vector<ir::ExprId> missed;
  FindMissed(typed, id, missed);
  std::vector<std::string> reported;
  for (ir::ExprId at : missed) {
    const bool is_partless = FindPartless(typed, at) != 0;
    const ir::ExprId whose = is_partless ? typed.project.exprs.child(at, 0) : at;
    std::string shown = ir::ShowExpr(typed.sources, typed.project, whose);
    const bool is_known = std::ranges::find(reported, shown) != reported.end();
    if (is_known || reported.size() == kMostReported) continue;
    reported.push_back(std::move(shown));
    ReportMissed(typed, at);
  }
}

void ReportCost(const TypedExpressions& typed, ir::ExprId id, uint64_t steps) {
  const expr::ExprStore& store = typed.project.exprs;
  const uint64_t most = Budget().steps;
  const ir::ExprId at = FindInnermost(store, id, [&](ir::ExprId child) {
    return expr::CountSteps(store, typed.sizes, typed.types, child) > most;
  });
  typed.sink.Report(diag::TooManySteps, store[at].span, steps, most)
      .AddNote({},
               "to fix it, bound the lists that it goes through (`max: N`), or look things up "
               "in a map in place of a second list");
}

}  // namespace

void CheckExpression(const TypedExpressions& typed, ir::ExprId id) {
  if (typed.types[id].may_be_absent) ReportAbsence(typed, id);
  const ir::Project& project = typed.project;
  if (expr::BoundSteps(project.exprs, typed.sizes, typed.types, id) <= Budget().steps) return;
  const uint64_t steps = expr::CountSteps(project.exprs, typed.sizes, typed.types, id);
  if (steps > Budget().steps) ReportCost(typed, id, steps);
}

void CheckLeaving(const TypedExpressions& typed, ir::ExprId id) {
  const auto is_strange = [&](ir::ExprId part) {
    return !typed.table.FindNonStringKeyedMap(typed.types[part]).IsNever();
  };
  if (!is_strange(id)) return;
  const ir::ExprId at = FindInnermost(typed.project.exprs, id, is_strange);
  const expr::Type map = typed.table.FindNonStringKeyedMap(typed.types[at]);
  typed.sink.Report(diag::NonStringKeys, typed.project.exprs[at].span,
                    expr::NameType(typed.table, typed.table.KeyOf(map)));
}

void ReportEmpty(const TypedExpressions& typed, ir::ExprId id) {
  const std::string shown = ir::ShowExpr(typed.sources, typed.project, id);
  typed.sink.Report(diag::MayBeEmpty, typed.project.exprs[id].span, shown)
      .AddNote({}, fmt::format("to fix it, supply a value to use instead: `{}.orValue(…)`, or "
                               "`coalesce({}, …)`",
                               shown, shown));
}

}  // namespace wfc::passes
