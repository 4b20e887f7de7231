#include "passes/stage_types.h"

#include <algorithm>

namespace wfc::passes {

namespace {

using expr::kDyn;
using expr::KindsOf;
using expr::kNever;
using expr::Type;

Type TypeOfParsed(const StageTypes& stages, const ir::Command& command) {
  const Type text = stages.table.OfKinds(KindsOf(Kind::String));
  const Type json = stages.table.OfSchema(stages.table.sets().any());
  switch (command.parse) {
    case ir::OutputParse::Text:
      return text;
    case ir::OutputParse::Json:
      return json;
    case ir::OutputParse::Jsonl:
      return stages.table.ListOf(json, {});
    case ir::OutputParse::Lines:
      return stages.table.ListOf(text, {});
  }
  return kDyn;
}

Type TypeOfAgent(const StageTypes& stages, const ir::Stage& stage) {
  if (!stage.agent.has_value()) return kDyn;
  const ir::Agent& agent = stages.project.agents[stage.agent];
  if (agent.returns.has_value()) return stages.table.OfSchema(agent.returns);
  switch (agent.kind) {
    case ir::Agent::Kind::Llm:
      return stages.table.OfKinds(KindsOf(Kind::String));
    case ir::Agent::Kind::Echo:
      return FindWithType(stages, stage);
    case ir::Agent::Kind::Codex:
    case ir::Agent::Kind::Command:
      return kDyn;
  }
  return kDyn;
}

Type TypeOfTool(const StageTypes& stages, const ir::Stage& stage) {
  if (!stage.tool.has_value()) return kDyn;
  const ir::Tool& tool = stages.project.tools[stage.tool];
  if (tool.returns.has_value()) return stages.table.OfSchema(tool.returns);
  switch (tool.kind) {
    case ir::Tool::Kind::Command:
      return TypeOfParsed(stages, stages.project.commands[tool.command]);
    case ir::Tool::Kind::Builtin:
      // Only `echo` says nothing of what it yields.
      return FindWithType(stages, stage);
    case ir::Tool::Kind::Unsupported:
      return kDyn;
  }
  return kDyn;
}

/// The output of the body that was chosen; with ids the value, or the index of the case.
Type TypeOfDecide(const StageTypes& stages, const ir::Stage& stage) {
  std::span<const ir::Route> routes = stages.project.routes_of(stage);
  Type bodies = kNever;
  bool has_bodies = false;
  for (const ir::Route& route : routes) {
    if (route.kind != ir::Route::Kind::Body) continue;
    has_bodies = true;
    bodies = stages.table.Unite(bodies, stages.bodies[route.body.index()]);
  }
  if (has_bodies) return bodies;
  if (!stage.decide.is_case_list) {
    return stage.decide.subject.has_value() ? stages.types[stage.decide.subject.index()] : kDyn;
  }
  if (routes.empty()) return kDyn;
  return stages.table.Integer({0, static_cast<int64_t>(routes.size()) - 1}, expr::Precision::Exact);
}

}  // namespace

Type FindWithType(const StageTypes& stages, const ir::Stage& stage) {
  if (!stage.with.has_value()) return stage.with_is_map ? stages.table.RecordOf({}) : kDyn;
  if (!stage.with_is_map) return stages.types[stage.with.index()];
  std::vector<expr::NamedType> fields;
  for (const ir::Argument& argument :
       ir::Project::View(stages.project.arguments, stage.arguments)) {
    fields.push_back(
        {.name = stages.project.text(argument.name), .type = stages.types[argument.value.index()]});
  }
  return stages.table.RecordOf(fields);
}

Type FindVerbType(const StageTypes& stages, const ir::Stage& stage) {
  switch (stage.verb) {
    case ir::Verb::Agent:
      return TypeOfAgent(stages, stage);
    case ir::Verb::Tool:
      return TypeOfTool(stages, stage);
    case ir::Verb::Run:
      return TypeOfParsed(stages, stages.project.commands[stage.command]);
    case ir::Verb::Transform:
      return stage.value.has_value() ? stages.types[stage.value.index()] : kDyn;
    case ir::Verb::Decide:
      return TypeOfDecide(stages, stage);
    case ir::Verb::Assert:
    case ir::Verb::Fail:
      return kNever;
    case ir::Verb::Poison:
      return kDyn;
  }
  return kDyn;
}

}  // namespace wfc::passes
