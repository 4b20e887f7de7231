#include "passes/flow/origin.h"

#include <fmt/core.h>

#include "ir/types/vm/describe.h"

namespace wfc::passes {

namespace {

using expr::Op;

Origin OfWorkflowInput(const ir::Project& project, ir::WorkflowId id) {
  const ir::Workflow& workflow = project.workflows[id];
  return {.kind = Origin::Kind::Schema,
          .written = workflow.input_span,
          .pointer = "",
          .name = fmt::format("the input of `{}`", project.text(workflow.name))};
}

template <class Callee>
Origin OfCallee(const ir::Project& project, const Callee& callee, std::string_view kind) {
  return {.kind = callee.returns_span.has_value() ? Origin::Kind::Schema : Origin::Kind::Unsaid,
          .written = callee.returns_span,
          .pointer = "",
          .name = fmt::format("the {} `{}`", kind, project.text(callee.name))};
}

/// The kind of origin of a command's output, which is text unless `parse` says otherwise.
Origin::Kind KindOfOutput(const ir::Project& project, ir::CommandId command) {
  const bool is_text =
      command.has_value() && project.commands[command].parse == ir::OutputParse::Text;
  return is_text ? Origin::Kind::Printed : Origin::Kind::Unsaid;
}

Origin OfTool(const ir::Project& project, const ir::Tool& tool) {
  Origin origin = OfCallee(project, tool, "tool");
  if (origin.kind == Origin::Kind::Schema) return origin;
  const bool is_builtin = tool.kind == ir::Tool::Kind::Builtin;
  origin.kind = is_builtin ? Origin::Kind::Builtin : KindOfOutput(project, tool.command);
  return origin;
}

std::string NameStage(const ir::Project& project, const ir::Stage& stage) {
  return fmt::format("the stage `{}`", project.text(stage.path));
}

Origin OfStage(const ir::Project& project, const ir::Stage& stage) {
  if (!stage.returns.has_value()) return FindVerbOrigin(project, stage);
  return {.kind = Origin::Kind::Schema,
          .written = stage.returns_span,
          .pointer = "",
          .name = NameStage(project, stage)};
}

Origin OfVariable(const ir::Project& project, const ir::Var& var) {
  return {.kind = Origin::Kind::Variable,
          .written = {},
          .pointer = "",
          .name = fmt::format("the variable `{}`", project.text(var.name))};
}

/// The name at the start of a path. `pointer` receives the JSON pointer of the path's fields.
ir::ExprId FindRoot(const ir::Project& project, ir::ExprId id, std::string& pointer) {
  const expr::ExprStore& store = project.exprs;
  std::vector<std::string> steps;
  while (store[id].op == Op::Select || store[id].op == Op::Index) {
    const expr::Expr& part = store[id];
    if (part.op == Op::Select) {
      steps.emplace_back(store.name(part));
    } else if (IsConstText(store, store.child(id, 1))) {
      steps.emplace_back(store.constant(store.child(id, 1)).AsString());
    } else {
      steps.emplace_back("0");  // whichever item it is
    }
    id = store.child(id, 0);
  }
  for (size_t i = steps.size(); i > 0; --i) types::AppendPointer(pointer, steps[i - 1]);
  return id;
}

/// The stage whose output the name is; none if it is something else.
ir::StageId StageOf(const Root& root) {
  return IsStageOutput(root) ? ir::StageId(root.a) : ir::StageId();
}

/// The value in a literal at the key or index that `step` names; none if there is none.
ir::ExprId FindPart(const expr::ExprStore& store, ir::ExprId literal, std::string_view step) {
  const std::span<const ir::ExprId> children = store.children(literal);
  ir::ExprId part;
  if (store[literal].op == Op::Map) {
    for (size_t i = 0; i + 1 < children.size(); i += 2) {
      const bool is_it =
          IsConstText(store, children[i]) && store.constant(children[i]).AsString() == step;
      if (is_it) part = children[i + 1];
    }
  }
  if (store[literal].op == Op::List) {
    for (size_t i = 0; i < children.size(); ++i) {
      if (std::to_string(i) == step) part = children[i];
    }
  }
  return part;
}

}  // namespace

bool IsPath(const ir::Project& project, ir::ExprId id) {
  const expr::ExprStore& store = project.exprs;
  while (store[id].op == Op::Select || store[id].op == Op::Index) id = store.child(id, 0);
  return store[id].op == Op::Load;
}

std::optional<Origin> FindOrigin(const ir::Project& project, ir::WorkflowId workflow,
                                 ir::ExprId path) {
  std::string pointer;
  const ir::ExprId start = FindRoot(project, path, pointer);
  if (project.exprs[start].op != Op::Load) return std::nullopt;
  const Root& root = project.exprs.root(start);
  std::optional<Origin> origin;
  if (root.kind == RootKind::Input && workflow.has_value()) {
    origin = OfWorkflowInput(project, workflow);
  } else if (root.kind == RootKind::Var) {
    const ir::Var& var = project.vars[ir::VarId(root.a)];
    if (var.environment.has_value()) origin = OfVariable(project, var);
  } else if (const ir::StageId stage = StageOf(root); stage.has_value()) {
    origin = OfStage(project, project.stages[stage]);
  }
  if (origin) origin->pointer = std::move(pointer);
  return origin;
}

ir::StageId FindReadStage(const ir::Project& project, ir::ExprId path) {
  std::string pointer;
  const ir::ExprId start = FindRoot(project, path, pointer);
  return project.exprs[start].op == Op::Load ? StageOf(project.exprs.root(start)) : ir::StageId();
}

Origin FindVerbOrigin(const ir::Project& project, const ir::Stage& stage) {
  const ir::AgentId agent = project.agent_of(stage);
  if (agent.has_value()) return OfCallee(project, project.agents[agent], "agent");
  const ir::ToolId tool = project.tool_of(stage);
  if (tool.has_value()) return OfTool(project, project.tools[tool]);
  return {.kind = KindOfOutput(project, project.command_of(stage)),
          .written = {},
          .pointer = "",
          .name = NameStage(project, stage)};
}

Origin FindPrintOrigin(const ir::Project& project, const ir::Tool& tool) {
  return {.kind = KindOfOutput(project, tool.command),
          .written = {},
          .pointer = "",
          .name = fmt::format("the tool `{}`", project.text(tool.name))};
}

std::optional<Origin> FindRecovery(const ir::Project& project, ir::StageId id,
                                   std::string_view pointer) {
  const ir::Stage& stage = project.stages[id];
  if (!stage.on_error_value.has_value() && !stage.fallback.has_value()) return std::nullopt;
  Origin origin = {.kind = Origin::Kind::Recovery,
                   .written = stage.on_error_span,
                   .pointer = "",
                   .name = "`on_error` of " + NameStage(project, stage)};
  if (stage.on_error_value.has_value()) {
    const ir::ExprId part = FindWrittenPart(project, stage.on_error_value, pointer);
    origin.written = project.exprs[part].span;
    return origin;
  }
  const ir::Body& body = project.bodies[stage.fallback];
  const auto stages = ir::Project::View(project.stage_lists, body.stages);
  std::optional<Origin> inner;
  if (body.is_single && stages.size() == 1) inner = OfStage(project, project.stages[stages[0]]);
  if (body.output.has_value()) inner = FindOrigin(project, stage.workflow, body.output);
  if (!inner) return origin;
  inner->pointer += pointer;
  return inner;
}

ir::ExprId FindWrittenPart(const ir::Project& project, ir::ExprId id, std::string_view& pointer) {
  const expr::ExprStore& store = project.exprs;
  while (!pointer.empty()) {
    std::string_view rest = pointer;
    const std::string step = types::TakePointerStep(rest);
    const ir::ExprId part = FindPart(store, id, step);
    if (!part.has_value() || store[part].op == Op::OptionalElement) break;
    id = part;
    pointer = rest;
  }
  return id;
}

}  // namespace wfc::passes
