#include "frontend/lower/workflows.h"

#include "frontend/lower/defaults.h"
#include "frontend/lower/dependencies.h"
#include "frontend/lower/expressions.h"
#include "frontend/lower/schemas.h"
#include "frontend/lower/stages.h"

namespace wfc::lower {

namespace {

void LowerBodyOutput(Context& context, ir::BodyId id) {
  Id<ms::BodySyntax> syntax_id = context.body_syntax[id.index()];
  if (!syntax_id.has_value()) return;
  const ms::BodySyntax& syntax = context.syntax.bodies.all[syntax_id];
  ir::WorkflowId workflow = context.project.bodies[id].workflow;
  Scope scope{.place = Place::BodyOutput, .workflow = workflow, .body = id};
  ir::ExprId output = LowerValue(context, scope, At(syntax, syntax.output));
  context.project.bodies[id].output = output;
  AddReads(context, scope, output);
}

ir::ModeSet LowerModes(const Context& context, const ms::WorkflowSyntax& syntax) {
  ir::ModeSet modes = ir::Bit(ir::Mode::DryRun);
  if (!syntax.modes.present()) return modes | ir::Bit(context.project.security.mode);
  for (Located text : ListTexts(At(syntax, syntax.modes))) {
    if (const auto mode = ParseWord<ir::Mode>(text.text())) modes |= ir::Bit(*mode);
  }
  return modes;
}

void LowerInput(Context& context, ir::WorkflowId id, const ms::WorkflowSyntax& syntax) {
  ir::Workflow& workflow = context.project.workflows[id];
  const Located input = At(syntax, syntax.input);
  workflow.input = LowerSchema(context, input, workflow.input_span);
  // One that was no schema was reported: of its fields nothing is known.
  const bool is_broken = !input.present() && syntax.input.key.has_value();
  if (is_broken) workflow.input = MakeUnknownSchema(context);
}

void LowerWorkflow(Context& context, ir::WorkflowId id, const ms::WorkflowSyntax& syntax) {
  ir::Workflow& workflow = context.project.workflows[id];
  workflow.returns = LowerSchema(context, At(syntax, syntax.returns), workflow.returns_span);
  workflow.modes = LowerModes(context, syntax);
  if (syntax.modes.present()) workflow.modes_span = At(syntax, syntax.modes).span();
  workflow.is_poisoned = syntax.is_broken || syntax.tree->has_errors();
  Scope scope{.place = Place::WorkflowOutput, .workflow = id, .body = workflow.body};
  workflow.output = LowerValue(context, scope, At(syntax, syntax.output));
  AddReads(context, scope, workflow.output);
  if (syntax.defaults.id.has_value()) {
    CheckWorkflowDefaults(context, context.syntax.defaults.all[syntax.defaults.id]);
  }
}

}  // namespace

void LowerWorkflows(Context& context) {
  LowerVerbs(context);
  std::span<const Id<ms::WorkflowSyntax>> workflows =
      View(context.syntax.workflows, context.syntax.project.workflows.range);
  for (ir::WorkflowId id : context.project.workflows.ids()) {
    LowerInput(context, id, context.syntax.workflows.all[workflows[id.index()]]);
  }
  for (ir::StageId id : context.project.stages.ids()) LowerStage(context, id);
  for (ir::BodyId id : context.project.bodies.ids()) LowerBodyOutput(context, id);
  for (ir::WorkflowId id : context.project.workflows.ids()) {
    LowerWorkflow(context, id, context.syntax.workflows.all[workflows[id.index()]]);
  }
}

}  // namespace wfc::lower
