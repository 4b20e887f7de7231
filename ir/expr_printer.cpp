#include "ir/expr_printer.h"

#include <fmt/core.h>

#include "ir/expr/printer.h"

namespace wfc::ir {

std::string PrintRoot(const Project& project, const Root& root) {
  switch (root.kind) {
    case RootKind::Var:
      return fmt::format("vars.{}", project.text(project.vars[VarId(root.a)].name));
    case RootKind::RunField:
      return fmt::format("run.{}", wfc::GetName(static_cast<RunField>(root.a)));
    case RootKind::StageField:
      return std::string("stages.")
          .append(project.text(project.stages[StageId(root.a)].path))
          .append(".")
          .append(wfc::GetName(StageFieldOf(root)));
    case RootKind::Secret:
      return fmt::format("secret.{}", project.text(project.secrets[SecretId(root.a)].name));
    case RootKind::Input:
    case RootKind::With:
    case RootKind::Error:
    case RootKind::Output:
    case RootKind::Item:
    case RootKind::Index:
    case RootKind::Last:
    case RootKind::Round:
    case RootKind::Param:
    case RootKind::Memory:
    case RootKind::Vars:
      return std::string(wfc::GetName(root.kind));
  }
  return "?";
}

std::string PrintExpr(const Project& project, ExprId id) {
  return expr::PrintExpr(project.exprs, id,
                         [&](const Root& root) { return PrintRoot(project, root); });
}

std::string ShowExpr(const SourceMap& sources, const Project& project, ExprId id) {
  const std::string_view written = sources.text(project.exprs[id].span);
  const bool is_one_line = !written.empty() && written.find('\n') == std::string_view::npos;
  return is_one_line ? std::string(written) : PrintExpr(project, id);
}

}  // namespace wfc::ir
