#include "passes/flow/stage_types.h"

#include <algorithm>
#include <optional>

#include "ir/base/builtin_tools.h"
#include "ir/stage_output.h"
#include "ir/types/filled_schema.h"
#include "ir/types/filled_values.h"

namespace wfc::passes {

namespace {

using expr::kDyn;
using expr::KindsOf;
using expr::kNever;
using expr::Type;

/// The type of any JSON value, as for data from outside.
Type AnyJson(expr::TypeTable& table) {
  return table.OfSchema(table.sets().registry().Derive({}));
}

/// The type of one argument, without computing a type for all of them.
expr::FieldType FindArgumentType(const StageTypes& stages, const ir::Stage& stage,
                                 std::string_view name) {
  const ir::With& with = *stages.project.FindWith(stage);
  if (!with.is_map) return stages.table.FieldOf(FindWithType(stages, stage), name);
  for (const ir::Argument& argument : stages.project.arguments_of(with)) {
    if (stages.project.text(argument.name) != name) continue;
    const bool is_left_out = stages.left_out[argument.value];
    return {.presence = is_left_out ? expr::Presence::Optional : expr::Presence::Always,
            .type = stages.types[argument.value]};
  }
  return {.presence = expr::Presence::Never, .type = kNever};
}

/// The most items that a built-in tool lists in this call; none if that is not known.
std::optional<uint32_t> FindListBound(const StageTypes& stages, const ir::Stage& stage,
                                      const ir::Tool& tool, std::string_view limit) {
  const expr::FieldType given = FindArgumentType(stages, stage, limit);
  std::optional<int64_t> most;
  if (given.presence == expr::Presence::Always) {
    most = stages.table.BoundsOf(given.type).most;
  } else if (given.presence == expr::Presence::Never) {
    const ir::SchemaId property = stages.project.schemas.FindProperty(tool.input, limit);
    const std::optional<Value>& by_default = stages.project.schemas.schema(property).default_value;
    if (by_default && by_default->kind() == Kind::Int) most = by_default->AsInt();
  }
  if (!most || *most < 0 || *most > UINT32_MAX) return std::nullopt;
  return static_cast<uint32_t>(*most);
}

/// The shape `declared`, of which the list `name` holds at most `most` items.
ir::SchemaId BoundList(const types::SchemaRegistry& registry, ir::SchemaId declared,
                       std::string_view name, uint32_t most) {
  types::Schema returns = registry.schema(declared);
  for (auto& [key, property] : returns.properties) {
    if (key != name) continue;
    types::Schema list = registry.schema(property);
    list.max_items = most;
    property = registry.Derive(list);
  }
  return registry.Derive(returns);
}

/// The shape of a built-in that lists, with the bound for the length of the list; any other schema
/// unchanged.
ir::SchemaId WithListBound(const StageTypes& stages, const ir::Stage& stage,
                           ir::SchemaId declared) {
  const ir::ToolId id = stages.project.tool_of(stage);
  if (!id.has_value()) return declared;
  const ir::Tool& tool = stages.project.tools[id];
  const bool is_own = tool.kind == ir::Tool::Kind::Builtin && !tool.returns_span.has_value();
  const BuiltinToolInfo* info =
      is_own ? FindBuiltinTool(stages.project.text(tool.builtin)) : nullptr;
  if (info == nullptr || info->list.empty()) return declared;
  const std::optional<uint32_t> most = FindListBound(stages, stage, tool, info->limit);
  if (!most) return declared;
  ir::SchemaId& bounded = stages.listings[{id.index(), *most}];
  if (!bounded.has_value()) {
    bounded = BoundList(stages.project.schemas, declared, info->list, *most);
  }
  return bounded;
}

/// The type of a decide: the output of the body that was chosen, or with ids the decided value or
/// the index of the case.
Type TypeOfDecide(const StageTypes& stages, const ir::Stage& stage) {
  std::span<const ir::Route> routes = stages.project.routes_of(stage);
  Type bodies = kNever;
  bool has_bodies = false;
  for (const ir::Route& route : routes) {
    if (route.kind != ir::Route::Kind::Body) continue;
    has_bodies = true;
    bodies = stages.table.Join(bodies, stages.bodies[route.body]);
  }
  if (has_bodies) return bodies;
  const ir::Decide& decide = stages.project.GetDecide(stage);
  if (!decide.is_case_list) {
    return decide.subject.has_value() ? stages.types[decide.subject] : kDyn;
  }
  if (routes.empty()) return kDyn;
  return stages.table.Integer({0, static_cast<int64_t>(routes.size()) - 1}, expr::Precision::Exact);
}

/// The type of an echo: what its arguments become when the missing defaults of its input are filled
/// in. Where it is not known that they fit the input then, that of all values that do.
Type TypeOfEcho(const StageTypes& stages, const ir::Stage& stage, ir::SchemaId input) {
  const types::SchemaRegistry& registry = stages.project.schemas;
  const Type given = FindWithType(stages, stage);
  if (!input.has_value() || !types::HasDefaults(registry, input)) return given;
  const ir::SchemaId schema = stages.table.SchemaOf(stages.table.AsData(given));
  if (schema.has_value()) {
    const ir::SchemaId filled = types::FindFilledValues(registry, schema, input);
    const bool fits = registry.FindContainment(filled, input).verdict == types::Containment::Yes;
    if (fits) return stages.table.OfSchema(filled);
  }
  return stages.table.OfSchema(types::FindFilledSchema(registry, input));
}

/// The path of the value that the stage passes on unchanged; none if it yields anything else.
ir::ExprId FindPassedOn(const ir::Project& project, const ir::Stage& stage) {
  ir::ExprId path;
  if (const ir::Transform* transform = project.FindTransform(stage)) path = transform->value;
  const ir::Decide* decide = project.FindDecide(stage);
  const bool leads_to_ids = std::ranges::none_of(
      project.routes_of(stage),
      [](const ir::Route& route) { return route.kind == ir::Route::Kind::Body; });
  if (decide != nullptr && !decide->is_case_list && leads_to_ids) path = decide->subject;
  if (!path.has_value()) return {};
  ir::ExprId start = path;
  while (project.exprs[start].op == expr::Op::Select) start = project.exprs.child(start, 0);
  if (project.exprs[start].op != expr::Op::Load) return {};
  // A value that a profile may change keeps its declared type.
  const RootKind root = project.exprs.root(start).kind;
  const bool is_kept = root == RootKind::Input || root == RootKind::StageField;
  return is_kept ? path : ir::ExprId();
}

}  // namespace

Type FindOwnType(const StageTypes& stages, const ir::Stage& stage, const Type& yields) {
  if (!stage.returns.has_value()) return yields;
  const Type declared = stages.table.OfSchema(stage.returns);
  const bool is_known = !yields.IsDyn() && !yields.IsNever() && yields.IsOnly(expr::kJsonKinds) &&
                        stages.table.ConstantOf(yields) == nullptr;
  if (!is_known || !FindPassedOn(stages.project, stage).has_value()) return declared;
  const ir::SchemaId schema = stages.table.SchemaOf(yields);
  if (!schema.has_value() || schema == stage.returns) return declared;
  const types::SchemaRegistry& registry = stages.project.schemas;
  using types::Containment;
  if (registry.FindContainment(stage.returns, schema).verdict == Containment::Yes) return declared;
  if (registry.FindContainment(schema, stage.returns).verdict == Containment::Yes) return yields;
  const Type both = stages.table.OfSchema(stages.table.sets().Meet(stage.returns, schema));
  return both.IsNever() ? declared : both;
}

Type FindPrintedType(expr::TypeTable& table, const ir::Command& command) {
  switch (command.parse) {
    case ir::OutputParse::Text:
      return table.AnyText();
    case ir::OutputParse::Json:
      return AnyJson(table);
    case ir::OutputParse::Jsonl:
      return table.ListOf(AnyJson(table), {});
    case ir::OutputParse::Lines:
      return table.ListOf(table.AnyText(), {});
  }
  return kDyn;
}

Type FindWithType(const StageTypes& stages, const ir::Stage& stage) {
  const ir::With* with = stages.project.FindWith(stage);
  if (with == nullptr) return stages.table.RecordOf({});
  if (!with->whole.has_value()) return with->is_map ? stages.table.RecordOf({}) : kDyn;
  if (!with->is_map) return stages.types[with->whole];
  std::vector<expr::NamedType> fields;
  for (const ir::Argument& argument : stages.project.arguments_of(*with)) {
    const bool is_left_out = stages.left_out[argument.value];
    fields.push_back({.name = stages.project.text(argument.name),
                      .type = stages.types[argument.value],
                      .presence = is_left_out ? expr::Presence::Optional : expr::Presence::Always});
  }
  return stages.table.RecordOf(fields);
}

Type FindVerbType(const StageTypes& stages, const ir::Stage& stage) {
  using Kind = ir::StageOutput::Kind;
  const ir::StageOutput output = ir::FindStageOutput(stages.project, stage);
  switch (output.kind) {
    case Kind::Schema:
      return stages.table.OfSchema(WithListBound(stages, stage, output.schema));
    case Kind::Text:
      return stages.table.AnyText();
    case Kind::Json:
      return AnyJson(stages.table);
    case Kind::Printed:
      return FindPrintedType(stages.table, stages.project.commands[output.command]);
    case Kind::Arguments:
      return TypeOfEcho(stages, stage, output.input);
    case Kind::Value: {
      const ir::ExprId value = stages.project.GetTransform(stage).value;
      return value.has_value() ? stages.types[value] : kDyn;
    }
    case Kind::Decision:
      return TypeOfDecide(stages, stage);
    case Kind::Nothing:
      return kNever;
    case Kind::Unknown:
      return kDyn;
  }
  return kDyn;
}

}  // namespace wfc::passes
