#include "passes/value_domain.h"

#include <algorithm>
#include <utility>

#include "passes/left_over.h"

namespace wfc::passes {

namespace {

using expr::Op;

std::vector<Value> Booleans() {
  return {Value::Bool(false), Value::Bool(true)};
}

std::vector<Value> Statuses() {
  std::vector<Value> statuses;
  for (const std::string_view name : WordsOf<StageStatus>())
    statuses.push_back(Value::String(name));
  return statuses;
}

ValueDomain DomainOf(const ir::Project& project, ir::SchemaId schema) {
  if (!schema.has_value()) return {};
  ValueDomain domain{.finite = project.schemas.FiniteValues(schema)};
  // What nothing satisfies is another finding.
  if (domain.finite && domain.finite->empty()) return {};
  if (!domain.finite) domain.type = project.schemas.SingleType(schema);
  return domain;
}

/// A root, or properties of one: the schema that it has, if any.
class SchemaOfExpr {
 public:
  SchemaOfExpr(const ir::Project& project, const ExpressionTypes& types, const ir::Stage& reader)
      : project_(project), types_(types), reader_(reader) {}

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
    // With what may stand in for it.
    return IsStageOutput(root) ? types_.SchemaOf(types_.output(ir::StageId(root.a)))
                               : ir::SchemaId();
  }

  const ir::Project& project_;
  const ExpressionTypes& types_;
  const ir::Stage& reader_;
};

ValueDomain DomainOfStageField(const Root& root) {
  switch (RuleOf(StageFieldOf(root)).type) {
    case FieldType::Status:
      return {.finite = Statuses()};
    case FieldType::Count:
    case FieldType::Integer:
      return {.type = "integer"};
    case FieldType::Text:
      return {.type = "string"};
    case FieldType::Output:
      return {};
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

ValueDomain FindDomain(const ir::Project& project, const ExpressionTypes& types,
                       const ir::Stage& reader, ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  if (YieldsBoolean(node.op)) return {.finite = Booleans()};
  if (node.op == Op::Concat) return {.type = "string"};
  ValueDomain domain = DomainOf(project, SchemaOfExpr(project, types, reader).Find(id));
  if (domain.is_known() || node.op != Op::Load) return domain;
  const Root& root = project.exprs.root(node);
  return root.kind == RootKind::StageField ? DomainOfStageField(root) : ValueDomain();
}

ValueDomain FindDecidedDomain(const ir::Project& project, const ExpressionTypes& types,
                              const ir::Stage& decide) {
  const ir::ExprId subject = decide.decide.subject;
  ValueDomain domain = FindDomain(project, types, decide, subject);
  if (!domain.is_known()) domain = DomainOf(project, types.SchemaOf(types.of(subject)));
  if (domain.is_known()) return domain;
  std::optional<LeftOver> all = FindLeftOver(project, types, types.of(subject), {});
  const bool is_listed = all && all->open == 0 && !all->listed.empty();
  if (is_listed) domain.finite = std::move(all->listed);
  return domain;
}

}  // namespace wfc::passes
