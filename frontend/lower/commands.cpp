#include "frontend/lower/commands.h"

#include "frontend/lower/expressions.h"
#include "frontend/lower/security.h"
#include "ir/diag/messages.h"

namespace wfc::lower {

namespace {

Range LowerIntegers(Context& context, Located list) {
  std::vector<int64_t>& integers = context.project.integers;
  auto first = static_cast<uint32_t>(integers.size());
  if (list.present() && list.kind() == yaml::Kind::List) {
    if (list.tree->children(list.node).empty()) {
      context.sink.Report(diag::BadValue, list.span(), "[]",
                          "a list of at least one exit code: no run of the command would succeed");
    }
    for (yaml::NodeId item : list.tree->children(list.node)) {
      if (list.tree->kind(item) == yaml::Kind::Int) integers.push_back(list.tree->AsInt(item));
    }
  } else {
    integers.push_back(0);
  }
  return {first, static_cast<uint32_t>(integers.size()) - first};
}

Range AddNames(Context& context, const std::vector<std::string_view>& names) {
  std::vector<StringId>& lists = context.project.string_lists;
  auto first = static_cast<uint32_t>(lists.size());
  for (std::string_view name : names) lists.push_back(context.Intern(name));
  return {first, static_cast<uint32_t>(names.size())};
}

Range LowerPatternList(Context& context, const Filled<ms::Field>& field,
                       ir::Capability capability) {
  if (!field.present()) return {};
  return AddPatterns(context, field.value(), capability, KeySpan(*field.section, *field.field));
}

}  // namespace

ir::CommandId LowerCommand(Context& context, const Scope& scope, const CommandFields& fields) {
  ir::Command command;
  command.span = fields.argv.span();
  command.argv = LowerArgv(context, scope, fields.argv);
  command.cwd = LowerText(context, scope, fields.cwd.value());
  command.env = LowerEnvironment(context, scope, fields.env.value());
  Located stdin_value = fields.stdin_value.value();
  bool is_json = fields.knows_with && stdin_value.present() &&
                 stdin_value.kind() == yaml::Kind::String && stdin_value.text() == "json";
  command.stdin_is_json = is_json;
  if (!is_json) command.stdin_value = LowerText(context, scope, stdin_value);
  command.ok_exit = LowerIntegers(context, fields.ok_exit.value());
  if (fields.parse.present()) {
    command.parse = fields.parse->decoded;
  }
  command.reads = LowerPatternList(context, fields.reads, ir::Capability::FsRead);
  command.writes = LowerPatternList(context, fields.writes, ir::Capability::FsWrite);
  command.net = LowerPatternList(context, fields.net, ir::Capability::Net);
  if (fields.effect.present()) {
    command.effect = fields.effect->decoded;
    command.declares_effect = true;
    command.effect_span = fields.effect.value().span();
  }
  if (fields.limits.present()) {
    const ms::ToolLimitsSyntax& limits = context.syntax.tool_limits.all[fields.limits->id];
    if (limits.stdout_size.present()) command.stdout_limit = limits.stdout_size.decoded;
  }
  command.is_idempotent = fields.idempotent.present() && fields.idempotent->decoded;
  return context.project.commands.Add(command);
}

DerivedInput AddTakenNames(Context& context, ir::WithReads reads) {
  ir::Normalize(reads);
  DerivedInput taken;
  taken.accepts_any_argument = reads.reads_whole || reads.names.empty();
  taken.names = AddNames(context, reads.names);
  taken.required = AddNames(context, reads.required);
  return taken;
}

}  // namespace wfc::lower
