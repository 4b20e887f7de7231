#include "passes/conditions/presence_forms.h"

#include <utility>

#include <fmt/core.h>

#include "ir/base/utf8.h"
#include "ir/expr/compiler.h"
#include "ir/expr/expr.h"
#include "ir/expr/fixed.h"
#include "ir/expr/mirror.h"
#include "ir/expr/reads.h"
#include "ir/expr_printer.h"
#include "passes/flow/constants.h"

namespace wfc::passes {

using expr::Op;

std::optional<Value> FindWritten(const ir::Project& project, ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  if (node.op == Op::Const) return project.exprs.constant(node);
  return expr::IsFixed(project.exprs, id) ? FindConstant(project, id) : std::nullopt;
}

std::optional<Comparison> FindComparison(const ir::Project& project, ir::ExprId id) {
  Op op = project.exprs[id].op;
  const bool is_equality = op == Op::Equal || op == Op::NotEqual || op == Op::In;
  if (!is_equality && !expr::IsOrder(op)) return std::nullopt;
  ir::ExprId left = project.exprs.child(id, 0);
  ir::ExprId right = project.exprs.child(id, 1);
  std::optional<Value> constant = FindWritten(project, right);
  if (!constant && op != Op::In) {
    std::swap(left, right);
    op = Mirror(op);
    constant = FindWritten(project, right);
  }
  if (!constant || constant->is_error() || FindWritten(project, left)) return std::nullopt;
  if (expr::IsOrder(op) && !constant->is_number()) return std::nullopt;
  if (op != Op::In) return Comparison{left, expr::IsOrder(op) ? op : Op::Equal, {*constant}};
  if (constant->kind() != Kind::List) return std::nullopt;
  return Comparison{left, Op::Equal, {constant->items().begin(), constant->items().end()}};
}

bool AsksForEmptyText(const ir::Project& project, ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  if (node.op != Op::Call) return false;
  const auto builtin = static_cast<Builtin>(node.payload);
  const bool asks = builtin == Builtin::Contains || builtin == Builtin::StartsWith ||
                    builtin == Builtin::EndsWith;
  if (!asks) return false;
  const std::optional<Value> text = FindWritten(project, project.exprs.child(id, 1));
  return text && text->is_string() && text->AsString().empty();
}

bool IsEquality(Op op) {
  return op == Op::Equal || op == Op::NotEqual;
}

bool IsLogic(const ir::Project& project, ir::ExprId id) {
  const Op op = project.exprs[id].op;
  return op == Op::Not || op == Op::And || op == Op::Or || op == Op::Has || op == Op::Present ||
         op == Op::In || IsEquality(op) || expr::IsOrder(op) ||
         !FindOptionalTest(project, id).empty();
}

bool IsPath(Op op) {
  return op == Op::Load || op == Op::Select || op == Op::Index;
}

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
  if (project.vars.empty()) return std::nullopt;
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
