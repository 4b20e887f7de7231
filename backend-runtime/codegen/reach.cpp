#include "backend-runtime/codegen/reach.h"

#include "ir/expressions.h"

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
    VisitExpressions(project_.workflows[workflow]);
    for (const ir::BodyId body : layout.regions) VisitExpressions(project_.bodies[body]);
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
    VisitExpressions(stage);
    switch (RuleOf(stage.verb).callee) {
      case Callee::Agent:
        VisitAgent(project_.agent_of(stage));
        return reach_.models.Mark(project_.GetAgentCall(stage).model);
      case Callee::Tool:
        return VisitTool(project_.tool_of(stage));
      case Callee::Command:
        return reach_.commands.Mark(project_.command_of(stage));
      case Callee::None:
        return;
    }
  }

  void VisitAgent(ir::AgentId id) {
    if (reach_.agents.is_marked(id)) return;
    reach_.agents.Mark(id);
    const ir::Agent& agent = project_.agents[id];
    VisitExpressions(agent);
    if (agent.kind == ir::Agent::Kind::Llm) reach_.models.Mark(agent.model);
    if (agent.kind == ir::Agent::Kind::Command) reach_.commands.Mark(agent.command);
  }

  void VisitTool(ir::ToolId id) {
    if (reach_.tools.is_marked(id)) return;
    reach_.tools.Mark(id);
    const ir::Tool& tool = project_.tools[id];
    VisitExpressions(tool);
    if (tool.kind == ir::Tool::Kind::Command) reach_.commands.Mark(tool.command);
  }

  template <class Owner>
  void VisitExpressions(const Owner& owner) {
    ir::ForEachExpression(project_, owner, [&](const ir::ExprPlace& place) { Visit(place.id); });
  }

  /// Marks the variables and secrets that the expression reads. It iterates, because expressions
  /// may be deeply nested.
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
  std::vector<bool> is_visited_;  // indexed by ExprId
};

}  // namespace

Reach FindReach(const ir::Project& project, ir::WorkflowId workflow, const Layout& layout) {
  return Finder(project).Find(workflow, layout);
}

}  // namespace wfc::codegen
