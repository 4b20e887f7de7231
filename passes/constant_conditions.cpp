// E010: conditions that never change, judged before `run.mode` is folded in.
#include <algorithm>

#include "passes/constants.h"
#include "passes/decide_facts.h"
#include "passes/pass.h"

namespace wfc::passes {

namespace {

std::string_view Describe(const Value& value) {
  if (value.is_true()) return "true";
  if (value.is_false()) return "false";
  return value.is_error() ? "an error" : "the same";
}

void CheckCondition(PassContext& context, ir::ExprId id, std::string_view field) {
  if (!id.has_value()) return;
  std::optional<Value> constant = FindConstant(context.project, id);
  if (!constant) return;
  context.sink.Report(diag::ConstantCondition, context.project.exprs[id].span, field,
                      Describe(*constant));
}

/// Routes that are dead because of the constant, and cases behind it, are what is reported then.
void CheckDecide(PassContext& context, const ir::Stage& stage) {
  const DecideFacts facts = FindDecideFacts(context.project, stage);
  bool kills_routes = std::ranges::find(facts.fates, RouteFate::OtherConstant) != facts.fates.end();
  if (!kills_routes) CheckCondition(context, stage.decide.subject, "decide");
  std::span<const ir::Route> routes = context.project.routes_of(stage);
  for (uint32_t i = 0; i < routes.size(); ++i) {
    bool shadows = std::ranges::find(facts.causes, i) != facts.causes.end();
    bool is_shadowed = facts.fates[i] == RouteFate::Shadowed;
    if (!shadows && !is_shadowed) CheckCondition(context, routes[i].when, "when");
  }
}

}  // namespace

void CheckConstantConditions(PassContext& context) {
  for (const ir::Stage& stage : context.project.stages) {
    CheckCondition(context, stage.condition, "if");
    if (stage.verb == ir::Verb::Assert) CheckCondition(context, stage.value, "assert");
    if (stage.verb == ir::Verb::Decide) CheckDecide(context, stage);
  }
}

}  // namespace wfc::passes
