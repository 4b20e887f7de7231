// The routes of a decide: by value or by case, to ids or to bodies.
#include "llvm/ADT/DenseSet.h"

#include "frontend/lower/dependencies.h"
#include "frontend/lower/expressions.h"
#include "frontend/lower/stages.h"
#include "ir/diag/messages.h"

namespace wfc::lower {

namespace {

/// Whether a case without `when` has it under a name that is not known, which was reported: then it
/// is none that always holds.
bool MayHaveCondition(const ms::CaseSyntax& entry) {
  if (entry.when.key.has_value() || entry.tree->kind(entry.node) != yaml::Kind::Map) return false;
  const uint32_t known = entry.target.key.has_value() ? 1 : 0;
  return entry.tree->entry_count(entry.node) > known;
}

class DecideLowering {
 public:
  DecideLowering(Context& context, const Scope& scope, const ms::StageSyntax& syntax)
      : context_(context), scope_(scope), syntax_(syntax) {}

  ir::Decide Run();

 private:
  void AddRoutes();
  void AddCases();
  void AddDefault();
  void AddRoute(Id<ms::RouteSyntax> target, ir::Route route);
  void AddIds(const ms::RouteSyntax& target, ir::Route& route);
  void CheckKind(const ms::RouteSyntax& target);
  void CheckForm();

  Context& context_;
  const Scope& scope_;
  const ms::StageSyntax& syntax_;
  ir::Decide decide_;
  std::vector<ir::Route> routes_;
  Span first_kind_span_;
  ms::RouteSyntax::Kind first_kind_ = ms::RouteSyntax::Kind::None;
  bool is_mixed_ = false;
};

ir::Decide DecideLowering::Run() {
  const Located decide = At(syntax_, syntax_.decide);
  decide_.is_case_list = decide.present() && decide.kind() == yaml::Kind::List;
  CheckForm();
  if (decide_.is_case_list) {
    AddCases();
  } else {
    decide_.subject = LowerExpression(context_, scope_, decide);
    AddRoutes();
    AddDefault();
  }
  auto first = static_cast<uint32_t>(context_.project.routes.size());
  decide_.routes = {first, static_cast<uint32_t>(routes_.size())};
  for (ir::Route& route : routes_) context_.project.routes.push_back(std::move(route));
  return decide_;
}

void DecideLowering::CheckForm() {
  bool has_routes = syntax_.routes.key.has_value();
  bool has_default = syntax_.default_route.key.has_value();
  if (!decide_.is_case_list) {
    // What `decide` says may not have been read, which was reported.
    bool is_known = At(syntax_, syntax_.decide).present() &&
                    !syntax_.tree->has_flag(syntax_.node, yaml::kIncomplete);
    if (!has_routes && is_known) {
      ReportMissingKey(context_, KeySpan(syntax_, syntax_.decide), "a `decide` with an expression",
                       "routes");
    }
    return;
  }
  if (!has_routes && !has_default) return;
  context_.sink.Report(diag::MixedDecide,
                       KeySpan(syntax_, has_routes ? static_cast<const ms::Field&>(syntax_.routes)
                                                   : syntax_.default_route),
                       has_routes ? "routes" : "default");
}

void DecideLowering::AddRoutes() {
  const yaml::Tree& tree = *syntax_.tree;
  std::span<const Id<ms::RouteSyntax>> written = View(context_.syntax.routes, syntax_.routes.range);
  std::vector<Id<ms::RouteSyntax>> sorted(written.begin(), written.end());
  auto key_of = [&](Id<ms::RouteSyntax> id) {
    yaml::NodeId key = context_.syntax.routes.all[id].key;
    return std::pair(tree.text(key), tree.kind(key));
  };
  std::ranges::sort(sorted, {}, key_of);
  const bool is_json = context_.sources.path(tree.file()).ends_with(".json");
  for (Id<ms::RouteSyntax> id : sorted) {
    Located key = {&tree, context_.syntax.routes.all[id].key};
    AddRoute(id, {.has_json_key = is_json, .key = ToValue(key), .span = key.span()});
  }
}

void DecideLowering::AddCases() {
  for (Id<ms::CaseSyntax> id : View(context_.syntax.cases, syntax_.decide.range)) {
    const ms::CaseSyntax& entry = context_.syntax.cases.all[id];
    ir::Route route;
    route.span = entry.tree->span(entry.node);
    route.when = LowerExpression(context_, scope_, At(entry, entry.when));
    if (MayHaveCondition(entry)) route.when = context_.project.exprs.AddPoison(route.span);
    AddRoute(entry.target.id, std::move(route));
  }
}

void DecideLowering::AddDefault() {
  if (!syntax_.default_route.id.has_value()) return;
  AddRoute(syntax_.default_route.id,
           {.is_default = true, .span = KeySpan(syntax_, syntax_.default_route)});
}

void DecideLowering::AddRoute(Id<ms::RouteSyntax> target, ir::Route route) {
  if (target.has_value()) {
    const ms::RouteSyntax& syntax = context_.syntax.routes.all[target];
    CheckKind(syntax);
    if (syntax.kind == ms::RouteSyntax::Kind::Ids) AddIds(syntax, route);
    auto body = context_.route_bodies.find(target.index());
    if (body != context_.route_bodies.end()) {
      route.kind = ir::Route::Kind::Body;
      route.body = body->second;
    }
  }
  routes_.push_back(std::move(route));
}

void DecideLowering::AddIds(const ms::RouteSyntax& target, ir::Route& route) {
  std::vector<ir::StageId> stages;
  llvm::DenseSet<uint32_t> seen;
  for (Located id : ListTexts({target.tree, target.node})) {
    ir::StageId stage = ResolveSibling(context_, scope_, id, "routes can");
    // In the order in which they are written, which is how `.chosen` shows them.
    if (!stage.has_value() || !seen.insert(stage.index()).second) continue;
    stages.push_back(stage);
    AddControl(context_, scope_.stage, stage, id.span());
  }
  std::vector<ir::StageId>& lists = context_.project.stage_lists;
  route.kind = ir::Route::Kind::Ids;
  route.stages = {static_cast<uint32_t>(lists.size()), static_cast<uint32_t>(stages.size())};
  lists.insert(lists.end(), stages.begin(), stages.end());
}

void DecideLowering::CheckKind(const ms::RouteSyntax& target) {
  using Kind = ms::RouteSyntax::Kind;
  if (target.kind == Kind::None || target.is_broken) return;
  Span span = target.tree->span(target.node);
  if (first_kind_ == Kind::None) {
    first_kind_ = target.kind;
    first_kind_span_ = span;
  }
  if (target.kind == first_kind_ || is_mixed_) return;
  is_mixed_ = true;
  context_.sink.Report(diag::MixedRoutes, span)
      .AddNote(first_kind_span_,
               first_kind_ == Kind::Ids ? "this route leads to ids" : "this route is a body");
}

}  // namespace

ir::Decide LowerDecide(Context& context, const Scope& scope, const ms::StageSyntax& syntax) {
  return DecideLowering(context, scope, syntax).Run();
}

}  // namespace wfc::lower
