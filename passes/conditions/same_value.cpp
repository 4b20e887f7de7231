#include "passes/conditions/same_value.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "ir/expr/reads.h"

namespace wfc::passes {

namespace {

/// The scope in which an expression has the same value each time.
enum class Stability : uint8_t { Nowhere, InStage, InWorkflow };

Stability StabilityOf(const Root& root) {
  switch (root.kind) {
    case RootKind::Input:
    case RootKind::Var:
    case RootKind::Vars:
    case RootKind::StageField:
      return Stability::InWorkflow;
    case RootKind::RunField:
      return static_cast<RunField>(root.a) == RunField::Status ? Stability::Nowhere
                                                               : Stability::InWorkflow;
    default:
      return Stability::InStage;
  }
}

/// Whether the expression uses a name of a loop around it, which has another value in each
/// iteration.
bool HasFreeName(const expr::ExprStore& exprs, ir::ExprId id, std::vector<uint32_t>& bound) {
  const expr::Expr& node = exprs[id];
  if (node.is_constant) return false;
  if (node.op == expr::Op::Binding) return std::ranges::find(bound, node.payload) == bound.end();
  const size_t outside = bound.size();
  bool is_first = true;
  for (const ir::ExprId child : exprs.children(node)) {
    if (HasFreeName(exprs, child, bound)) return true;
    if (is_first && expr::BindsNames(node.op)) bound.push_back(node.payload);
    if (is_first && expr::NamesPairs(node.op)) bound.push_back(node.payload + 1);
    is_first = false;
  }
  bound.resize(outside);
  return false;
}

Stability StabilityOf(const ir::Project& project, ir::ExprId id) {
  std::vector<uint32_t> bound;
  if (HasFreeName(project.exprs, id, bound)) return Stability::Nowhere;
  Stability stability = Stability::InWorkflow;
  expr::ForEachRead(project.exprs, id, [&](const expr::Read& read) {
    stability = std::min(stability, StabilityOf(read.root));
  });
  return stability;
}

std::string MakeKey(std::string_view place, uint32_t number, std::string_view text) {
  const fmt::format_int digits(number);
  std::string key;
  key.reserve(place.size() + digits.size() + 1 + text.size());
  key.append(place).append(digits.data(), digits.size()).append(1, ':').append(text);
  return key;
}

}  // namespace

std::string KeyOf(const ir::Project& project, ir::StageId stage, ir::ExprId id,
                  std::string_view text) {
  switch (StabilityOf(project, id)) {
    case Stability::Nowhere:
      break;
    case Stability::InStage:
      return MakeKey("stage ", stage.index(), text);
    case Stability::InWorkflow:
      return MakeKey("", project.stages[stage].workflow.index(), text);
  }
  return MakeKey("#", id.index(), text);
}

bool IsSameInWorkflow(const ir::Project& project, ir::ExprId id) {
  return StabilityOf(project, id) == Stability::InWorkflow;
}

}  // namespace wfc::passes
