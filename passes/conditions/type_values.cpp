#include "passes/conditions/type_values.h"

#include <algorithm>
#include <bit>
#include <compare>
#include <utility>

#include "ir/expr/schema_kinds.h"
#include "passes/conditions/left_over.h"

namespace wfc::passes {

namespace {

using expr::KindsOf;
using expr::Op;
using expr::Type;

void AddLeast(const Value& least, bool is_excluded, TypeValues& values) {
  if (values.least && IsLess(least, *values.least)) return;
  const bool is_same = values.least && !IsLess(*values.least, least);
  values.excludes_least = is_excluded || (is_same && values.excludes_least);
  values.least = least;
}

void AddMost(const Value& most, bool is_excluded, TypeValues& values) {
  if (values.most && IsLess(*values.most, most)) return;
  const bool is_same = values.most && !IsLess(most, *values.most);
  values.excludes_most = is_excluded || (is_same && values.excludes_most);
  values.most = most;
}

/// All values of the type; empty if they cannot be listed, or if nothing satisfies the type, which
/// is a different finding.
std::optional<std::vector<Value>> FindListed(const ir::Project& project,
                                             const ExpressionTypes& types, const Type& type) {
  const ir::SchemaId schema = types.SchemaOf(type);
  if (!schema.has_value()) return std::nullopt;
  std::optional<std::vector<Value>> listed = project.schemas.FiniteValues(schema);
  if (listed) DropRejected(project, schema, *listed);
  // Integers between two bounds are described by the bounds alone.
  if (!listed && !type.IsOnly(KindsOf(Kind::Int))) {
    std::optional<LeftOver> all = FindLeftOver(project, types, type, {});
    if (all && all->open == 0) listed = std::move(all->listed);
  }
  return listed && !listed->empty() ? listed : std::nullopt;
}

/// The values of `path.orValue(constant)`, where the path ends in an optional.
TypeValues ValuesOfOrValue(const ir::Project& project, const ExpressionTypes& types,
                           ir::ExprId id) {
  const ir::ExprId path = project.exprs.child(id, 0);
  const expr::Expr& instead = project.exprs[project.exprs.child(id, 1)];
  if (project.exprs[path].op != Op::SelectOptional || instead.op != Op::Const) return {};
  TypeValues values = FindValues(project, types, FindDeclaredType(project, types, path));
  if (!values.listed) return {};
  const Value& other = project.exprs.constant(instead);
  const bool is_new = std::ranges::find(*values.listed, other) == values.listed->end();
  if (is_new) values.listed->push_back(other);
  values.kinds |= expr::KindOfValue(other);
  return values;
}

/// `size(operand)`.
TypeValues ValuesOfSize(const ExpressionTypes& types, const Type& operand) {
  TypeValues values{.kinds = KindsOf(Kind::Int), .least = Value::Int(0)};
  if (operand.IsDyn()) return values;
  const expr::CountBounds bounds = types.table().CountIn(operand);
  const auto is_int = [](uint64_t count) { return count <= uint64_t{INT64_MAX}; };
  if (is_int(bounds.least)) values.least = Value::Int(static_cast<int64_t>(bounds.least));
  if (bounds.most && is_int(*bounds.most)) {
    values.most = Value::Int(static_cast<int64_t>(*bounds.most));
  }
  return values;
}

TypeValues ValuesOfCall(const ir::Project& project, const ExpressionTypes& types, ir::ExprId id) {
  const auto builtin = static_cast<Builtin>(project.exprs[id].payload);
  const auto operand = [&] { return FindDeclaredType(project, types, project.exprs.child(id, 0)); };
  if (builtin == Builtin::OptionalOrValue) return ValuesOfOrValue(project, types, id);
  if (builtin == Builtin::Size) return ValuesOfSize(types, operand());
  if (builtin != Builtin::TypeOf) return {};
  return {.listed = FindKindValues(operand()), .kinds = KindsOf(Kind::Type)};
}

Type DeclaredTypeOfRoot(const ir::Project& project, const ExpressionTypes& types, ir::ExprId id) {
  const RootKind root = project.exprs.root(id).kind;
  if (root != RootKind::Input && root != RootKind::StageField) return expr::kDyn;
  const Type* declared = types.FindDeclared(id);
  return declared != nullptr ? *declared : types.of(id);
}

/// The declared type of a name or of a field of one; empty if the expression is computed.
std::optional<TypeValues> ValuesOfField(const ir::Project& project, const ExpressionTypes& types,
                                        ir::ExprId id) {
  const Op op = project.exprs[id].op;
  // A stage that is computed from constants alone yields that one value.
  if (op == Op::Load) return FindValues(project, types, DeclaredTypeOfRoot(project, types, id));
  if (op == Op::Select) return FindValues(project, types, FindDeclaredType(project, types, id));
  return std::nullopt;
}

}  // namespace

bool IsLess(const Value& left, const Value& right) {
  const std::optional<std::strong_ordering> order = Compare(left, right);
  return order && *order < 0;
}

TypeValues FindBounds(const ir::Project& project, const ExpressionTypes& types, const Type& type) {
  TypeValues values{.kinds = type.kinds};
  if (type.IsOnly(KindsOf(Kind::Int))) {
    const expr::IntegerBounds bounds = types.table().BoundsOf(type);
    if (bounds.least) values.least = Value::Int(*bounds.least);
    if (bounds.most) values.most = Value::Int(*bounds.most);
  }
  if (!type.schema.has_value()) return values;
  for (const ir::SchemaId part : expr::FindConjuncts(project.schemas, type.schema)) {
    const types::Schema& schema = project.schemas.schema(part);
    if (schema.minimum) AddLeast(*schema.minimum, false, values);
    if (schema.exclusive_minimum) AddLeast(*schema.exclusive_minimum, true, values);
    if (schema.maximum) AddMost(*schema.maximum, false, values);
    if (schema.exclusive_maximum) AddMost(*schema.exclusive_maximum, true, values);
  }
  return values;
}

bool TypeValues::IsOneType() const {
  if (listed) return true;
  const bool is_number = (kinds & expr::kNumberKinds) != 0;
  return std::popcount(static_cast<unsigned>(kinds & ~expr::kNumberKinds)) + (is_number ? 1 : 0) ==
         1;
}

bool TypeValues::Excludes(const Value& value) const {
  if (listed) return std::ranges::find(*listed, value) == listed->end();
  // Numbers of different kinds can be equal.
  const bool is_number = value.is_number() && (kinds & expr::kNumberKinds) != 0;
  return !is_number && (kinds & expr::KindOfValue(value)) == 0;
}

TypeValues FindValues(const ir::Project& project, const ExpressionTypes& types, const Type& type) {
  if (type.IsDyn() || type.IsNever()) return {};
  std::optional<std::vector<Value>> listed = FindListed(project, types, type);
  if (listed || !type.IsOnly(expr::kNumberKinds)) {
    return {.listed = std::move(listed), .kinds = type.kinds};
  }
  return FindBounds(project, types, type);
}

std::optional<std::vector<Value>> FindKindValues(const Type& operand) {
  if (operand.IsDyn() || operand.IsNever() || !operand.IsOnly(expr::kJsonKinds)) {
    return std::nullopt;
  }
  std::vector<Value> kinds;
  for (size_t kind = 0; kind < kKindCount; ++kind) {
    if (!operand.CanBe(KindsOf(static_cast<Kind>(kind)))) continue;
    kinds.push_back(Value::Type(static_cast<Kind>(kind)));
  }
  return kinds;
}

Type FindDeclaredType(const ir::Project& project, const ExpressionTypes& types, ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  Type type;
  if (node.op == Op::Load) {
    type = DeclaredTypeOfRoot(project, types, id);
  } else if (node.op == Op::Select || node.op == Op::SelectOptional) {
    const Type map = FindDeclaredType(project, types, project.exprs.child(id, 0));
    if (map.IsDyn() || map.IsNever()) return expr::kDyn;
    type = types.table().FieldOf(map, project.exprs.name(node)).type;
  }
  return type.IsNever() || types.ConstantOf(type) != nullptr ? expr::kDyn : type;
}

TypeValues FindValuesAnywhere(const ir::Project& project, const ExpressionTypes& types,
                              ir::ExprId id) {
  if (const std::optional<TypeValues> of_field = ValuesOfField(project, types, id)) {
    return *of_field;
  }
  const Op op = project.exprs[id].op;
  if (op == Op::Call) {
    TypeValues values = ValuesOfCall(project, types, id);
    if (values.listed || values.IsOneType()) return values;
  }
  // A computed value may be narrower here than elsewhere, but its kinds are the same.
  const Type& type = types.of(id);
  return op == Op::Index || type.IsNever() ? TypeValues() : TypeValues{.kinds = type.kinds};
}

TypeValues FindDecidedValues(const ir::Project& project, const ExpressionTypes& types,
                             const ir::Stage& decide) {
  const ir::ExprId subject = project.GetDecide(decide).subject;
  const std::optional<TypeValues> declared = ValuesOfField(project, types, subject);
  if (declared && declared->IsOneType()) return *declared;
  return FindValues(project, types, types.of(subject));
}

}  // namespace wfc::passes
