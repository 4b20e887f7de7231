#include "passes/conditions/value_domain.h"

#include <algorithm>
#include <compare>
#include <utility>

#include "ir/expr/schema_kinds.h"
#include "passes/conditions/left_over.h"

namespace wfc::passes {

namespace {

using expr::Op;

/// The largest exit code: a process exits with a byte.
constexpr int64_t kMaxExit = 255;

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
  // A schema that nothing satisfies is a different finding.
  if (domain.finite && domain.finite->empty()) return {};
  if (!domain.finite) domain.type = project.schemas.SingleType(schema);
  return domain;
}

/// Finds the schema of a root or of properties of one, if it has any.
class SchemaOfExpr {
 public:
  SchemaOfExpr(const ir::Project& project, const ExpressionTypes& types, const ir::Stage& reader)
      : project_(project), types_(types), reader_(reader) {}

  ir::SchemaId Find(ir::ExprId id) const {
    // Collect the field names down to the root, then follow them from the root's schema.
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
    // The output includes the substitute.
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
      return {.type = "integer", .least = Value::Int(0)};
    case FieldType::Integer:
      return {.type = "integer", .least = Value::Int(0), .most = Value::Int(kMaxExit)};
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

/// Whether the value is of the type as schemas define it, where 1.0 is an integer.
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

namespace {

/// The domain by following `properties` and by the results of operators.
ValueDomain FindPlainDomain(const ir::Project& project, const ExpressionTypes& types,
                            const ir::Stage& reader, ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  if (YieldsBoolean(node.op)) return {.finite = Booleans()};
  if (node.op == Op::Concat) return {.type = "string"};
  ValueDomain domain = DomainOf(project, SchemaOfExpr(project, types, reader).Find(id));
  if (domain.is_known() || node.op != Op::Load) return domain;
  const Root& root = project.exprs.root(node);
  return root.kind == RootKind::StageField ? DomainOfStageField(root) : ValueDomain();
}

}  // namespace

expr::Type FindDeclaredType(const ir::Project& project, const ExpressionTypes& types,
                            ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  expr::Type type;
  if (node.op == Op::Load) {
    const RootKind root = project.exprs.root(node).kind;
    if (root != RootKind::Input && root != RootKind::StageField) return expr::kDyn;
    const expr::Type* declared = types.FindDeclared(id);
    type = declared != nullptr ? *declared : types.of(id);
  } else if (node.op == Op::Select || node.op == Op::SelectOptional) {
    const expr::Type map = FindDeclaredType(project, types, project.exprs.child(id, 0));
    if (map.IsDyn() || map.IsNever()) return expr::kDyn;
    type = types.table().FieldOf(map, project.exprs.name(node)).type;
  }
  return type.IsNever() || types.ConstantOf(type) != nullptr ? expr::kDyn : type;
}

namespace {

bool IsLess(const Value& left, const Value& right) {
  const std::optional<std::strong_ordering> order = Compare(left, right);
  return order && *order < 0;
}

void AddLeast(const Value& least, bool is_excluded, ValueDomain& domain) {
  if (domain.least && IsLess(least, *domain.least)) return;
  const bool is_same = domain.least && !IsLess(*domain.least, least);
  domain.excludes_least = is_excluded || (is_same && domain.excludes_least);
  domain.least = least;
}

void AddMost(const Value& most, bool is_excluded, ValueDomain& domain) {
  if (domain.most && IsLess(*domain.most, most)) return;
  const bool is_same = domain.most && !IsLess(most, *domain.most);
  domain.excludes_most = is_excluded || (is_same && domain.excludes_most);
  domain.most = most;
}

/// Adds the bounds of all numbers of the type.
void AddEnds(const ir::Project& project, const expr::Type& type, ValueDomain& domain) {
  if (!type.schema.has_value()) return;
  for (const ir::SchemaId part : expr::FindConjuncts(project.schemas, type.schema)) {
    const types::Schema& schema = project.schemas.schema(part);
    if (schema.minimum) AddLeast(*schema.minimum, false, domain);
    if (schema.exclusive_minimum) AddLeast(*schema.exclusive_minimum, true, domain);
    if (schema.maximum) AddMost(*schema.maximum, false, domain);
    if (schema.exclusive_maximum) AddMost(*schema.exclusive_maximum, true, domain);
  }
}

ValueDomain DomainOfIntegers(const ir::Project& project, const ExpressionTypes& types,
                             const expr::Type& type) {
  ValueDomain domain{.type = "integer"};
  const expr::IntegerBounds bounds = types.table().BoundsOf(type);
  if (bounds.least) domain.least = Value::Int(*bounds.least);
  if (bounds.most) domain.most = Value::Int(*bounds.most);
  AddEnds(project, type, domain);
  return domain;
}

ValueDomain DomainOfType(const ir::Project& project, const ExpressionTypes& types,
                         const expr::Type& type) {
  if (type.IsDyn() || type.IsNever()) return {};
  if (type.IsOnly(expr::KindsOf(Kind::Int))) return DomainOfIntegers(project, types, type);
  ValueDomain domain;
  std::optional<LeftOver> all = FindLeftOver(project, types, type, {});
  if (all && all->open == 0 && !all->listed.empty()) {
    domain.finite = std::move(all->listed);
  } else if (type.IsOnly(expr::kNumberKinds)) {
    domain.type = "number";
    AddEnds(project, type, domain);
  }
  return domain;
}

/// The domain of `path.orValue(constant)`, where the path ends in an optional.
ValueDomain DomainOfOrValue(const ir::Project& project, const ExpressionTypes& types,
                            ir::ExprId id) {
  const ir::ExprId path = project.exprs.child(id, 0);
  const expr::Expr& instead = project.exprs[project.exprs.child(id, 1)];
  if (project.exprs[path].op != Op::SelectOptional || instead.op != Op::Const) return {};
  ValueDomain domain = DomainOfType(project, types, FindDeclaredType(project, types, path));
  if (!domain.finite) return {};
  const Value& other = project.exprs.constant(instead);
  const bool is_new = std::ranges::find(*domain.finite, other) == domain.finite->end();
  if (is_new) domain.finite->push_back(other);
  return domain;
}

/// The domain of `size(operand)`.
ValueDomain DomainOfSize(const ExpressionTypes& types, const expr::Type& operand) {
  ValueDomain domain{.type = "integer", .least = Value::Int(0)};
  if (operand.IsDyn()) return domain;
  const expr::CountBounds bounds = types.table().CountIn(operand);
  const auto is_int = [](uint64_t count) { return count <= uint64_t{INT64_MAX}; };
  if (is_int(bounds.least)) domain.least = Value::Int(static_cast<int64_t>(bounds.least));
  if (bounds.most && is_int(*bounds.most)) {
    domain.most = Value::Int(static_cast<int64_t>(*bounds.most));
  }
  return domain;
}

/// The domain of `type(operand)`.
ValueDomain DomainOfKinds(const expr::Type& operand) {
  if (operand.IsDyn() || !operand.IsOnly(expr::kJsonKinds)) return {};
  std::vector<Value> kinds;
  for (size_t kind = 0; kind < kKindCount; ++kind) {
    if (!operand.CanBe(expr::KindsOf(static_cast<Kind>(kind)))) continue;
    kinds.push_back(Value::Type(static_cast<Kind>(kind)));
  }
  return {.finite = std::move(kinds)};
}

}  // namespace

ValueDomain FindDomain(const ir::Project& project, const ExpressionTypes& types,
                       const ir::Stage& reader, ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  if (node.op == Op::Call) {
    const auto builtin = static_cast<Builtin>(node.payload);
    if (builtin == Builtin::OptionalOrValue) return DomainOfOrValue(project, types, id);
    const bool is_known = builtin == Builtin::Size || builtin == Builtin::TypeOf;
    if (!is_known) return {};
    const expr::Type operand = FindDeclaredType(project, types, project.exprs.child(id, 0));
    return builtin == Builtin::Size ? DomainOfSize(types, operand) : DomainOfKinds(operand);
  }
  ValueDomain plain = FindPlainDomain(project, types, reader, id);
  const bool is_told = plain.finite || plain.least || plain.most;
  if (is_told || (node.op != Op::Load && node.op != Op::Select)) return plain;
  ValueDomain of_type = DomainOfType(project, types, FindDeclaredType(project, types, id));
  return of_type.is_known() ? of_type : plain;
}

ValueDomain FindDecidedDomain(const ir::Project& project, const ExpressionTypes& types,
                              const ir::Stage& decide) {
  const ir::ExprId subject = project.GetDecide(decide).subject;
  ValueDomain domain = FindPlainDomain(project, types, decide, subject);
  if (!domain.is_known()) domain = DomainOf(project, types.SchemaOf(types.of(subject)));
  if (domain.is_known()) return domain;
  std::optional<LeftOver> all = FindLeftOver(project, types, types.of(subject), {});
  const bool is_listed = all && all->open == 0 && !all->listed.empty();
  if (is_listed) domain.finite = std::move(all->listed);
  return domain;
}

}  // namespace wfc::passes
