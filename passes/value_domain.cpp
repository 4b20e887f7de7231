#include "passes/value_domain.h"

#include <algorithm>

namespace wfc::passes {

namespace {

using expr::Op;

std::vector<Value> Booleans() {
  return {Value::Bool(false), Value::Bool(true)};
}

std::vector<Value> Statuses() {
  std::vector<Value> statuses;
  for (const std::string_view name : kStageStatusNames) statuses.push_back(Value::String(name));
  return statuses;
}

ValueDomain DomainOf(const ir::Project& project, ir::SchemaId schema) {
  if (!schema.has_value()) return {};
  ValueDomain domain{.finite = project.schemas.FiniteValues(schema)};
  if (!domain.finite) domain.type = project.schemas.SingleType(schema);
  return domain;
}

/// What a stage's output is when nothing declares it.
std::string_view DefaultOutputType(const ir::Project& project, const ir::Stage& stage) {
  if (stage.verb == ir::Verb::Agent && stage.agent.has_value()) {
    const ir::Agent& agent = project.agents[stage.agent];
    bool is_text = agent.kind == ir::Agent::Kind::Llm && !agent.returns.has_value();
    return is_text ? "string" : "";
  }
  bool is_text =
      stage.verb == ir::Verb::Run && project.commands[stage.command].parse == ir::OutputParse::Text;
  return is_text ? "string" : "";
}

ir::SchemaId OutputSchema(const ir::Project& project, const ir::Stage& stage) {
  if (stage.returns.has_value()) return stage.returns;
  if (stage.verb == ir::Verb::Agent && stage.agent.has_value()) {
    return project.agents[stage.agent].returns;
  }
  if (stage.verb == ir::Verb::Tool && stage.tool.has_value()) {
    return project.tools[stage.tool].returns;
  }
  return {};
}

/// The output may also be what stands in for it after a failure.
bool HasSubstitute(const ir::Stage& stage) {
  return stage.on_error == ir::OnError::Value || stage.on_error == ir::OnError::Fallback;
}

/// A root, or properties of one: the schema that it has, if any.
class SchemaOfExpr {
 public:
  SchemaOfExpr(const ir::Project& project, const ir::Stage& reader)
      : project_(project), reader_(reader) {}

  ir::SchemaId Find(ir::ExprId id) const {
    // From the outside in to the root, then back out by the names of the fields.
    std::vector<std::string_view> fields;
    const expr::Expr* node = &project_.exprs[id];
    while (node->op == Op::Select) {
      fields.push_back(project_.exprs.name(*node));
      node = &project_.exprs[project_.exprs.children(*node)[0]];
    }
    if (node->op != Op::Load) return {};
    ir::SchemaId schema = SchemaOfRoot(project_.exprs.root(*node));
    for (auto field = fields.rbegin(); field != fields.rend() && schema.has_value(); ++field) {
      schema = project_.schemas.FindProperty(schema, *field);
    }
    return schema;
  }

 private:
  ir::SchemaId SchemaOfRoot(const Root& root) const {
    if (root.kind == RootKind::Input) return project_.workflows[reader_.workflow].input;
    if (!IsStageOutput(root)) return {};
    const ir::Stage& stage = project_.stages[ir::StageId(root.a)];
    return HasSubstitute(stage) ? ir::SchemaId() : OutputSchema(project_, stage);
  }

  const ir::Project& project_;
  const ir::Stage& reader_;
};

ValueDomain DomainOfStageField(const ir::Project& project, const Root& root) {
  const ir::Stage& stage = project.stages[ir::StageId(root.a)];
  switch (RuleOf(StageFieldOf(root)).type) {
    case FieldType::Status:
      return {.finite = Statuses()};
    case FieldType::Count:
    case FieldType::Integer:
      return {.type = "integer"};
    case FieldType::Text:
      return {.type = "string"};
    case FieldType::Output:
      if (HasSubstitute(stage) || OutputSchema(project, stage).has_value()) return {};
      return {.type = DefaultOutputType(project, stage)};
    case FieldType::Error:
    case FieldType::Chosen:
    case FieldType::Later:
      return {};
  }
  return {};
}

bool YieldsBoolean(Op op) {
  switch (op) {
    case Op::Has:
    case Op::Present:
    case Op::Not:
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
    case Op::Equal:
    case Op::NotEqual:
    case Op::In:
    case Op::And:
    case Op::Or:
    case Op::All:
    case Op::Exists:
    case Op::ExistsOne:
    case Op::AllPairs:
    case Op::ExistsPair:
    case Op::ExistsOnePair:
      return true;
    default:
      return false;
  }
}

/// The type of a value as schemas call it; 1.0 counts as an integer there.
bool HasType(const Value& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "integer" || type == "number") return value.is_number();
  if (type == "boolean") return value.kind() == Kind::Bool;
  if (type == "null") return value.is_null();
  return false;
}

}  // namespace

bool ValueDomain::Excludes(const Value& value) const {
  if (finite) return std::ranges::find(*finite, value) == finite->end();
  return !type.empty() && !HasType(value, type);
}

ValueDomain FindDomain(const ir::Project& project, const ir::Stage& reader, ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  if (YieldsBoolean(node.op)) return {.finite = Booleans()};
  if (node.op == Op::Concat) return {.type = "string"};
  ValueDomain domain = DomainOf(project, SchemaOfExpr(project, reader).Find(id));
  if (domain.is_known() || node.op != Op::Load) return domain;
  const Root& root = project.exprs.root(node);
  return root.kind == RootKind::StageField ? DomainOfStageField(project, root) : ValueDomain();
}

}  // namespace wfc::passes
