// Finds all stages of all workflows, gives each its path and number, and each body its stages.
#include <algorithm>
#include <numeric>
#include <tuple>

#include <fmt/core.h>

#include "frontend/lower/stages.h"
#include "ir/diag/messages.h"

namespace wfc::lower {

namespace {

constexpr uint32_t kNone = 0xFFFFFFFF;

/// A body as it was found, before stages are numbered.
struct FoundBody {
  ir::Body::Kind kind = ir::Body::Kind::Workflow;
  ir::WorkflowId workflow;
  uint32_t owner = kNone;  ///< in `stages`
  uint32_t slot = 0;       ///< its place among the bodies of the owner
  std::string_view key;   ///< what names its stage when that has no id: `fallback`, the route's key
  std::string index_key;  ///< backs `key` for a case
  Id<ms::BodySyntax> syntax;  ///< none for a workflow
  Id<ms::RouteSyntax> route;  ///< Route
  Range stages;               ///< in syntax.stages.lists
  bool is_single = false;
  bool is_steps = false;
  Span span;
};

struct FoundStage {
  Id<ms::StageSyntax> syntax;
  uint32_t body = 0;
  StringId path;
};

class Collector {
 public:
  explicit Collector(Context& context) : context_(context), syntax_(context.syntax) {}

  void Run();

 private:
  void AddWorkflows();
  void AddBody(FoundBody body, Id<ms::BodySyntax> id);
  void AddBodiesOf(uint32_t stage);
  void AddRouteBody(uint32_t stage, uint32_t slot, Id<ms::RouteSyntax> route, std::string key);
  void VisitBody(uint32_t body);
  StringId MakePath(const FoundBody& body, std::string_view id);

  void NumberStages();
  void NumberBodies();
  void FillStages();
  void FillBodies();
  void ListStages();
  void AddStepOrder(std::span<const ir::StageId> steps);
  void AddStageName(ir::StageId id);
  void ReportDuplicate(const ir::Stage& left, const ir::Stage& right, std::string_view what,
                       StringId name);

