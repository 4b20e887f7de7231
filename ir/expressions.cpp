#include "ir/expressions.h"

namespace wfc::ir {

namespace {

void VisitAt(VisitPlace visit, ExprRole role, ExprId id, size_t part = 0, StringId name = {}) {
  if (id.has_value()) {
    visit({.role = role, .id = id, .part = static_cast<uint32_t>(part), .name = name});
  }
}

void VisitCommand(const Project& project, CommandId id, VisitPlace visit) {
  if (id.has_value()) ForEachExpression(project, project.commands[id], visit);
}

void VisitDecide(const Project& project, const Decide& decide, VisitPlace visit) {
  VisitAt(visit, ExprRole::Subject, decide.subject);
  const auto routes = Project::View(project.routes, decide.routes);
  for (size_t i = 0; i < routes.size(); ++i) VisitAt(visit, ExprRole::Case, routes[i].when, i);
}

void VisitPayload(const Project& project, const Stage& stage, VisitPlace visit) {
  switch (stage.verb) {
    case Verb::Agent: {
      const AgentCall& call = project.GetAgentCall(stage);
      VisitAt(visit, ExprRole::With, call.with.whole);
      return VisitAt(visit, ExprRole::Prompt, call.prompt);
    }
    case Verb::Tool:
      return VisitAt(visit, ExprRole::With, project.GetToolCall(stage).with.whole);
    case Verb::Run:
      return ForEachExpression(project, project.GetCommand(stage), visit);
    case Verb::Transform: {
      const Transform& transform = project.GetTransform(stage);
      return VisitAt(visit, ExprRole::Value, transform.value);
    }
    case Verb::Decide:
      return VisitDecide(project, project.GetDecide(stage), visit);
    case Verb::Assert: {
      const Assert& assertion = project.GetAssert(stage);
      VisitAt(visit, ExprRole::Claim, assertion.condition);
      return VisitAt(visit, ExprRole::Message, assertion.message);
    }
    case Verb::Fail: {
      const Fail& fail = project.GetFail(stage);
      return VisitAt(visit, ExprRole::Message, fail.text);
    }
    case Verb::Poison:
      return;
  }
}

}  // namespace

void ForEachExpression(const Project& project, const Command& command, VisitPlace visit) {
  const auto words = Project::View(project.expr_lists, command.argv);
  for (size_t i = 0; i < words.size(); ++i) VisitAt(visit, ExprRole::Word, words[i], i);
  for (const Argument& variable : Project::View(project.arguments, command.env)) {
    VisitAt(visit, ExprRole::Variable, variable.value, 0, variable.name.text);
  }
  VisitAt(visit, ExprRole::Folder, command.cwd);
  VisitAt(visit, ExprRole::Input, command.stdin_value);
}

void ForEachExpression(const Project& project, const Stage& stage, VisitPlace visit) {
  VisitAt(visit, ExprRole::Condition, stage.condition);
  VisitPayload(project, stage, visit);
  VisitAt(visit, ExprRole::Substitute, stage.on_error_value);
}

void ForEachExpression(const Project& project, const Agent& agent, VisitPlace visit) {
  VisitAt(visit, ExprRole::System, agent.system);
  VisitAt(visit, ExprRole::Prompt, agent.prompt);
  VisitCommand(project, agent.command, visit);
}

void ForEachExpression(const Project& project, const Tool& tool, VisitPlace visit) {
  VisitCommand(project, tool.command, visit);
}

void ForEachExpression(const Project& /*project*/, const Body& body, VisitPlace visit) {
  VisitAt(visit, ExprRole::Output, body.output);
}

void ForEachExpression(const Project& /*project*/, const Workflow& workflow, VisitPlace visit) {
  VisitAt(visit, ExprRole::Output, workflow.output);
}

void ForEachExpression(const Project& project, VisitPlace visit) {
  for (const Agent& agent : project.agents) ForEachExpression(project, agent, visit);
  for (const Tool& tool : project.tools) ForEachExpression(project, tool, visit);
  for (const Stage& stage : project.stages) ForEachExpression(project, stage, visit);
  for (const Body& body : project.bodies) ForEachExpression(project, body, visit);
  for (const Workflow& workflow : project.workflows) ForEachExpression(project, workflow, visit);
}

}  // namespace wfc::ir
