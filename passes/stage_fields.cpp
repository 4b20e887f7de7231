#include "passes/stage_fields.h"

namespace wfc::passes {

namespace {

using Visit = llvm::function_ref<void(ir::ExprId)>;

void ForEachOfCommand(const ir::Project& project, const ir::Command& command, Visit visit) {
  for (const ir::ExprId word : ir::Project::View(project.expr_lists, command.argv)) visit(word);
  for (const ir::Argument& variable : ir::Project::View(project.arguments, command.env)) {
    visit(variable.value);
  }
  visit(command.cwd);
  visit(command.stdin_value);
}

}  // namespace

void ForEachField(const ir::Project& project, const ir::Stage& stage,
                  llvm::function_ref<void(ir::ExprId, Moment)> visit) {
  const auto visit_started = [&](ir::ExprId id) {
    if (id.has_value()) visit(id, Moment::Started);
  };
  if (stage.condition.has_value()) visit(stage.condition, Moment::Joined);
  for (const ir::ExprId id : {stage.with, stage.value, stage.message, stage.decide.subject}) {
    visit_started(id);
  }
  for (const ir::Route& route : project.routes_of(stage)) visit_started(route.when);
  if (stage.command.has_value()) {
    ForEachOfCommand(project, project.commands[stage.command], visit_started);
  }
  if (stage.on_error_value.has_value()) visit(stage.on_error_value, Moment::Failed);
}

void ForEachExpression(const ir::Project& project, llvm::function_ref<void(ir::ExprId)> visit) {
  const auto visit_written = [&](ir::ExprId id) {
    if (id.has_value()) visit(id);
  };
  const auto visit_command = [&](ir::CommandId id) {
    if (id.has_value()) ForEachOfCommand(project, project.commands[id], visit_written);
  };
  for (const ir::Agent& agent : project.agents) {
    visit_written(agent.system);
    visit_written(agent.prompt);
    visit_command(agent.command);
  }
  for (const ir::Tool& tool : project.tools) visit_command(tool.command);
  for (const ir::Stage& stage : project.stages) {
    ForEachField(project, stage, [&](ir::ExprId id, Moment) { visit(id); });
    visit_written(stage.prompt);
  }
  for (const ir::Body& body : project.bodies) visit_written(body.output);
  for (const ir::Workflow& workflow : project.workflows) visit_written(workflow.output);
}

}  // namespace wfc::passes
