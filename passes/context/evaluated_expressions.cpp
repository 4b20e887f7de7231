#include "passes/context/evaluated_expressions.h"

namespace wfc::passes {

namespace {

Moment MomentOf(ExprRole role) {
  if (role == ExprRole::Condition) return Moment::Joined;
  return role == ExprRole::Substitute ? Moment::Failed : Moment::Started;
}

}  // namespace

void ForEachEvaluated(const ir::Project& project, const ir::Stage& stage,
                      llvm::function_ref<void(ir::ExprId, Moment)> visit) {
  ir::ForEachExpression(project, stage, [&](const ir::ExprPlace& place) {
    if (place.role != ExprRole::Prompt) visit(place.id, MomentOf(place.role));
  });
}

}  // namespace wfc::passes
