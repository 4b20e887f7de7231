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

/// What `value` holds is the verb's.
ExprRole RoleOfValue(Verb verb) {
  if (verb == Verb::Assert) return ExprRole::Claim;
  return verb == Verb::Fail ? ExprRole::Message : ExprRole::Value;
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
  VisitAt(visit, ExprRole::With, stage.with);
  VisitAt(visit, ExprRole::Prompt, stage.prompt);
  VisitAt(visit, RoleOfValue(stage.verb), stage.value);
  VisitAt(visit, ExprRole::Message, stage.message);
  VisitAt(visit, ExprRole::Subject, stage.decide.subject);
  const auto routes = project.routes_of(stage);
  for (size_t i = 0; i < routes.size(); ++i) VisitAt(visit, ExprRole::Case, routes[i].when, i);
  VisitCommand(project, stage.command, visit);
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
