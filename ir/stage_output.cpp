#include "ir/stage_output.h"

#include "ir/builtin_shapes.h"

namespace wfc::ir {

namespace {

using Kind = StageOutput::Kind;

StageOutput OfAgent(const Agent& agent) {
  const bool is_echo = agent.kind == Agent::Kind::Echo;
  if (agent.returns.has_value()) {
    return {
        .kind = Kind::Schema, .schema = agent.returns, .is_echo = is_echo, .input = agent.input};
  }
  switch (agent.kind) {
    case Agent::Kind::Llm:
      return {.kind = Kind::Text};
    case Agent::Kind::Echo:
      return {.kind = Kind::Arguments, .is_echo = true, .input = agent.input};
    case Agent::Kind::Command:
      return {.kind = Kind::Json};
    case Agent::Kind::Codex:
      return {.kind = Kind::Unknown};
  }
  return {};
}

bool IsEcho(const Project& project, const Tool& tool) {
  if (tool.kind != Tool::Kind::Builtin) return false;
  const BuiltinToolInfo* info = FindBuiltinTool(project.text(tool.builtin));
  return info != nullptr && ShapesOf(info->id).returns.empty();
}

/// What a tool yields. Lowering gives built-in tools their shapes as `returns`; only `echo` has
/// none.
StageOutput OfTool(const Project& project, const Tool& tool) {
  const bool is_echo = IsEcho(project, tool);
  if (tool.returns.has_value()) {
    return {.kind = Kind::Schema, .schema = tool.returns, .is_echo = is_echo, .input = tool.input};
  }
  switch (tool.kind) {
    case Tool::Kind::Command:
      return {.kind = Kind::Printed, .command = tool.command};
    case Tool::Kind::Builtin:
      return {.kind = Kind::Arguments, .is_echo = is_echo, .input = tool.input};
    case Tool::Kind::Unsupported:
      return {.kind = Kind::Unknown};
  }
  return {};
}

}  // namespace

StageOutput FindStageOutput(const Project& project, const Stage& stage) {
  switch (stage.verb) {
    case Verb::Agent: {
      const AgentId agent = project.agent_of(stage);
      return agent.has_value() ? OfAgent(project.agents[agent]) : StageOutput();
    }
    case Verb::Tool: {
      const ToolId tool = project.tool_of(stage);
      return tool.has_value() ? OfTool(project, project.tools[tool]) : StageOutput();
    }
    case Verb::Run:
      return {.kind = Kind::Printed, .command = project.command_of(stage)};
    case Verb::Transform:
      return {.kind = Kind::Value};
    case Verb::Decide:
      return {.kind = Kind::Decision};
    case Verb::Assert:
    case Verb::Fail:
      return {.kind = Kind::Nothing};
    case Verb::Poison:
      return {.kind = Kind::Unknown};
  }
  return {};
}

SchemaId FindOutputSchema(const Project& project, const Stage& stage) {
  return stage.returns.has_value() ? stage.returns : FindStageOutput(project, stage).schema;
}

}  // namespace wfc::ir
