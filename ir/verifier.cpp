#include "ir/verifier.h"

#include <tuple>

#include <fmt/core.h>

#include "ir/expressions.h"

namespace wfc::ir {

namespace {

class Verifier {
 public:
  explicit Verifier(const Project& project) : project_(project) {}

  std::string Run() {
    for (CommandId id : project_.commands.ids()) VerifyCommand(id);
    for (WorkflowId id : project_.workflows.ids()) VerifyWorkflow(id);
    for (BodyId id : project_.bodies.ids()) VerifyBody(id);
    for (StageId id : project_.stages.ids()) VerifyStage(id);
    VerifyStageOrder();
    VerifyCallees();
    VerifyScopes();
    if (project_.main.has_value()) Check(project_.main, project_.workflows, "main");
    return problem_;
  }

 private:
  void Expect(bool holds, std::string_view what) {
    if (!holds && problem_.empty()) problem_ = fmt::format("{}: {}", where_, what);
  }
  /// An id that must be there.
  template <class IdT, class T>
  bool Check(IdT id, const Store<IdT, T>& store, std::string_view what) {
    bool is_inside = id.has_value() && id.index() < store.size();
    Expect(is_inside, what);
    return is_inside;
  }
  /// An id that may be none.
  template <class IdT, class T>
  void CheckOptional(IdT id, const Store<IdT, T>& store, std::string_view what) {
    if (id.has_value()) Check(id, store, what);
  }
  void CheckExpr(ExprId id, std::string_view what) {
    Expect(!id.has_value() || id.index() < project_.exprs.size(), what);
  }
  template <class Owner>
  void CheckExpressions(const Owner& owner) {
    ForEachExpression(project_, owner,
                      [&](const ExprPlace& place) { CheckExpr(place.id, GetName(place.role)); });
  }
  void CheckSchema(SchemaId id, std::string_view what) {
    Expect(!id.has_value() || id.index() < project_.schemas.size(), what);
  }
  template <class T>
  bool CheckRange(Range range, const std::vector<T>& pool, std::string_view what) {
    bool is_inside = uint64_t{range.first} + range.count <= pool.size();
    Expect(is_inside, what);
    return is_inside;
  }

  void VerifyWorkflow(WorkflowId id);
  void VerifyBody(BodyId id);
  void VerifyStage(StageId id);
  bool HasPayload(const Stage& stage);
  void VerifyPayload(StageId id, const Stage& stage);
  void VerifyWith(const With& with);
  void VerifyRoutes(StageId id, const Stage& stage);
  void VerifyDependencies(StageId id, const Stage& stage);
  void VerifyCommand(CommandId id);
  void VerifyStageOrder();
  void VerifyCallees();
  void VerifyScopes();
  [[nodiscard]] bool IsThere(const ScopeTarget& target) const;

