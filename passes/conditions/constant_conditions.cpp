// E010: conditions that never change, evaluated before `run.mode` is folded in: those that are
// written as constants, and those whose parts are decided by types.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expressions.h"
#include "passes/conditions/constant_parts.h"
#include "passes/conditions/decide_facts.h"
#include "passes/context/pass.h"
#include "passes/flow/constants.h"

namespace wfc::passes {

namespace {

class ConditionCheck {
 public:
  explicit ConditionCheck(PassContext& context)
      : context_(context), project_(context.project), parts_(context) {
    for (const diag::Diagnostic& finding : context.sink.diagnostics()) {
      for (const diag::Note& note : finding.notes) spoken_of_.insert(note.span);
    }
  }

  void Run() {
    const auto check_callee = [&](const ir::ExprPlace& place) { CheckCallee(place.id); };
    for (const ir::Agent& agent : project_.agents) {
      ir::ForEachExpression(project_, agent, check_callee);
    }
    for (const ir::Tool& tool : project_.tools) {
      ir::ForEachExpression(project_, tool, check_callee);
    }
    context_.ForEachStage([&](ir::StageId id) { CheckStage(id); });
    for (const ir::BodyId id : project_.bodies.ids()) CheckBody(id);
    for (const ir::Workflow& workflow : project_.workflows) {
      CheckParts(workflow.output, "comparison", FieldRole::Value, FindOutputRuns(workflow.body));
    }
  }

 private:
  void CheckCallee(ir::ExprId id) { CheckParts(id, "comparison", FieldRole::Value, {}); }
  void CheckStage(ir::StageId id);
  void CheckDecide(ir::StageId id);
  void CheckBody(ir::BodyId id);
  void CheckCondition(ir::ExprId id, std::string_view field, const EvaluationRuns& runs);
  bool ReportWritten(ir::ExprId id, std::string_view field);
  void CheckParts(ir::ExprId id, std::string_view where, FieldRole role,
                  const EvaluationRuns& runs);
  [[nodiscard]] EvaluationRuns FindOutputRuns(ir::BodyId body);

  PassContext& context_;
  const ir::Project& project_;
  ConstantParts parts_;
  /// The places that other findings name as their causes, and those reported here.
  std::set<Span> spoken_of_;
};

EvaluationRuns ConditionCheck::FindOutputRuns(ir::BodyId id) {
  const ir::StageId owner = project_.bodies[id].owner;
  presence::Analysis& analysis = context_.presence().analysis();
  const presence::World world =
      owner.has_value() ? analysis.world_of(owner) : presence::World::Going;
  return {.when = analysis.of(id, world).completes, .world = world};
}

void ConditionCheck::CheckBody(ir::BodyId id) {
  const ir::Body& body = project_.bodies[id];
  if (!body.owner.has_value()) return;  // the workflow's own
  CheckParts(body.output, "comparison", FieldRole::Value, FindOutputRuns(id));
}

void ConditionCheck::CheckStage(ir::StageId id) {
  if (project_.FindDecide(project_.stages[id]) != nullptr) CheckDecide(id);
  ir::ForEachExpression(project_, project_.stages[id], [&](const ir::ExprPlace& place) {
    switch (place.role) {
      case ExprRole::Condition:
        return CheckCondition(place.id, "if", FindEvaluationRuns(context_, id, Moment::Joined));
      case ExprRole::Claim:
        return CheckCondition(place.id, "assert",
                              FindEvaluationRuns(context_, id, Moment::Started));
      case ExprRole::Prompt:
        return CheckCallee(place.id);
      case ExprRole::Subject:
      case ExprRole::Case:
        return;  // by CheckDecide
      case ExprRole::Substitute:
        return CheckParts(place.id, "comparison", FieldRole::Value,
                          FindEvaluationRuns(context_, id, Moment::Failed));
      default:
        if (!parts_.MayFind(place.id, FieldRole::Value)) return;
        return CheckParts(place.id, "comparison", FieldRole::Value,
                          FindEvaluationRuns(context_, id, Moment::Started));
    }
  });
}

/// Checks the conditions of a decide. Routes that are dead because of a constant subject, and cases
/// behind a constant one, are reported by other checks.
void ConditionCheck::CheckDecide(ir::StageId id) {
  const ir::Stage& stage = project_.stages[id];
  const EvaluationRuns runs = FindEvaluationRuns(context_, id, Moment::Started);
  const DecideFacts facts = FindDecideFacts(project_, context_.types(), stage);
  const bool kills_routes =
      std::ranges::find(facts.fates, RouteFate::OtherConstant) != facts.fates.end();
  if (!kills_routes) {
    const ir::ExprId subject = project_.GetDecide(stage).subject;
    const bool is_written = subject.has_value() && ReportWritten(subject, "decide");
    if (!is_written) CheckParts(subject, "`decide`", FieldRole::Value, runs);
  }
  const std::span<const ir::Route> routes = project_.routes_of(stage);
  std::vector<bool> shadows(routes.size(), false);
  for (const uint32_t cause : facts.causes) {
    if (cause < shadows.size()) shadows[cause] = true;
  }
  for (uint32_t i = 0; i < routes.size(); ++i) {
    const bool is_shadowed = facts.fates[i] == RouteFate::Shadowed;
    if (!shadows[i] && !is_shadowed) CheckCondition(routes[i].when, "when", runs);
  }
}

void ConditionCheck::CheckCondition(ir::ExprId id, std::string_view field,
                                    const EvaluationRuns& runs) {
  if (!id.has_value() || ReportWritten(id, field)) return;
  CheckParts(id, fmt::format("`{}`", field), FieldRole::Condition, runs);
}

/// Reports an expression with the same value whatever is read. An error is a different finding, and
/// so is a condition that is no bool (E003).
bool ConditionCheck::ReportWritten(ir::ExprId id, std::string_view field) {
  const std::optional<Value> constant = FindConstant(project_, id);
  if (!constant) return false;
  const Span span = project_.exprs[id].span;
  const bool is_bool = constant->kind() == Kind::Bool;
  const bool is_wrong = constant->is_error() || (field != "decide" && !is_bool);
  if (is_wrong || !spoken_of_.insert(span).second) return true;
  const std::string_view value = !is_bool ? "the same" : constant->is_true() ? "true" : "false";
  context_.sink.Report(diag::ConstantCondition, span, fmt::format("`{}`", field), value, "");
  return true;
}

void ConditionCheck::CheckParts(ir::ExprId id, std::string_view where, FieldRole role,
                                const EvaluationRuns& runs) {
  for (const ConstantPart& part : parts_.Find(id, where, role, runs)) {
    const Span span = part.span;
    if (!spoken_of_.insert(span).second) continue;
    if (!part.truth) {
      context_.sink.Report(diag::ConstantItem, span, part.why);
      continue;
    }
    const std::string why = part.why.empty() ? "" : ": " + part.why;
    context_.sink.Report(diag::ConstantCondition, span, part.where, *part.truth ? "true" : "false",
                         why);
  }
}

}  // namespace

void CheckConstantConditions(PassContext& context) {
  ConditionCheck(context).Run();
}

}  // namespace wfc::passes
