// Lowers agents, which answer `agent` stages.
#include "frontend/lower/commands.h"
#include "frontend/lower/defaults.h"
#include "frontend/lower/entities.h"
#include "frontend/lower/expressions.h"
#include "frontend/lower/schemas.h"

namespace wfc::lower {

namespace {

class AgentLowering {
 public:
  AgentLowering(Context& context, const ms::AgentSyntax& syntax, ir::AgentId id)
      : context_(context),
        syntax_(syntax),
        defaults_(FindAgentDefaults(context)),
        agent_(context.project.agents[id]),
        scope_{.place = Place::Callee, .agent = id} {}

  void Run() {
    LowerKind();
    LowerModel();
    agent_.input = LowerSchema(context_, Get(&ms::AgentSyntax::input).value(), agent_.input_span);
    LowerTexts();
    if (agent_.kind == AgentKind::Command) LowerProgram();
    FindTaken();
    agent_.returns =
        LowerSchema(context_, Get(&ms::AgentSyntax::returns).value(), agent_.returns_span);
    Filled<ms::NumberField> temperature = Get(&ms::AgentSyntax::temperature);
    if (temperature.present()) agent_.temperature = temperature->decoded;
  }

 private:
  template <class FieldT>
  Filled<FieldT> Get(FieldT ms::AgentSyntax::* member) const {
    return Fill(member, {&syntax_, defaults_});
  }

  void LowerKind();
  void LowerModel();
  void LowerTexts();
  void LowerProgram();
  void FindTaken();

  Context& context_;
  const ms::AgentSyntax& syntax_;
  const ms::AgentSyntax* defaults_;
  ir::Agent& agent_;
  const Scope scope_;
};

void AgentLowering::LowerKind() {
  agent_.is_supported = !syntax_.is_unsupported && !syntax_.is_broken;
  Filled<ms::AgentKindField> kind = Get(&ms::AgentSyntax::kind);
  if (!kind.present()) return;
  agent_.kind = kind->decoded;
  agent_.kind_span = kind.value().span();
  if (!IsLater(agent_.kind)) return;
  agent_.is_supported = false;
  ReportUnsupported(context_, agent_.kind_span,
                    fmt::format("an agent of kind `{}`", Spell(agent_.kind)));
}

void AgentLowering::LowerModel() {
  Filled<ms::ReferenceField> model = Get(&ms::AgentSyntax::model);
  if (agent_.kind != AgentKind::Llm) return;
  if (model.present()) {
    agent_.model = ResolveModel(context_, *model.section, *model.field);
  } else if (!syntax_.model.key.has_value()) {
    agent_.model = DefaultModel(context_);
  }
}

void AgentLowering::LowerTexts() {
  agent_.system = LowerPrompt(context_, scope_, Get(&ms::AgentSyntax::system).value());
  agent_.prompt = LowerPrompt(context_, scope_, Get(&ms::AgentSyntax::prompt).value());
}

void AgentLowering::LowerProgram() {
  Filled<ms::Field> command = Get(&ms::AgentSyntax::command);
  if (!command.present()) {
    bool is_known = !syntax_.command.key.has_value() && !syntax_.is_broken;
    if (is_known) {
      ReportMissingKey(context_, agent_.name.span, "an agent of kind `command`", "command");
    }
    agent_.is_supported = false;
    return;
  }
  CommandFields fields;
  fields.argv = command.value();
  fields.cwd = Get(&ms::AgentSyntax::cwd);
  fields.env = Get(&ms::AgentSyntax::env);
  fields.effect = Get(&ms::AgentSyntax::effect);
  agent_.command = LowerCommand(context_, scope_, fields);
  context_.project.commands[agent_.command].stdin_is_json = true;
}

/// Derives the arguments of an agent without `input` from what its fields read.
void AgentLowering::FindTaken() {
  Filled<ms::Field> input = Get(&ms::AgentSyntax::input);
  bool is_written = input.present() || syntax_.input.key.has_value();
  if (is_written) return;
  ir::WithReads reads;
  ir::CollectWithReads(context_.project, agent_.system, reads);
  ir::CollectWithReads(context_.project, agent_.prompt, reads);
  if (agent_.command.has_value()) {
    // The request on standard input contains all of `with`, but that requires no particular
    // argument.
    bool reads_whole = reads.reads_whole;
    ir::CollectWithReads(context_.project, agent_.command, reads);
    reads.reads_whole = reads_whole;
  }
  DerivedInput taken = AddTakenNames(context_, std::move(reads));
  agent_.accepts_any_argument = taken.accepts_any_argument;
  agent_.input_names = taken.names;
  agent_.required_names = taken.required;
}

}  // namespace

void DeclareAgents(Context& context) {
  for (Id<ms::AgentSyntax> id : View(context.syntax.agents, context.syntax.project.agents.range)) {
    const ms::AgentSyntax& syntax = context.syntax.agents.all[id];
    ir::Agent agent{.name = MakeName(context, syntax), .span = syntax.tree->span(syntax.node)};
    StringId name = agent.name.text;
    context.agents.Add(name, context.project.agents.Add(agent));
  }
}

void LowerAgents(Context& context) {
  uint32_t index = 0;
  for (Id<ms::AgentSyntax> id : View(context.syntax.agents, context.syntax.project.agents.range)) {
    AgentLowering(context, context.syntax.agents.all[id], ir::AgentId(index++)).Run();
  }
}

}  // namespace wfc::lower
