// S014, S015, S016: checks the effects of stages against what is declared, against what their modes
// forbid, and against the allowed risk.
#include <algorithm>

#include <fmt/core.h>

#include "ir/base/modes.h"
#include "ir/diag/messages.h"
#include "passes/context/pass.h"
#include "passes/grants/needs.h"

namespace wfc::passes {
namespace {

using ir::Effect;

void CheckDeclaration(PassContext& context, const ir::Command& command, const std::string& who) {
  if (!command.declares_effect) return;
  const Effect implied = ir::GetEffectInForce(command);
  if (command.effect >= implied) return;
  const bool is_net = !command.net.empty();
  const ir::PatternEntry& cause =
      context.project.security.patterns[is_net ? command.net.first : command.writes.first];
  context.sink
      .Report(diag::UnderDeclared, command.effect_span, who, Spell(command.effect),
              is_net ? "`net`" : "`writes`", Spell(implied))
      .AddNote(cause.span, is_net ? "a host that it reaches" : "a path that it writes");
}

/// Checks the declared effect of a built-in tool, whose actual effect is known whatever its alias
/// declares.
void CheckBuiltin(PassContext& context, const ir::Tool& tool, const std::string& who) {
  if (!tool.effect_span.has_value() || tool.declared_effect >= tool.effect) return;
  context.sink.Report(diag::UnderDeclared, tool.effect_span, who, Spell(tool.declared_effect),
                      fmt::format("the built-in tool `{}`", context.project.text(tool.builtin)),
                      Spell(tool.effect));
}

/// Checks declared effects of tools and commands. The commands of agents are not checked, since
/// they declare nothing that would imply more than their effect.
void CheckDeclarations(PassContext& context) {
  const ir::Project& project = context.project;
  for (const ir::Tool& tool : project.tools) {
    const std::string who = "tool `" + std::string(project.text(tool.name)) + "`";
    if (tool.command.has_value()) CheckDeclaration(context, project.commands[tool.command], who);
    if (tool.kind == ir::Tool::Kind::Builtin) CheckBuiltin(context, tool, who);
  }
  for (const ir::Stage& stage : project.stages) {
    const ir::Command* command = project.FindCommand(stage);
    if (command == nullptr) continue;
    const std::string who = "stage `" + std::string(project.text(stage.path)) + "`";
    CheckDeclaration(context, *command, who);
  }
}

/// Those of `modes` for which `forbids` is true.
template <class Predicate>
ir::ModeSet Filter(ir::ModeSet modes, Predicate forbids) {
  ir::ModeSet found = 0;
  for (const ir::Mode mode : AllOf<ir::Mode>()) {
    if (forbids(RuleOf(mode))) found |= ir::Bit(mode);
  }
  return found & modes;
}

Span PlaceOf(const ir::Stage& stage) {
  return stage.verb_span.has_value() ? stage.verb_span : stage.span;
}

void AddModeNotes(const PassContext& context, const ir::Stage& stage, diag::Reported& reported) {
  const ir::Workflow& workflow = context.project.workflows[stage.workflow];
  const std::string name(context.project.text(workflow.name));
  reported.AddNote(workflow.modes_span.has_value() ? workflow.modes_span : workflow.name.span,
                   "workflow `" + name + "` may run in " + Describe(workflow.modes));
}

/// Makes at most one finding per stage: its effect if a mode forbids that, otherwise the first
/// capability that a mode forbids.
void CheckModes(PassContext& context, const ir::Stage& stage) {
  const ir::ModeSet modes = ModesOf(context.project, stage);
  const Effect effect = EffectOf(context.project, stage);
  const std::string_view path = context.project.text(stage.path);
  const ir::ModeSet effect_modes =
      Filter(modes, [&](const ModeRule& rule) { return effect > rule.strongest_effect; });
  if (effect_modes != 0) {
    auto reported = context.sink.Report(diag::EffectForbidden, PlaceOf(stage), path, Spell(effect),
                                        Describe(effect_modes));
    AddModeNotes(context, stage, reported);
    return;
  }
  if (Filter(modes, [](const ModeRule& rule) { return rule.forbidden != 0; }) == 0) return;
  for (const Need& need : FindNeeds(context.project, stage)) {
    const ir::ModeSet forbidden = Filter(modes, [&](const ModeRule& rule) {
      if (need.capability == ir::Capability::Exec && rule.allows_reading_exec) return false;
      return (rule.forbidden >> static_cast<unsigned>(need.capability) & 1u) != 0;
    });
    if (forbidden == 0) continue;
    auto reported = context.sink.Report(diag::CapabilityForbidden, PlaceOf(stage), path,
                                        Spell(need.capability), Describe(forbidden));
    AddModeNotes(context, stage, reported);
    return;
  }
}

void CheckRisk(PassContext& context, const ir::Stage& stage) {
  const ir::Risk risk = RiskOf(context.project, stage);
  const ir::Security& security = context.project.security;
  if (risk <= security.max_risk) return;
  auto reported =
      context.sink.Report(diag::TooRisky, PlaceOf(stage), context.project.text(stage.path),
                          Spell(risk), Spell(security.max_risk));
  if (const ir::ToolId id = context.project.tool_of(stage); id.has_value()) {
    const ir::Tool& tool = context.project.tools[id];
    const Span span = tool.risk_span.has_value() ? tool.risk_span : tool.name.span;
    if (span.has_value()) reported.AddNote(span, "the tool's risk: declared, or by its effect");
  }
  if (security.is_safe_mode) {
    reported.AddNote(security.span, "`mode: safe_mode` is `dry_run` with `max_risk: low`");
  } else if (security.is_written) {
    reported.AddNote(security.span, "`max_risk` is a key of `security`; its default is medium");
  }
}

}  // namespace

void CheckEffects(PassContext& context) {
  CheckDeclarations(context);
  context.ForEachStage([&](ir::StageId id) {
    const ir::Stage& stage = context.project.stages[id];
    if (stage.is_poison()) return;
    CheckModes(context, stage);
    CheckRisk(context, stage);
  });
}

}  // namespace wfc::passes
