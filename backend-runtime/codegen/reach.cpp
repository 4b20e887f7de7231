#include "backend-runtime/codegen/reach.h"

namespace wfc::codegen {
namespace {

class Finder {
 public:
  explicit Finder(const ir::Project& project)
      : project_(project),
        reach_{.agents = decltype(Reach::agents)(project.agents.size()),
               .tools = decltype(Reach::tools)(project.tools.size()),
               .models = decltype(Reach::models)(project.models.size()),
               .commands = decltype(Reach::commands)(project.commands.size()),
               .vars = decltype(Reach::vars)(project.vars.size()),
               .secrets = decltype(Reach::secrets)(project.secrets.size())},
        is_visited_(project.exprs.size()) {}

  Reach Find(ir::WorkflowId workflow, const Layout& layout) && {
    Visit(project_.workflows[workflow].output);
    for (const ir::BodyId body : layout.regions) Visit(project_.bodies[body].output);
    for (const ir::StageId stage : layout.nodes) VisitStage(project_.stages[stage]);
    reach_.agents.Number();
    reach_.tools.Number();
    reach_.models.Number();
    reach_.commands.Number();
    reach_.vars.Number();
    reach_.secrets.Number();
    return std::move(reach_);
  }

 private:
  void VisitStage(const ir::Stage& stage) {
    for (const ir::ExprId expr : {stage.with, stage.prompt, stage.value, stage.message,
                                  stage.condition, stage.on_error_value}) {
      Visit(expr);
    }
    switch (stage.verb) {
      case ir::Verb::Agent:
        VisitAgent(stage.agent);
        reach_.models.Mark(stage.model);
        break;
      case ir::Verb::Tool:
        VisitTool(stage.tool);
        break;
      case ir::Verb::Run:
        VisitCommand(stage.command);
        break;
      case ir::Verb::Decide:
        Visit(stage.decide.subject);
        for (const ir::Route& route : project_.routes_of(stage)) Visit(route.when);
        break;
      case ir::Verb::Transform:
      case ir::Verb::Assert:
      case ir::Verb::Fail:
      case ir::Verb::Poison:
        break;
    }
  }

  void VisitAgent(ir::AgentId id) {
    if (reach_.agents.is_marked(id)) return;
    reach_.agents.Mark(id);
    const ir::Agent& agent = project_.agents[id];
    Visit(agent.system);
    Visit(agent.prompt);
    if (agent.kind == ir::Agent::Kind::Llm) reach_.models.Mark(agent.model);
    if (agent.kind == ir::Agent::Kind::Command) VisitCommand(agent.command);
  }

  void VisitTool(ir::ToolId id) {
    if (reach_.tools.is_marked(id)) return;
    reach_.tools.Mark(id);
    if (project_.tools[id].kind == ir::Tool::Kind::Command)
      VisitCommand(project_.tools[id].command);
  }

  void VisitCommand(ir::CommandId id) {
    reach_.commands.Mark(id);
    const ir::Command& command = project_.commands[id];
    for (const ir::ExprId word : ir::Project::View(project_.expr_lists, command.argv)) Visit(word);
    for (const ir::Argument& entry : ir::Project::View(project_.arguments, command.env))
      Visit(entry.value);
    Visit(command.cwd);
    Visit(command.stdin_value);
  }

  /// Marks the variables and secrets that the tree reads. Iterates, since trees may be deep.
  void Visit(ir::ExprId id) {
    if (!id.has_value()) return;
    std::vector<ir::ExprId> todo = {id};
    while (!todo.empty()) {
      const ir::ExprId next = todo.back();
      todo.pop_back();
      if (is_visited_[next.index()]) continue;
      is_visited_[next.index()] = true;
      const expr::Expr& expr = project_.exprs[next];
      if (expr.op == expr::Op::Load) MarkRoot(project_.exprs.root(expr));
      const std::span<const ir::ExprId> children = project_.exprs.children(expr);
      todo.insert(todo.end(), children.begin(), children.end());
    }
  }

  void MarkRoot(const Root& root) {
    if (root.kind == RootKind::Var) reach_.vars.Mark(ir::VarId(root.a));
    if (root.kind == RootKind::Secret) reach_.secrets.Mark(ir::SecretId(root.a));
    if (root.kind != RootKind::Vars) return;
    for (const ir::VarId var : project_.vars.ids()) reach_.vars.Mark(var);
  }

  const ir::Project& project_;
  Reach reach_;
  std::vector<bool> is_visited_;  // by expression
};

}  // namespace

Reach FindReach(const ir::Project& project, ir::WorkflowId workflow, const Layout& layout) {
  return Finder(project).Find(workflow, layout);
}

}  // namespace wfc::codegen
