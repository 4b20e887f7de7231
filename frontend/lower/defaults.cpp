#include "frontend/lower/defaults.h"

#include <algorithm>
#include <array>
#include <span>

#include "ir/base/verbs.h"
#include "ir/diag/messages.h"

namespace wfc::lower {

namespace {

/// The supported keys of a stage; the parser has reported all others.
constexpr std::string_view kStageKeyTable[] = {
#define WFC_KEY_Now(key) key,
#define WFC_KEY_Later(key)
#define WFC_STAGE_FIELD(key, member, type, need, since, owners, help) WFC_KEY_##since(key)
#include "frontend/manifest/fields.def"
#undef WFC_KEY_Now
#undef WFC_KEY_Later
};
constexpr std::span<const std::string_view> kStageKeys(kStageKeyTable);

const ms::DefaultsSyntax* Find(const Context& context, const ms::DefaultsField& field) {
  return field.id.has_value() ? &context.syntax.defaults.all[field.id] : nullptr;
}

const ms::StageSyntax* FindRun(const Context& context, const ms::DefaultsSyntax* defaults) {
  bool has_run = defaults != nullptr && defaults->run.id.has_value();
  return has_run ? &context.syntax.stages.all[defaults->run.id] : nullptr;
}

/// The field of the stage itself, otherwise of `defaults.run`, otherwise of `defaults`.
template <class FieldT>
Filled<FieldT> FillCall(const Context& context, const ms::StageSyntax& stage,
                        const StageDefaults& defaults, FieldT ms::StageSyntax::* own,
                        FieldT ms::DefaultsSyntax::* by_default) {
  if ((stage.*own).key.has_value()) return Fill(own, {&stage});
  if (!IsCall(stage.verb)) return {};
  if (RuleOf(stage.verb).callee == Callee::Command) {
    RunDefaults run = FindRunDefaults(context, defaults);
    Filled<FieldT> filled = Fill(own, {run.workflow, run.project});
    if (filled.present()) return filled;
  }
  return Fill(by_default, {defaults.workflow, defaults.project});
}

/// The keys that `defaults.run` may have: those of the verb `run` itself, and those that concern
/// how the command is called. `id`, `if` or `after`, for example, only make sense for one stage.
constexpr std::array<std::string_view, 13> kRunKeys = {
    "cwd", "env",    "stdin",      "ok_exit", "parse",   "reads", "writes",
    "net", "effect", "idempotent", "returns", "timeout", "retry"};

void CheckRunDefaults(Context& context, const ms::DefaultsSyntax& defaults) {
  const ms::StageSyntax* run = FindRun(context, &defaults);
  if (run == nullptr || run->tree->kind(run->node) != yaml::Kind::Map) return;
  std::span<const yaml::NodeId> children = run->tree->children(run->node);
  for (size_t i = 0; i + 1 < children.size(); i += 2) {
    std::string_view key = run->tree->text(children[i]);
    bool is_stage_key = std::ranges::find(kStageKeys, key) != kStageKeys.end();
    bool is_run_key = std::ranges::find(kRunKeys, key) != kRunKeys.end();
    if (is_stage_key && !is_run_key) {
      context.sink.Report(diag::UnknownKey, run->tree->span(children[i]), key, "`defaults.run`",
                          "; it belongs to single stages");
    }
  }
}

}  // namespace

StageDefaults FindStageDefaults(const Context& context, ir::WorkflowId workflow) {
  const ms::ProjectSyntax& project = context.syntax.project;
  Id<ms::WorkflowSyntax> id =
      View(context.syntax.workflows, project.workflows.range)[workflow.index()];
  return {.workflow = Find(context, context.syntax.workflows.all[id].defaults),
          .project = Find(context, project.defaults)};
}

RunDefaults FindRunDefaults(const Context& context, const StageDefaults& defaults) {
  return {.workflow = FindRun(context, defaults.workflow),
          .project = FindRun(context, defaults.project)};
}

Filled<ms::DurationField> FillTimeout(const Context& context, const ms::StageSyntax& stage,
                                      const StageDefaults& defaults) {
  return FillCall(context, stage, defaults, &ms::StageSyntax::timeout,
                  &ms::DefaultsSyntax::timeout);
}

Filled<ms::RetryField> FillRetry(const Context& context, const ms::StageSyntax& stage,
                                 const StageDefaults& defaults) {
  return FillCall(context, stage, defaults, &ms::StageSyntax::retry, &ms::DefaultsSyntax::retry);
}

void CheckProjectDefaults(Context& context) {
  const ms::DefaultsSyntax* defaults = Find(context, context.syntax.project.defaults);
  if (defaults != nullptr) CheckRunDefaults(context, *defaults);
}

void CheckWorkflowDefaults(Context& context, const ms::DefaultsSyntax& defaults) {
  CheckRunDefaults(context, defaults);
  if (!defaults.agent.key.has_value()) return;
  // Agents belong to the project: if two workflows filled one in differently, it would become two
  // agents.
  ReportUnsupported(context, KeySpan(defaults, defaults.agent), "`defaults.agent` of a workflow");
}

const ms::AgentSyntax* FindAgentDefaults(const Context& context) {
  const ms::DefaultsSyntax* defaults = Find(context, context.syntax.project.defaults);
  bool has_agent = defaults != nullptr && defaults->agent.id.has_value();
  return has_agent ? &context.syntax.agents.all[defaults->agent.id] : nullptr;
}

}  // namespace wfc::lower
