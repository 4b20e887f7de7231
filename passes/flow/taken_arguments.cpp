#include "passes/flow/taken_arguments.h"

#include "ir/with_reads.h"

namespace wfc::passes {

namespace {

std::vector<std::string_view> NamesIn(const ir::Project& project, Range range) {
  std::vector<std::string_view> names;
  for (StringId id : ir::Project::View(project.string_lists, range)) {
    names.push_back(project.text(id));
  }
  return names;
}

std::optional<TakenArguments> OfSchema(const ir::Project& project, ir::SchemaId schema) {
  std::optional<types::SchemaRegistry::Properties> properties =
      project.schemas.FindProperties(schema);
  if (!properties) return std::nullopt;
  return TakenArguments{.names = properties->names,
                        .required = properties->required,
                        .is_open = !properties->is_closed};
}

template <class Callee>
std::optional<TakenArguments> OfCallee(const ir::Project& project, const Callee& callee) {
  if (callee.input.has_value()) return OfSchema(project, callee.input);
  if (callee.accepts_any_argument) return std::nullopt;
  return TakenArguments{.names = NamesIn(project, callee.input_names),
                        .required = NamesIn(project, callee.required_names)};
}

}  // namespace

std::optional<TakenArguments> FindTaken(const ir::Project& project, const ir::Agent& agent) {
  return OfCallee(project, agent);
}

std::optional<TakenArguments> FindTaken(const ir::Project& project, const ir::Tool& tool) {
  return OfCallee(project, tool);
}

std::optional<TakenArguments> FindTaken(const ir::Project& project, const ir::Stage& stage) {
  if (project.tool_of(stage).has_value())
    return OfCallee(project, project.tools[project.tool_of(stage)]);
  const ir::AgentCall& call = project.GetAgentCall(stage);
  const ir::Agent& agent = project.agents[call.agent];
  if (agent.input.has_value() || !call.prompt.has_value()) return OfCallee(project, agent);
  ir::WithReads reads;
  ir::CollectWithReads(project, agent.system, reads);
  ir::CollectWithReads(project, call.prompt, reads);
  ir::Normalize(reads);
  if (reads.reads_whole || reads.names.empty()) return std::nullopt;
  return TakenArguments{.names = reads.names, .required = reads.required};
}

}  // namespace wfc::passes