  const Project& project_;
  std::string where_ = "project";
  std::string problem_;
};

void Verifier::VerifyWorkflow(WorkflowId id) {
  const Workflow& workflow = project_.workflows[id];
  where_ = fmt::format("workflow {}", project_.text(workflow.name));
  if (!Check(workflow.body, project_.bodies, "body")) return;
  const Body& body = project_.bodies[workflow.body];
  Expect(body.kind == Body::Kind::Workflow && !body.owner.has_value(), "its body is owned");
  Expect(body.workflow == id, "its body is another workflow's");
  CheckSchema(workflow.input, "input");
  CheckSchema(workflow.returns, "returns");
  CheckExpressions(workflow);
  Expect((workflow.modes & Bit(Mode::DryRun)) != 0, "dry_run is not among its modes");
}

void Verifier::VerifyBody(BodyId id) {
  const Body& body = project_.bodies[id];
  where_ = fmt::format("body {}", id.index());
  if (!Check(body.workflow, project_.workflows, "workflow")) return;
  CheckExpressions(body);
  if (!CheckRange(body.stages, project_.stage_lists, "stages")) return;
  Expect(!body.is_single || body.stages.count <= 1, "a single body has several stages");
  StageId before;
  for (StageId stage : project_.stages_of(body)) {
    if (!Check(stage, project_.stages, "a stage")) return;
    Expect(project_.stages[stage].body == id, "a stage stands in another body");
    Expect(!before.has_value() || before < stage, "stages are not sorted");
    before = stage;
  }
  if (body.kind == Body::Kind::Workflow) {
    Expect(!body.owner.has_value(), "a workflow's body is owned");
    return;
  }
  if (!Check(body.owner, project_.stages, "owner")) return;
  const Stage& owner = project_.stages[body.owner];
  Expect(owner.workflow == body.workflow, "its owner is in another workflow");
  // Owners' bodies come first, so that walking outwards ends.
  Expect(owner.body < id, "its owner stands in a later body");
}

void Verifier::VerifyStage(StageId id) {
  const Stage& stage = project_.stages[id];
  where_ = fmt::format("stage {}", project_.text(stage.path));
  if (!Check(stage.workflow, project_.workflows, "workflow")) return;
  if (!Check(stage.body, project_.bodies, "body")) return;
  Expect(project_.bodies[stage.body].workflow == stage.workflow, "its body is another workflow's");
  CheckSchema(stage.returns, "returns");
  CheckOptional(stage.retry, project_.retries, "retry");
  CheckOptional(stage.fallback, project_.bodies, "fallback");
  Expect((stage.on_error == OnError::Fallback) == stage.fallback.has_value() || stage.is_poison(),
         "on_error and fallback disagree");
  if (stage.fallback.has_value()) {
    Expect(project_.bodies[stage.fallback].owner == id, "its fallback is another's");
  }
  if (!HasPayload(stage)) return;
  VerifyPayload(id, stage);
  if (problem_.empty()) CheckExpressions(stage);
  VerifyDependencies(id, stage);
}

/// Whether the stage's payload exists in the store of its verb.
bool Verifier::HasPayload(const Stage& stage) {
  switch (stage.verb) {
#define WFC_VERB(id, word, payload_type, store, in_plan, callee, fields, yields) \
  case Verb::id:                                                                 \
    return Check(Id<payload_type>(stage.payload), project_.store, "payload");
#include "ir/base/verbs.def"
    case Verb::Poison:
      Expect(stage.payload == Stage::kNoPayload, "a broken stage holds something");
      return stage.payload == Stage::kNoPayload;
  }
  return false;
}

void Verifier::VerifyPayload(StageId id, const Stage& stage) {
  switch (stage.verb) {
    case Verb::Agent: {
      const AgentCall& call = project_.GetAgentCall(stage);
      CheckOptional(call.agent, project_.agents, "agent");
      CheckOptional(call.model, project_.models, "model");
      return VerifyWith(call.with);
    }
    case Verb::Tool: {
      const ToolCall& call = project_.GetToolCall(stage);
      CheckOptional(call.tool, project_.tools, "tool");
      return VerifyWith(call.with);
    }
    case Verb::Decide:
      if (!CheckRange(project_.GetDecide(stage).routes, project_.routes, "routes")) return;
      return VerifyRoutes(id, stage);
    case Verb::Run:  // all commands are verified
    case Verb::Transform:
    case Verb::Assert:
    case Verb::Fail:
    case Verb::Poison:
      return;
  }
}

void Verifier::VerifyWith(const With& with) {
  if (!CheckRange(with.arguments, project_.arguments, "arguments")) return;
  for (const Argument& argument : project_.arguments_of(with)) {
    CheckExpr(argument.value, "an argument");
  }
}

void Verifier::VerifyRoutes(StageId id, const Stage& stage) {
  for (const Route& route : project_.routes_of(stage)) {
    if (route.kind == Route::Kind::Body) {
      if (!Check(route.body, project_.bodies, "a route's body")) return;
      Expect(project_.bodies[route.body].owner == id, "a route's body is another's");
    }
    if (route.kind != Route::Kind::Ids) continue;
    if (!CheckRange(route.stages, project_.stage_lists, "a route's stages")) return;
    for (StageId target : Project::View(project_.stage_lists, route.stages)) {
      if (!Check(target, project_.stages, "a route's stage")) return;
      Expect(project_.stages[target].body == stage.body, "a route leads out of the body");
    }
  }
}

void Verifier::VerifyDependencies(StageId id, const Stage& stage) {
  if (!CheckRange(stage.dependencies, project_.dependencies, "dependencies")) return;
  const Dependency* before = nullptr;
  auto key = [](const Dependency& edge) { return std::tuple(edge.from, edge.kind, edge.need); };
  for (const Dependency& edge : project_.dependencies_of(stage)) {
    Expect(edge.to == id, "a dependency leads elsewhere");
    if (!Check(edge.from, project_.stages, "a dependency")) return;
    Expect(project_.stages[edge.from].workflow == stage.workflow, "a dependency crosses workflows");
    Expect(before == nullptr || key(*before) < key(edge), "dependencies are not sorted");
    bool is_hard = edge.kind == DependencyKind::Hard;
    Expect(is_hard == (edge.need != Need::Settled), "a dependency's need does not fit its kind");
    before = &edge;
  }
}

void Verifier::VerifyCommand(CommandId id) {
  where_ = fmt::format("command {}", id.index());
  const Command& command = project_.commands[id];
  CheckRange(command.ok_exit, project_.integers, "ok_exit");
  CheckRange(command.env, project_.arguments, "env");
  CheckRange(command.reads, project_.security.patterns, "reads");
  CheckRange(command.writes, project_.security.patterns, "writes");
  CheckRange(command.net, project_.security.patterns, "net");
  if (!CheckRange(command.argv, project_.expr_lists, "argv")) return;
  for (ExprId word : Project::View(project_.expr_lists, command.argv)) {
    Expect(word.has_value(), "a word of argv is missing");
  }
  if (problem_.empty()) CheckExpressions(command);
}

void Verifier::VerifyStageOrder() {
  where_ = "stages";
  const Stage* before = nullptr;
  for (const Stage& stage : project_.stages) {
    bool is_sorted = before == nullptr || before->workflow < stage.workflow ||
                     (before->workflow == stage.workflow &&
                      project_.text(before->path) <= project_.text(stage.path));
    Expect(is_sorted, fmt::format("`{}` is out of order", project_.text(stage.path)));
    before = &stage;
  }
}

void Verifier::VerifyCallees() {
  for (const Agent& agent : project_.agents) {
    where_ = fmt::format("agent {}", project_.text(agent.name));
    CheckOptional(agent.model, project_.models, "model");
    CheckOptional(agent.command, project_.commands, "command");
    CheckSchema(agent.input, "input");
    CheckSchema(agent.returns, "returns");
    CheckRange(agent.input_names, project_.string_lists, "input names");
    if (problem_.empty()) CheckExpressions(agent);
  }
  for (const Tool& tool : project_.tools) {
    where_ = fmt::format("tool {}", project_.text(tool.name));
    CheckOptional(tool.command, project_.commands, "command");
    CheckSchema(tool.input, "input");
    CheckSchema(tool.returns, "returns");
    CheckRange(tool.input_names, project_.string_lists, "input names");
  }
  for (const Model& model : project_.models) {
    where_ = fmt::format("model {}", project_.text(model.name));
    CheckRange(model.members, project_.model_members, "members");
    Expect(!model.members.empty(), "a model group without members");
  }
}

bool Verifier::IsThere(const ScopeTarget& target) const {
  switch (static_cast<ScopeKind>(target.index())) {
    case ScopeKind::Project:
      return true;
    case ScopeKind::Workflow:
      return std::get<WorkflowId>(target).index() < project_.workflows.size();
    case ScopeKind::Stage:
      return std::get<StageId>(target).index() < project_.stages.size();
    case ScopeKind::Agent:
      return std::get<AgentId>(target).index() < project_.agents.size();
    case ScopeKind::Tool:
      return std::get<ToolId>(target).index() < project_.tools.size();
  }
  return false;
}

void Verifier::VerifyScopes() {
  where_ = "security";
  const Security& security = project_.security;
  Expect(!security.scopes.empty() && security.scopes.begin()->kind() == Scope::Kind::Project,
         "the project's scope does not come first");
  for (const Scope& scope : security.scopes) {
    CheckRange(scope.allow, security.patterns, "allow");
    CheckRange(scope.deny, security.patterns, "deny");
    Expect(IsThere(scope.target), "a scope's target");
  }
}

}  // namespace

std::string Verify(const Project& project) {
  return Verifier(project).Run();
}

}  // namespace wfc::ir
