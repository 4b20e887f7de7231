#include "passes/origin.h"

#include <fmt/format.h>

#include "ir/types/vm/words.h"

namespace wfc::passes {

namespace {

using expr::Op;

Origin OfWorkflowInput(const ir::Project& project, ir::WorkflowId id) {
  const ir::Workflow& workflow = project.workflows[id];
  return {.written = workflow.input_span,
          .pointer = "",
          .name = fmt::format("the input of `{}`", project.text(workflow.name))};
}

template <class Callee>
Origin OfCallee(const ir::Project& project, const Callee& callee, std::string_view kind) {
  return {.written = callee.returns_span,
          .pointer = "",
          .name = fmt::format("the {} `{}`", kind, project.text(callee.name))};
}

Origin OfStage(const ir::Project& project, const ir::Stage& stage) {
  const bool has_own = stage.returns.has_value();
  if (!has_own && stage.agent.has_value()) {
    return OfCallee(project, project.agents[stage.agent], "agent");
  }
  if (!has_own && stage.tool.has_value()) {
    return OfCallee(project, project.tools[stage.tool], "tool");
  }
  return {.written = stage.returns_span,
          .pointer = "",
          .name = fmt::format("the stage `{}`", project.text(stage.path))};
}

/// The name at the start of a path, and where its fields lead to.
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
  } else if (root.kind == RootKind::StageField &&
             static_cast<StageField>(root.b & 0xFF) == StageField::Output) {
    origin = OfStage(project, project.stages[ir::StageId(root.a)]);
  }
  if (origin) origin->pointer = std::move(pointer);
  return origin;
}

ir::ExprId FindWrittenPart(const ir::Project& project, ir::ExprId id, std::string_view& pointer) {
  const expr::ExprStore& store = project.exprs;
  while (!pointer.empty()) {
    std::string_view rest = pointer;
    const std::string step = types::TakePointerStep(rest);
    const std::span<const ir::ExprId> children = store.children(id);
    ir::ExprId part;
    if (store[id].op == Op::Map) {
      for (size_t i = 0; i + 1 < children.size(); i += 2) {
        const bool is_it =
            IsConstText(store, children[i]) && store.constant(children[i]).AsString() == step;
        if (is_it) part = children[i + 1];
      }
    } else if (store[id].op == Op::List) {
      for (size_t i = 0; i < children.size(); ++i) {
        if (std::to_string(i) == step) part = children[i];
      }
    }
    if (!part.has_value() || store[part].op == Op::OptionalElement) break;
    id = part;
    pointer = rest;
  }
  return id;
}

}  // namespace wfc::passes
