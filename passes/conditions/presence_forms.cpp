#include "passes/conditions/presence_forms.h"

#include <fmt/format.h>

#include "ir/base/utf8.h"
#include "ir/expr/compiler.h"
#include "ir/expr/expr.h"
#include "ir/expr/reads.h"
#include "ir/expr_printer.h"

namespace wfc::passes {

using expr::Op;

std::string PrintPath(const ir::Project& project, ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  if (node.op != Op::Select && node.op != Op::SelectOptional) return ir::PrintExpr(project, id);
  return fmt::format("{}.{}", PrintPath(project, project.exprs.child(id, 0)),
                     project.exprs.name(node));
}

std::string FindOptionalTest(const ir::Project& project, ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  const bool is_test =
      node.op == Op::Call && node.payload == static_cast<uint32_t>(Builtin::HasValue);
  if (!is_test) return "";
  const ir::ExprId field = project.exprs.child(id, 0);
  if (project.exprs[field].op != Op::SelectOptional) return "";
  return fmt::format("has({})", PrintPath(project, field));
}

std::optional<Root> FindStageField(const ir::Project& project, ir::ExprId id, StageField field) {
  const expr::Expr& node = project.exprs[id];
  if (node.op != Op::Load) return std::nullopt;
  const Root& root = project.exprs.root(node);
  const bool is_field = root.kind == RootKind::StageField && StageFieldOf(root) == field;
  return is_field ? std::optional(root) : std::nullopt;
}

std::vector<Value> FindOkExits(const ir::Project& project, const ir::Stage& stage) {
  const ir::ToolId tool = project.tool_of(stage);
  const ir::CommandId command =
      tool.has_value() ? project.tools[tool].command : project.command_of(stage);
  std::vector<Value> exits;
  if (command.has_value()) {
    for (const int64_t code :
         ir::Project::View(project.integers, project.commands[command].ok_exit)) {
      exits.push_back(Value::Int(code));
    }
  }
  if (exits.empty()) exits.push_back(Value::Int(0));
  return exits;
}

std::optional<int64_t> SizeOf(const Value& value) {
  switch (value.kind()) {
    case Kind::String:
      return static_cast<int64_t>(CountCodePoints(value.AsString()));
    case Kind::List:
      return static_cast<int64_t>(value.items().size());
    default:
      return std::nullopt;
  }
}

bool Reads(const ir::Project& project, ir::ExprId path, RootKind kind) {
  while (project.exprs[path].op == Op::Select) path = project.exprs.child(path, 0);
  return project.exprs.root(path).kind == kind;
}

std::optional<Value> FindValueNow(const ir::Project& project, ir::ExprId id) {
  bool reads_vars = false;
  expr::ForEachRead(project.exprs, id,
                    [&](const expr::Read& read) { reads_vars |= read.root.kind == RootKind::Var; });
  if (!reads_vars) return std::nullopt;
  return expr::EvaluatePartial(project.exprs, id, [&](const Root& root) -> std::optional<Value> {
    if (root.kind != RootKind::Var) return std::nullopt;
    const ir::Var& var = project.vars[ir::VarId(root.a)];
    return var.environment.has_value() ? std::nullopt : std::optional(var.value);
  });
}

void ForEachGuard(const ir::Project& project, ir::ExprId id,
                  llvm::function_ref<void(ir::ExprId)> visit) {
  const expr::Expr& node = project.exprs[id];
  if (node.has_poison || !node.has_choice) return;
  const auto children = project.exprs.children(node);
  if (node.op == Op::Conditional) visit(children[0]);
  if (node.op == Op::And || node.op == Op::Or) {
    for (const ir::ExprId child : children) visit(child);
  }
  for (const ir::ExprId child : children) ForEachGuard(project, child, visit);
}

}  // namespace wfc::passes
