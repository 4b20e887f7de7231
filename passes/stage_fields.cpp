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

}  // namespace wfc::passes
