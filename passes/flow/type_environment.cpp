#include "passes/flow/type_environment.h"

#include <algorithm>

#include <fmt/core.h>

#include "ir/expr_printer.h"
#include "ir/types/filled_schema.h"
#include "passes/flow/origin.h"

namespace wfc::passes {

namespace {

using expr::kDyn;
using expr::KindsOf;
using expr::Precision;
using expr::Type;

/// The values of `run.status` while there are still stages to read it.
constexpr std::string_view kRunStatuses[] = {Spell(RunStatus::Running), Spell(RunStatus::Failed),
                                             Spell(RunStatus::Cancelled)};

/// The largest exit code: a process exits with a byte.
constexpr int64_t kMaxExit = 255;

/// Decides with more routes, and further decides about the same name, imply nothing: the cost of a
/// fact must not grow with the project.
constexpr size_t kMaxRoutes = 32;
constexpr size_t kMaxDecides = 32;
constexpr size_t kMaxCopies = 8;
constexpr size_t kMaxListed = 64;

/// The name at the start of what is decided, and the fields that follow; none if it is computed.
std::optional<Root> FindSubject(const ir::Project& project, ir::ExprId id,
                                std::vector<std::string_view>& fields) {
  const expr::ExprStore& store = project.exprs;
  for (; store[id].op == expr::Op::Select; id = store.child(id, 0)) {
    fields.push_back(store.name(store[id]));
  }
  std::ranges::reverse(fields);
  return store[id].op == expr::Op::Load ? std::optional(store.root(id)) : std::nullopt;
}

Root OutputOf(ir::StageId stage) {
  return {.kind = RootKind::StageField,
          .a = stage.index(),
          .b = static_cast<uint32_t>(StageField::Output)};
}

}  // namespace

ProjectEnvironment::ProjectEnvironment(const ir::Project& project, const SourceMap& sources,
                                       expr::TypeTable& table)
    : project_(project), sources_(sources), table_(table), outputs_(project.stages.size()) {}

void ProjectEnvironment::EnterWorkflow(ir::WorkflowId id) {
  const ir::Workflow& workflow = project_.workflows[id];
  deciding_.clear();
  copying_.clear();
  declared_copies_.clear();
  with_ = kDyn;
  if (workflow.input.has_value()) {
    input_ = TypeOfFilled(workflow.input);
  } else {
    // The part that could not be read may have been the input.
    input_ = workflow.is_poisoned ? kDyn : table_.RecordOf({});
  }
}

void ProjectEnvironment::EnterCallee(ir::SchemaId input) {
  input_ = kDyn;
  with_ = input.has_value() ? TypeOfFilled(input) : kDyn;
}

/// The type of an input after its defaults were filled in, as its readers see it.
Type ProjectEnvironment::TypeOfFilled(ir::SchemaId input) {
  auto [entry, is_new] = filled_.try_emplace(input);
  if (is_new) entry->second = types::FindFilledSchema(project_.schemas, input);
  return table_.OfSchema(entry->second);
}

std::string ProjectEnvironment::NameOf(const Root& root) {
  return ir::PrintRoot(project_, root);
}

std::string_view ProjectEnvironment::TextOf(Span span) {
  return span.has_value() ? sources_.text(span) : std::string_view();
}

/// Explains why the root has no parts: a command's output is text without `parse`, and a model's is
/// text without `returns`.
std::string ProjectEnvironment::ExplainPartless(const Root& root) {
  if (root.kind == RootKind::Input && input_.IsOnly(expr::KindsOf(Kind::Map))) {
    return "; a workflow declares what it is given by `input: {fields: {NAME: TYPE}}`";
  }
  if (!IsStageOutput(root)) return "";
  const ir::Stage& stage = project_.stages[ir::StageId(root.a)];
  if (stage.returns.has_value()) return "";
  const Origin origin = FindVerbOrigin(project_, stage);
  if (origin.kind == Origin::Kind::Printed) {
    return fmt::format("; add `parse: json` to {}: without it the output is text", origin.name);
  }
  const bool is_model = project_.agent_of(stage).has_value() && origin.kind == Origin::Kind::Unsaid;
  return is_model ? fmt::format("; without `returns` {} answers with text", origin.name) : "";
}

Type ProjectEnvironment::TypeOf(const Root& root) {
  switch (root.kind) {
    case RootKind::Input:
      return input_;
    case RootKind::With:
      return with_;
    case RootKind::Var:
      return TypeOfVar(project_.vars[ir::VarId(root.a)]);
    case RootKind::Vars:
      return TypeOfVars();
    case RootKind::RunField:
      return TypeOfRun(static_cast<RunField>(root.a));
    case RootKind::StageField:
      return TypeOfStage(root);
    case RootKind::Error:
      return TypeOfError();
    case RootKind::Secret:
      return table_.AnyText();
    case RootKind::Index:
    case RootKind::Round:
      return table_.Integer({0, std::nullopt}, Precision::Exact);
    case RootKind::Output:
    case RootKind::Item:
    case RootKind::Last:
    case RootKind::Param:
    case RootKind::Memory:
      return kDyn;
  }
  return kDyn;
}

Type ProjectEnvironment::TypeOfVar(const ir::Var& var) {
  if (!var.environment.has_value()) return table_.OfValue(var.value);
  const Type read = var.schema.has_value() ? table_.OfSchema(var.schema) : table_.AnyText();
  return var.has_value ? table_.Join(read, table_.OfValue(var.value)) : read;
}

Type ProjectEnvironment::TypeOfVars() {
  std::vector<expr::NamedType> fields;
  for (const ir::Var& var : project_.vars) {
    fields.push_back({.name = project_.text(var.name), .type = TypeOfVar(var)});
  }
  std::ranges::sort(fields, {}, &expr::NamedType::name);
  return table_.RecordOf(fields);
}

Type ProjectEnvironment::OneOf(std::span<const std::string_view> names) {
  std::vector<Value> values;
  for (std::string_view name : names) values.push_back(Value::String(name));
  return table_.OfSchema(table_.sets().OfValues(std::move(values)));
}

Type ProjectEnvironment::TypeOfRun(RunField field) {
  switch (field) {
    case RunField::Id:
    case RunField::Dir:
      return table_.AnyText();
    case RunField::Mode:
      return OneOf(WordsOf<ir::Mode>());
    case RunField::Seed:
      return table_.OfKinds(KindsOf(Kind::Int));
    case RunField::StartedAt:
      return table_.OfKinds(KindsOf(Kind::Timestamp));
    case RunField::Status:
      return OneOf(kRunStatuses);
  }
  return kDyn;
}

Type ProjectEnvironment::TypeOfError() {
  return table_.OfSchema(project_.schemas.Find("error"));
}

Type ProjectEnvironment::TypeOfStage(const Root& root) {
  const ir::StageId id(root.a);
  switch (RuleOf(StageFieldOf(root)).type) {
    case FieldType::Output:
      return outputs_[id].all;
    case FieldType::Status:
      return OneOf(WordsOf<StageStatus>());
    case FieldType::Error:
      return TypeOfError();
    case FieldType::Count:
      return table_.Integer({1, std::nullopt}, Precision::Exact);
    case FieldType::Integer:
      return table_.Integer({0, kMaxExit}, Precision::Estimate);
    case FieldType::Text:
      return table_.AnyText();
    case FieldType::Chosen:
      return TypeOfChosen(project_.stages[id]);
    case FieldType::Later:
      return kDyn;
  }
  return kDyn;
}

/// The type of `.chosen`: the chosen ids, or the key or index of the body.
Type ProjectEnvironment::TypeOfChosen(const ir::Stage& stage) {
  std::span<const ir::Route> routes = project_.routes_of(stage);
  const bool has_bodies = std::ranges::any_of(
      routes, [](const ir::Route& route) { return route.kind == ir::Route::Kind::Body; });
  if (!has_bodies) return table_.ListOf(table_.AnyText(), {});
  if (project_.GetDecide(stage).is_case_list) {
    return table_.Integer({0, static_cast<int64_t>(routes.size()) - 1}, Precision::Exact);
  }
  std::vector<Value> keys;
  for (const ir::Route& route : routes) {
    keys.push_back(route.is_default ? Value::String("default") : route.key);
  }
  return table_.OfSchema(table_.sets().OfValues(std::move(keys)));
}

void ProjectEnvironment::SetOutput(ir::StageId id, OutputTypes types) {
  const ir::Stage& stage = project_.stages[id];
  const bool is_told_apart = !types.of_routes.empty() && types.substitute.IsNever() &&
                             types.of_routes.size() <= kMaxRoutes;
  if (!is_told_apart) types.of_routes.clear();
  const ir::Transform* transform = project_.FindTransform(stage);
  const bool is_copy = transform != nullptr && types.substitute.IsNever();
  std::vector<std::string_view> fields;
  const ir::ExprId subject = is_told_apart ? project_.GetDecide(stage).subject
                             : is_copy     ? transform->value
                                           : ir::ExprId();
  const auto root = subject.has_value() ? FindSubject(project_, subject, fields) : std::nullopt;
  // The meaning of `error` depends on where it stands.
  if (root && root->kind != RootKind::Error) {
    std::vector<ir::StageId>& stages = (is_copy ? copying_ : deciding_)[*root];
    if (stages.size() < (is_copy ? kMaxCopies : kMaxDecides)) stages.push_back(id);
  }
  outputs_[id] = std::move(types);
}

std::optional<std::vector<Value>> ProjectEnvironment::ValuesOf(const Type& type) {
  if (const Value* constant = table_.ConstantOf(type)) return std::vector<Value>{*constant};
  const ir::SchemaId schema = table_.SchemaOf(type);
  return schema.has_value() ? project_.schemas.FiniteValues(schema) : std::nullopt;
}

std::vector<expr::Fact> ProjectEnvironment::Imply(const Root& root, const Type& type) {
  std::vector<expr::Fact> implied;
  if (root.kind == RootKind::StageField) ImplyOfStage(root, type, implied);
  if (type.IsNever()) return implied;
  if (const auto copies = copying_.find(root); copies != copying_.end()) {
    for (const ir::StageId copy : copies->second) ImplyOfCopy(copy, root, type, implied);
  }
  const auto decides = deciding_.find(root);
  if (decides == deciding_.end()) return implied;
  for (const ir::StageId decide : decides->second) ImplyOfSubject(decide, type, implied);
  return implied;
}

void ProjectEnvironment::ImplyOfStage(const Root& root, const Type& type,
                                      std::vector<expr::Fact>& implied) {
  const ir::StageId id(root.a);
  const OutputTypes& output = outputs_[id];
  const StageField field = StageFieldOf(root);
  const bool tells_by_value = field == StageField::Chosen || field == StageField::Status;
  const auto values = tells_by_value ? ValuesOf(type) : std::nullopt;
  if (field == StageField::Chosen && values) return ImplyOfRoutes(id, *values, implied);
  if (output.substitute.IsNever() || output.own.IsNever()) return;
  const Value recovered = Value::String(Spell(StageStatus::Recovered));
  const bool is_asked = field == StageField::Status && values;
  const bool can_be = !is_asked || std::ranges::find(*values, recovered) != values->end();
  const bool has_no_error = field == StageField::Error && type.IsNever();
  if (has_no_error || !can_be) implied.push_back({.root = OutputOf(id), .type = output.own});
  const bool is_recovered = is_asked && values->size() == 1 && can_be;
  if (is_recovered) implied.push_back({.root = OutputOf(id), .type = output.substitute});
}

void ProjectEnvironment::ImplyOfCopy(ir::StageId copy, const Root& root, const Type& root_type,
                                     std::vector<expr::Fact>& implied) {
  std::vector<std::string_view> fields;
  const ir::Transform& transform = project_.GetTransform(project_.stages[copy]);
  static_cast<void>(FindSubject(project_, transform.value, fields));
  const auto type_in = [&](Type type) {
    for (const std::string_view field : fields) type = table_.FieldOf(type, field).type;
    return type;
  };
  const Type known = type_in(root_type);
  // The type is cached, since each route of a decide asks for it and the declared union may be
  // long.
  const auto [entry, is_new] = declared_copies_.try_emplace(copy);
  if (is_new) entry->second = type_in(TypeOf(root));
  const Type& declared = entry->second;
  const ir::SchemaId part = table_.SchemaOf(known);
  const ir::SchemaId output = table_.SchemaOf(outputs_[copy].all);
  if (known == declared || !part.has_value() || !output.has_value()) return;
  const Type both = table_.OfSchema(table_.sets().Meet(output, part));
  // If no value is in both, the stage has not run.
  if (!both.IsNever()) implied.push_back({.root = OutputOf(copy), .type = both});
}

void ProjectEnvironment::ImplyOfSubject(ir::StageId decide, const Type& root_type,
                                        std::vector<expr::Fact>& implied) {
  std::vector<std::string_view> fields;
  const ir::ExprId subject = project_.GetDecide(project_.stages[decide]).subject;
  static_cast<void>(FindSubject(project_, subject, fields));
  Type type = root_type;
  for (const std::string_view field : fields) type = table_.FieldOf(type, field).type;
  if (const auto values = ValuesOf(type)) ImplyOfRoutes(decide, *values, implied);
}

void ProjectEnvironment::ImplyOfRoutes(ir::StageId decide, std::span<const Value> values,
                                       std::vector<expr::Fact>& implied) {
  const OutputTypes& output = outputs_[decide];
  const std::span<const ir::Route> routes = project_.routes_of(project_.stages[decide]);
  const bool are_told_apart = output.of_routes.size() == routes.size() &&
                              output.substitute.IsNever() && values.size() <= kMaxListed;
  if (!are_told_apart) return;
  const auto is_among = [&](const Value& key) {
    return std::ranges::find(values, key) != values.end();
  };
  const Value of_default = Value::String("default");
  const bool has_others = std::ranges::any_of(values, [&](const Value& value) {
    return std::ranges::none_of(
        routes, [&](const ir::Route& route) { return !route.is_default && route.key == value; });
  });
  Type possible = expr::kNever;
  bool are_all = true;
  for (size_t i = 0; i < routes.size(); ++i) {
    const bool is_taken =
        routes[i].is_default ? has_others || is_among(of_default) : is_among(routes[i].key);
    are_all &= is_taken;
    if (is_taken) possible = table_.Join(possible, output.of_routes[i]);
  }
  if (!are_all && !possible.IsNever()) {
    implied.push_back({.root = OutputOf(decide), .type = possible});
  }
}

}  // namespace wfc::passes
