// The part of the emitter that writes what nodes call: agents with their models, tools and
// commands.
#include <algorithm>

#include "backend-runtime/codegen/emitter.h"
#include "backend-runtime/plan/words.h"
#include "ir/base/builtin_tools.h"

namespace wfc::codegen {
namespace {

/// The id of a built-in tool; the compiler has checked that it exists.
plan::BuiltinId FindBuiltin(std::string_view name) {
  return plan::BuiltinId(static_cast<uint32_t>(FindBuiltinTool(name)->id));
}

}  // namespace

void Emitter::EmitCallees() {
  for (const ir::ModelId model : reach_.models.ids()) EmitModel(project_.models[model]);
  for (const ir::CommandId command : reach_.commands.ids()) EmitCommand(project_.commands[command]);
  for (const ir::AgentId agent : reach_.agents.ids()) EmitAgent(project_.agents[agent]);
  for (const ir::ToolId tool : reach_.tools.ids()) EmitTool(project_.tools[tool]);
}

/// The model's fixture, restricted to the stages of this workflow, so that the answers for another
/// workflow are not part of this plan.
Value Emitter::FixtureOf(const ir::Model& model) const {
  const ir::ModelMember& member = project_.first_member(model);
  if (member.fixture.kind() != Kind::Map) return Value::Null();
  std::vector<MapEntry> entries;
  for (const ir::StageId stage : layout_.nodes) {
    const std::string_view path = project_.text(project_.stages[stage].path);
    const Value* answers = member.fixture.Find(path);
    if (answers != nullptr) entries.push_back({.key = Value::String(path), .value = *answers});
  }
  return Value::Map(std::move(entries));
}

void Emitter::EmitModel(const ir::Model& model) {
  const Value fixture = FixtureOf(model);
  tables_.models.push_back(fb::Model{project_.first_member(model).max_tokens, AddText(model.name),
                                     fixture.is_null() ? plan::kNone : AddConstant(fixture),
                                     fb::Provider::Scripted});
}

fb::Range Emitter::EmitPatterns(Range patterns) {
  const auto first = static_cast<uint32_t>(tables_.pattern_lists.size());
  for (const ir::PatternEntry& entry : ir::Project::View(project_.security.patterns, patterns)) {
    tables_.pattern_lists.push_back(AddText(entry.pattern));
  }
  return {first, patterns.count};
}

void Emitter::EmitCommand(const ir::Command& command) {
  const fb::Range argv(static_cast<uint32_t>(tables_.program_lists.size()), command.argv.count);
  for (const ir::ExprId word : ir::Project::View(project_.expr_lists, command.argv)) {
    tables_.program_lists.push_back(AddProgram(word));
  }
  const fb::Range env(static_cast<uint32_t>(tables_.env_entries.size()), command.env.count);
  for (const ir::Argument& entry : ir::Project::View(project_.arguments, command.env)) {
    tables_.env_entries.push_back(fb::EnvEntry{AddText(entry.name), AddProgram(entry.value)});
  }
  const fb::Range ok_exit(static_cast<uint32_t>(tables_.integers.size()), command.ok_exit.count);
  const std::span<const int64_t> exits = ir::Project::View(project_.integers, command.ok_exit);
  tables_.integers.insert(tables_.integers.end(), exits.begin(), exits.end());
  const fb::Range reads = EmitPatterns(command.reads);
  const fb::Range writes = EmitPatterns(command.writes);
  const fb::Range net = EmitPatterns(command.net);
  const uint64_t stdout_limit = std::min(
      static_cast<uint64_t>(std::max<int64_t>(command.stdout_limit, 0)), plan::kMaxStdoutBytes);
  if (command.has_dry_run) {
    tables_.dry_runs.push_back(
        fb::DryRun{static_cast<uint32_t>(tables_.commands.size()), AddConstant(command.dry_run)});
  }
  tables_.commands.push_back(fb::Command{
      stdout_limit, argv, env, ok_exit, reads, writes, net, AddProgram(command.cwd),
      command.stdin_is_json ? plan::kNone : AddProgram(command.stdin_value), command.stdin_is_json,
      plan::ToPlan(command.parse), plan::ToPlan(command.effect), command.is_idempotent});
}

void Emitter::EmitAgent(const ir::Agent& agent) {
  const bool is_llm = agent.kind == ir::Agent::Kind::Llm;
  const bool is_command = agent.kind == ir::Agent::Kind::Command;
  const fb::AgentKind kind = is_llm       ? fb::AgentKind::Llm
                             : is_command ? fb::AgentKind::Command
                                          : fb::AgentKind::Echo;
  ir::Effect effect = is_llm ? ir::Effect::Read : ir::Effect::Pure;
  if (is_command) effect = project_.commands[agent.command].effect;
  tables_.agents.push_back(fb::Agent{
      agent.temperature, AddText(agent.name),
      is_llm ? reach_.models.of(agent.model).index() : plan::kNone, AddProgram(agent.system),
      AddProgram(agent.prompt), SchemaOf(agent.input), SchemaOf(agent.returns),
      is_command ? reach_.commands.of(agent.command).index() : plan::kNone, kind,
      plan::ToPlan(effect)});
}

void Emitter::EmitTool(const ir::Tool& tool) {
  const bool is_builtin = tool.kind == ir::Tool::Kind::Builtin;
  tables_.tools.push_back(fb::Tool{
      std::max<int64_t>(tool.timeout_ns, 0), AddText(tool.name),
      is_builtin ? FindBuiltin(project_.text(tool.builtin)).index() : plan::kNone,
      is_builtin ? plan::kNone : reach_.commands.of(tool.command).index(), SchemaOf(tool.input),
      SchemaOf(tool.returns), tool.has_dry_run ? AddConstant(tool.dry_run) : plan::kNone,
      is_builtin ? fb::ToolKind::Builtin : fb::ToolKind::Command, plan::ToPlan(tool.effect),
      plan::ToPlan(tool.risk), plan::ToPlan(tool.trust), tool.is_idempotent});
}

}  // namespace wfc::codegen