  Context& context_;
  const ms::Syntax& syntax_;
  std::vector<FoundBody> bodies_;
  std::vector<FoundStage> stages_;
  std::vector<uint32_t> stage_order_;   // found stage by StageId
  std::vector<ir::StageId> stage_ids_;  // StageId by found stage
  std::vector<uint32_t> body_order_;    // found body by BodyId
  std::vector<ir::BodyId> body_ids_;    // BodyId by found body
};

void Collector::Run() {
  stages_.reserve(syntax_.stages.all.size());
  // Most stages have a name, and few other texts are kept.
  context_.project.strings.Reserve(context_.project.strings.size() + syntax_.stages.all.size());
  AddWorkflows();
  for (uint32_t i = 0; i < bodies_.size(); ++i) VisitBody(i);
  NumberStages();
  NumberBodies();
  FillStages();
  FillBodies();
  ListStages();
}

void Collector::AddWorkflows() {
  for (Id<ms::WorkflowSyntax> id : View(syntax_.workflows, syntax_.project.workflows.range)) {
    const ms::WorkflowSyntax& workflow = syntax_.workflows.all[id];
    ir::WorkflowId workflow_id = context_.project.workflows.Add(
        {.name = MakeName(context_, workflow), .span = workflow.tree->span(workflow.node)});
    context_.workflows.Add(context_.project.workflows[workflow_id].name.text, workflow_id);
    bool is_steps = workflow.steps.present();
    bodies_.push_back({.workflow = workflow_id,
                       .stages = is_steps ? workflow.steps.range : workflow.stages.range,
                       .is_steps = is_steps,
                       .span = context_.project.workflows[workflow_id].span});
  }
}

StringId Collector::MakePath(const FoundBody& body, std::string_view id) {
  std::string_view last = body.is_single ? body.key : id;
  if (body.owner == kNone) return context_.Intern(last);
  std::string path(context_.project.strings.Get(stages_[body.owner].path));
  path += '.';
  path += last;
  return context_.Intern(path);
}

void Collector::VisitBody(uint32_t index) {
  Range range = bodies_[index].stages;
  uint32_t position = 0;
  for (Id<ms::StageSyntax> id : View(syntax_.stages, range)) {
    std::string_view name = static_cast<const ms::Section&>(syntax_.stages.all[id]).id;
    // A step whose id is missing, which was reported, goes by its place.
    std::string place = name.empty() ? std::to_string(position) : std::string();
    if (name.empty()) name = place;
    ++position;
    stages_.push_back({.syntax = id, .body = index, .path = MakePath(bodies_[index], name)});
    AddBodiesOf(static_cast<uint32_t>(stages_.size() - 1));
  }
}

void Collector::AddBodiesOf(uint32_t stage) {
  const ms::StageSyntax& syntax = syntax_.stages.all[stages_[stage].syntax];
  uint32_t slot = 0;
  for (Id<ms::RouteSyntax> route : View(syntax_.routes, syntax.routes.range)) {
    const ms::RouteSyntax& entry = syntax_.routes.all[route];
    std::string key(entry.key.has_value() ? entry.tree->text(entry.key) : std::string_view());
    AddRouteBody(stage, slot++, route, std::move(key));
  }
  for (Id<ms::CaseSyntax> id : View(syntax_.cases, syntax.decide.range)) {
    const ms::CaseSyntax& entry = syntax_.cases.all[id];
    AddRouteBody(stage, slot, entry.target.id, std::to_string(slot));
    ++slot;
  }
  AddRouteBody(stage, slot++, syntax.default_route.id, "default");
  if (!syntax.on_error.id.has_value()) return;
  const ms::OnErrorSyntax& on_error = syntax_.on_errors.all[syntax.on_error.id];
  if (!on_error.fallback.id.has_value()) return;
  AddBody({.kind = ir::Body::Kind::Fallback, .owner = stage, .slot = slot, .key = "fallback"},
          on_error.fallback.id);
}

void Collector::AddRouteBody(uint32_t stage, uint32_t slot, Id<ms::RouteSyntax> route,
                             std::string key) {
  if (!route.has_value()) return;
  const ms::RouteSyntax& syntax = syntax_.routes.all[route];
  if (syntax.kind != ms::RouteSyntax::Kind::Body || !syntax.body.id.has_value()) return;
  FoundBody body{.kind = ir::Body::Kind::Route, .owner = stage, .slot = slot, .route = route};
  body.index_key = std::move(key);
  AddBody(std::move(body), syntax.body.id);
}

void Collector::AddBody(FoundBody body, Id<ms::BodySyntax> id) {
  const ms::BodySyntax& syntax = syntax_.bodies.all[id];
  body.workflow = bodies_[stages_[body.owner].body].workflow;
  body.syntax = id;
  body.is_single = syntax.is_single;
  body.is_steps = syntax.steps.present();
  body.stages = syntax.is_single ? syntax.single
                : body.is_steps  ? syntax.steps.range
                                 : syntax.stages.range;
  body.span = syntax.tree->span(syntax.node);
  if (body.key.empty()) body.key = context_.project.strings.Get(context_.Intern(body.index_key));
  bodies_.push_back(std::move(body));
}

void Collector::NumberStages() {
  stage_order_.resize(stages_.size());
  std::iota(stage_order_.begin(), stage_order_.end(), 0u);
  auto before = [&](uint32_t left, uint32_t right) {
    const FoundStage& a = stages_[left];
    const FoundStage& b = stages_[right];
    ir::WorkflowId a_workflow = bodies_[a.body].workflow;
    ir::WorkflowId b_workflow = bodies_[b.body].workflow;
    if (a_workflow != b_workflow) return a_workflow < b_workflow;
    if (a.path != b.path) return context_.project.text(a.path) < context_.project.text(b.path);
    return left < right;
  };
  if (!std::is_sorted(stage_order_.begin(), stage_order_.end(), before)) {
    std::sort(stage_order_.begin(), stage_order_.end(), before);
  }
  stage_ids_.resize(stages_.size());
  for (uint32_t i = 0; i < stage_order_.size(); ++i) stage_ids_[stage_order_[i]] = ir::StageId(i);
}

void Collector::NumberBodies() {
  body_order_.resize(bodies_.size());
  std::iota(body_order_.begin(), body_order_.end(), 0u);
  auto key = [&](uint32_t index) {
    const FoundBody& body = bodies_[index];
    // A workflow's own body comes first: no owner sorts before every owner.
    uint32_t owner = body.owner == kNone ? 0 : stage_ids_[body.owner].index() + 1;
    return std::tuple(body.workflow, owner, body.slot);
  };
  std::ranges::sort(body_order_, {}, key);
  body_ids_.resize(bodies_.size());
  for (uint32_t i = 0; i < body_order_.size(); ++i) body_ids_[body_order_[i]] = ir::BodyId(i);
}

void Collector::FillStages() {
  const auto count = static_cast<uint32_t>(stages_.size());
  context_.project.stages.Reserve(count);
  context_.stage_syntax.reserve(count);
  context_.stage_names.reserve(count);
  for (uint32_t found : stage_order_) {
    const FoundStage& entry = stages_[found];
    const FoundBody& body = bodies_[entry.body];
    const ms::Section& section = syntax_.stages.all[entry.syntax];
    ir::Stage stage;
    stage.span = section.tree->span(section.node);
    stage.is_named = !body.is_single && !section.id.empty();
    stage.name = MakeName(context_, section);
    if (body.is_single) stage.name.text = context_.Intern(body.key);
    stage.path = entry.path;
    stage.workflow = body.workflow;
    stage.body = body_ids_[entry.body];
    ir::StageId id = context_.project.stages.Add(stage);
    context_.stage_syntax.push_back(entry.syntax);
    AddStageName(id);
  }
}

void Collector::AddStageName(ir::StageId id) {
  const ir::Project& project = context_.project;
  const ir::Stage& stage = project.stages[id];
  if (id.index() > 0) {
    const ir::Stage& before = project.stages[ir::StageId(id.index() - 1)];
    bool shares_path = before.workflow == stage.workflow && before.path == stage.path;
    if (shares_path && !(before.is_named && stage.is_named)) {
      ReportDuplicate(before, stage, "stage path", stage.path);
      return;
    }
  }
  if (!stage.is_named) return;
  context_.stages_anywhere.Add(stage.name.text, id);
  auto [entry, is_new] =
      context_.stage_names.try_emplace(Context::StageKey(stage.workflow, stage.name.text), id);
  if (!is_new) {
    ReportDuplicate(project.stages[entry->second], stage, "stage id", stage.name.text);
  }
}

/// At the one that is written later.
void Collector::ReportDuplicate(const ir::Stage& left, const ir::Stage& right,
                                std::string_view what, StringId name) {
  bool is_in_order = left.name.span < right.name.span;
  const ir::Stage& first = is_in_order ? left : right;
  const ir::Stage& second = is_in_order ? right : left;
  diag::Reported reported = context_.sink.Report(diag::DuplicateStage, second.name.span, what,
                                                 context_.project.text(name));
  reported.AddNote(first.name.span, "here first");
  const bool are_of_routes = !first.is_named && !second.is_named;
  if (!are_of_routes) return;
  reported.AddNote({},
                   "a route's body that is one stage is named by the text of the route's key, so "
                   "`1` and `\"1\"`, or a key `default` and the stage's own `default`, have the "
                   "same name; leave one out, or give its stage an id: `{stages: {ID: {…}}}`");
}

void Collector::FillBodies() {
  context_.body_syntax.reserve(bodies_.size());
  for (uint32_t found : body_order_) {
    const FoundBody& entry = bodies_[found];
    ir::Body body{.kind = entry.kind,
                  .is_single = entry.is_single,
                  .workflow = entry.workflow,
                  .owner = entry.owner == kNone ? ir::StageId() : stage_ids_[entry.owner],
                  .span = entry.span};
    ir::BodyId id = context_.project.bodies.Add(body);
    context_.body_syntax.push_back(entry.syntax);
    if (entry.kind == ir::Body::Kind::Workflow) {
      context_.project.workflows[entry.workflow].body = id;
    } else if (entry.kind == ir::Body::Kind::Fallback) {
      context_.project.stages[body.owner].fallback = id;
    } else {
      context_.route_bodies[entry.route.index()] = id;
    }
  }
}

void Collector::ListStages() {
  // Stages of a body stand together in what was found, since a body is visited at once.
  std::vector<Range> found_stages(bodies_.size());
  for (uint32_t i = 0; i < stages_.size(); ++i) {
    Range& range = found_stages[stages_[i].body];
    if (range.empty()) range.first = i;
    ++range.count;
  }
  for (uint32_t found : body_order_) {
    Range range = found_stages[found];
    std::vector<ir::StageId>& lists = context_.project.stage_lists;
    auto first = static_cast<uint32_t>(lists.size());
    for (uint32_t i = range.first; i < range.end(); ++i) lists.push_back(stage_ids_[i]);
    if (bodies_[found].is_steps) AddStepOrder(std::span(lists).subspan(first));
    std::ranges::sort(lists.begin() + first, lists.end());
    context_.project.bodies[body_ids_[found]].stages = {first, range.count};
  }
}

void Collector::AddStepOrder(std::span<const ir::StageId> steps) {
  for (size_t i = 1; i < steps.size(); ++i) {
    context_.dependencies.push_back({.from = steps[i - 1],
                                     .to = steps[i],
                                     .kind = ir::DependencyKind::Order,
                                     .need = ir::Need::Settled,
                                     .span = context_.project.stages[steps[i]].name.span});
  }
}

}  // namespace

void CollectStages(Context& context) {
  Collector(context).Run();
}

}  // namespace wfc::lower
