#include "passes/conditions/possible_values.h"

#include <algorithm>
#include <compare>
#include <utility>

#include <fmt/core.h>

#include "ir/expr/compiler.h"
#include "ir/expr/fixed.h"
#include "ir/expr/mirror.h"
#include "ir/expr/reads.h"
#include "passes/conditions/type_values.h"
#include "passes/context/evaluated_expressions.h"
#include "passes/flow/constants.h"
#include "passes/flow/nearest_value.h"

namespace wfc::passes {

namespace {

using expr::KindSet;
using expr::KindsOf;
using expr::Op;
using presence::Ending;
using presence::SetOf;

/// The kinds of values that can equal a value of one of `kinds`.
KindSet WithEqualKinds(KindSet kinds) {
  return (kinds & expr::kNumberKinds) != 0 ? kinds | expr::kNumberKinds : kinds;
}

bool IsOrdered(std::optional<std::strong_ordering> order, Op op) {
  if (!order) return false;
  if (op == Op::Less) return *order < 0;
  if (op == Op::LessEqual) return *order <= 0;
  return op == Op::Greater ? *order > 0 : *order >= 0;
}

using Combinations = std::vector<std::vector<Value>>;

/// Every combination followed by every value.
Combinations Extend(const Combinations& combinations, const std::vector<Value>& values) {
  Combinations longer;
  for (const std::vector<Value>& combination : combinations) {
    for (const Value& value : values) {
      longer.push_back(combination);
      longer.back().push_back(value);
    }
  }
  return longer;
}

bool AreAllOrdered(const std::vector<Value>& values, Op order, const Value& number) {
  return std::ranges::all_of(
      values, [&](const Value& value) { return IsOrdered(Compare(value, number), order); });
}

/// Whether `number` is certainly in this order after every number between the bounds.
bool AreBoundsOrdered(const TypeValues& bounds, Op op, const Value& number) {
  const bool is_below = op == Op::Less || op == Op::LessEqual;
  const std::optional<Value>& end = is_below ? bounds.most : bounds.least;
  if (!end) return false;
  // No value reaches an excluded bound, so the bound may equal `number` even for a strict
  // comparison.
  const bool is_excluded = is_below ? bounds.excludes_most : bounds.excludes_least;
  const Op towards = is_below ? Op::LessEqual : Op::GreaterEqual;
  return IsOrdered(Compare(*end, number), is_excluded ? towards : op);
}

/// Whether the values of the node can be found by applying it to the values of its operands.
bool IsApplied(const expr::Expr& node) {
  return node.op == Op::Call || node.op == Op::Not || node.op == Op::Negate || node.op == Op::Add ||
         node.op == Op::Subtract || node.op == Op::Multiply || node.op == Op::Divide ||
         node.op == Op::Modulo || node.op == Op::Concat || node.op == Op::Render;
}

/// Calls `visit` with everything that the stage's output may be made of: what its fields and the
/// stages in its bodies read.
template <class Visit>
void ForEachPassedOn(const ir::Project& project, ir::StageId id, Visit visit) {
  const ir::Stage& stage = project.stages[id];
  const auto visit_reads = [&](ir::ExprId field) {
    if (!field.has_value()) return;
    expr::ForEachRead(project.exprs, field, [&](const expr::Read& read) { visit(read.root); });
  };
  const auto visit_body = [&](ir::BodyId body) {
    if (!body.has_value()) return;
    visit_reads(project.bodies[body].output);
    for (const ir::StageId inner : project.stages_of(project.bodies[body])) {
      visit(Root{.kind = RootKind::StageField,
                 .a = inner.index(),
                 .b = static_cast<uint32_t>(StageField::Output)});
    }
  };
  ForEachEvaluated(project, stage, [&](ir::ExprId field, Moment) { visit_reads(field); });
  visit_body(stage.fallback);
  for (const ir::Route& route : project.routes_of(stage)) visit_body(route.body);
}

void AddNew(std::vector<Value>& values, Value value) {
  if (std::ranges::find(values, value) == values.end()) values.push_back(std::move(value));
}

}  // namespace

PossibleValues::PossibleValues(PassContext& context)
    : project_(context.project), types_(context.types()), presence_(context.presence()) {}

bool PossibleValues::ReadsVars(ir::ExprId id) {
  if (!id.has_value() || project_.vars.empty()) return false;
  bool reads_vars = false;
  expr::ForEachRead(project_.exprs, id, [&](const expr::Read& read) {
    if (reads_vars) return;
    reads_vars = read.root.kind == RootKind::Var || read.root.kind == RootKind::Vars;
    if (IsStageOutput(read.root)) reads_vars |= PassesOnVars(ir::StageId(read.root.a));
  });
  return reads_vars;
}

/// Follows what the stage reads, directly and through other stages. Beyond a number of stages, the
/// answer is assumed to be true.
bool PossibleValues::PassesOnVars(ir::StageId id) {
  constexpr size_t kMaxStages = 64;
  const auto [known, is_new] = passes_on_vars_.try_emplace(id, true);
  if (!is_new) return known->second;
  std::vector<ir::StageId> reached = {id};
  bool reads_vars = false;
  for (size_t next = 0; next < reached.size() && !reads_vars; ++next) {
    reads_vars = reached.size() > kMaxStages || !ChargeBudget(kCheapQuestion);
    ForEachPassedOn(project_, reached[next], [&](const Root& root) {
      reads_vars |= root.kind == RootKind::Var || root.kind == RootKind::Vars;
      const ir::StageId stage(root.a);
      const bool is_new_stage =
          IsStageOutput(root) && std::ranges::find(reached, stage) == reached.end();
      if (is_new_stage && reached.size() <= kMaxStages) reached.push_back(stage);
    });
  }
  passes_on_vars_[id] = reads_vars;
  return reads_vars;
}

PossibleValues::Values PossibleValues::Find(ir::ExprId id, const expr::Type& type) {
  const expr::Expr& node = project_.exprs[id];
  if (node.has_poison) return std::nullopt;
  if (node.op == Op::Const) return std::vector<Value>{project_.exprs.constant(node)};
  if (expr::IsFixed(project_.exprs, id)) {
    const std::optional<Value> value = expr::Fold(project_.exprs, id);
    if (!value || value->is_error()) return std::nullopt;
    return std::vector<Value>{*value};
  }
  if (node.op == Op::Load) {
    const Root& root = project_.exprs.root(node);
    const bool is_status =
        root.kind == RootKind::StageField && StageFieldOf(root) == StageField::Status;
    if (is_status) return FindStatuses(ir::StageId(root.a));
  }
  if (IsApplied(node)) {
    if (Values values = Apply(id)) return values;
  }
  return FindByType(type);
}

void PossibleValues::Bind(const expr::Expr& loop, ir::ExprId range) {
  if (!expr::BindsNames(loop.op) || !IsNarrowed(range)) return;
  const bool is_list = expr::IsLoop(loop.op) && !expr::NamesPairs(loop.op);
  const expr::Type declared = is_list ? TypeOf(range) : expr::kDyn;
  expr::TypeTable& table = types_.table();
  const bool is_known = !declared.IsDyn() && !declared.IsNever();
  bound_[loop.payload] =
      is_known ? table.Join(table.ItemOf(declared), table.KeyOf(declared)) : expr::kDyn;
  if (expr::NamesPairs(loop.op)) bound_[loop.payload + 1] = expr::kDyn;
}

void PossibleValues::Release(const expr::Expr& loop) {
  if (!expr::BindsNames(loop.op)) return;
  bound_.erase(loop.payload);
  if (expr::NamesPairs(loop.op)) bound_.erase(loop.payload + 1);
}

bool PossibleValues::IsNarrowed(ir::ExprId id) const {
  const expr::Expr& node = project_.exprs[id];
  if (types_.FindDeclared(id) != nullptr) return true;
  if (node.op == Op::Binding && bound_.contains(node.payload)) return true;
  return std::ranges::any_of(project_.exprs.children(node),
                             [&](ir::ExprId child) { return IsNarrowed(child); });
}

expr::Type PossibleValues::DeclaredTypeOf(ir::ExprId id) {
  const expr::Expr& node = project_.exprs[id];
  if (node.op == Op::Binding) {
    const auto bound = bound_.find(node.payload);
    if (bound != bound_.end()) return bound->second;
  }
  const auto children = project_.exprs.children(node);
  const bool is_field = node.op == Op::Select;
  const bool is_key = node.op == Op::Index && IsConstText(project_.exprs, children[1]);
  if (is_field || is_key) {
    const expr::Type map = TypeOf(children[0]);
    if (map.IsDyn() || map.IsNever()) return expr::kDyn;
    const std::string_view name =
        is_field ? project_.exprs.name(node) : project_.exprs.constant(children[1]).AsString();
    return types_.table().FieldOf(map, name).type;
  }
  const bool is_name = children.empty();
  const expr::Type* declared = types_.FindDeclared(id);
  return is_name && declared != nullptr ? *declared : expr::kDyn;
}

expr::Type PossibleValues::TypeOf(ir::ExprId id) {
  const expr::Type type = IsNarrowed(id) ? DeclaredTypeOf(id) : types_.of(id);
  return types_.ConstantOf(type) != nullptr ? expr::kDyn : type;
}

PossibleValues::Values PossibleValues::FindByType(const expr::Type& type) {
  if (type.IsNever() || type.IsDyn()) return std::nullopt;
  if (type.IsOnly(KindsOf(Kind::Null))) return std::vector<Value>{Value::Null()};
  if (type.IsOnly(KindsOf(Kind::Bool)) && !type.schema.has_value()) {
    return std::vector<Value>{Value::Bool(false), Value::Bool(true)};
  }
  if (!type.IsOnly(expr::kJsonKinds) || !type.schema.has_value()) return std::nullopt;
  const auto [entry, is_new] = by_schema_.try_emplace(type.schema);
  if (is_new) {
    entry->second = project_.schemas.FiniteValues(type.schema);
    if (entry->second && entry->second->size() > kMaxValues) entry->second.reset();
  }
  Values values = entry->second;
  if (!values) return values;
  const KindSet kinds = WithEqualKinds(type.kinds);
  std::erase_if(*values, [&](const Value& value) { return (KindsOf(value.kind()) & kinds) == 0; });
  if (values->empty()) return std::nullopt;
  return values;
}

TypeValues PossibleValues::BoundsOf(const expr::Type& type) {
  if (!type.schema.has_value()) return FindBounds(project_, types_, type);
  const auto [entry, is_new] = bounds_.try_emplace({type.schema, type.kinds});
  if (is_new) entry->second = FindBounds(project_, types_, type);
  return entry->second;
}

/// The statuses with which the stage can have ended where the field is evaluated.
PossibleValues::Values PossibleValues::FindStatuses(ir::StageId stage) {
  std::vector<Value> statuses;
  if (!ChargeBudget(kExpensiveQuestion)) return std::nullopt;
  for (const StageStatus status : AllOf<StageStatus>()) {
    const presence::EndingSet endings = presence::EndingsOf(StatusesOf(status));
    const presence::Formula ended = presence_.analysis().EndedAs(stage, endings, runs_.world);
    if (presence_.Never(presence_.formulas().And(runs_.when, ended))) continue;
    statuses.push_back(Value::String(Spell(status)));
  }
  if (statuses.empty()) return std::nullopt;
  return statuses;
}

/// The results for all combinations of the operands' values.
PossibleValues::Values PossibleValues::Apply(ir::ExprId id) {
  const expr::Expr& node = project_.exprs[id];
  const bool is_type =
      node.op == Op::Call && node.payload == static_cast<uint32_t>(Builtin::TypeOf);
  const auto children = project_.exprs.children(node);
  if (is_type) return FindKindValues(TypeOf(children[0]));
  const bool hides = node.op == Op::Call && node.payload == static_cast<uint32_t>(Builtin::Dyn);
  if (hides) return std::nullopt;
  std::vector<std::vector<Value>> of_operands;
  size_t count = 1;
  for (const ir::ExprId child : children) {
    Values values = Find(child);
    if (!values || values->size() * count > kMaxValues) return std::nullopt;
    count *= values->size();
    of_operands.push_back(*std::move(values));
  }
  Combinations combinations(1);
  for (const std::vector<Value>& values : of_operands) combinations = Extend(combinations, values);
  std::vector<Value> results;
  for (const std::vector<Value>& operands : combinations) {
    if (!ChargeBudget(kExpensiveQuestion)) return std::nullopt;
    Value result = EvaluateWith(node, operands);
    if (result.is_error() && result.error_code() == EvalError::Unknown) return std::nullopt;
    if (!result.is_error()) AddNew(results, std::move(result));
  }
  if (results.empty()) return std::nullopt;
  return results;
}

bool PossibleValues::Accepts(const expr::Type& type, const Value& value) {
  if (type.IsNever() || type.IsDyn()) return true;
  if ((WithEqualKinds(type.kinds) & KindsOf(value.kind())) == 0) return false;
  if ((KindsOf(value.kind()) & expr::kJsonKinds) == 0) return true;
  const ir::SchemaId schema = types_.SchemaOf(type);
  if (!schema.has_value() || !ChargeBudget(kExpensiveQuestion)) return true;
  return project_.schemas.Validate(schema, value).empty();
}

bool PossibleValues::CanEqual(ir::ExprId id, const Value& value) {
  const expr::Type type = TypeOf(id);
  const Values values = Find(id, type);
  return values ? std::ranges::find(*values, value) != values->end() : Accepts(type, value);
}

std::string PossibleValues::ExplainNeverEqual(ir::ExprId id, const Value& value) {
  const expr::Type type = TypeOf(id);
  if ((WithEqualKinds(type.kinds) & KindsOf(value.kind())) == 0) {
    return fmt::format(": it is of type {}", types_.Describe(type));
  }
  const ir::SchemaId schema = types_.SchemaOf(type);
  if (!schema.has_value()) return "";
  if (const auto listed = project_.schemas.FiniteValues(schema)) {
    return SuggestValue(value, *listed);
  }
  const std::vector<types::Mismatch> mismatches = project_.schemas.Validate(schema, value);
  return mismatches.empty() ? "" : ": " + mismatches.front().message;
}

std::string PossibleValues::ExplainHeld(ir::ExprId container, const Value& value) {
  expr::TypeTable& table = types_.table();
  const expr::Type type = TypeOf(container);
  const expr::Type parts = table.Join(table.ItemOf(type), table.KeyOf(type));
  const Values possible = FindByType(parts);
  if (!possible) return "";
  const std::string list = ListValues(*possible);
  return (list.empty() ? "" : ", only " + list) + SuggestValue(value, *possible);
}

bool PossibleValues::CanHold(ir::ExprId container, const Value& value) {
  const expr::Type type = TypeOf(container);
  if (type.IsDyn() || type.IsNever()) return true;
  expr::TypeTable& table = types_.table();
  const bool is_item = type.CanBe(KindsOf(Kind::List)) && Accepts(table.ItemOf(type), value);
  const bool is_key = type.CanBe(KindsOf(Kind::Map)) && Accepts(table.KeyOf(type), value);
  return is_item || is_key;
}

std::optional<Bound> PossibleValues::FindBound(ir::ExprId id, Op op) {
  const expr::Type type = TypeOf(id);
  if (Find(id, type) || type.IsNever() || !type.IsOnly(expr::kNumberKinds)) return std::nullopt;
  const TypeValues bounds = BoundsOf(type);
  const bool is_below = op == Op::Less || op == Op::LessEqual;
  const std::optional<Value>& end = is_below ? bounds.most : bounds.least;
  if (!end) return std::nullopt;
  const bool is_excluded = is_below ? bounds.excludes_most : bounds.excludes_least;
  const Op inclusive = is_below ? Op::LessEqual : Op::GreaterEqual;
  const Op exclusive = is_below ? Op::Less : Op::Greater;
  return Bound{.op = is_excluded ? exclusive : inclusive, .value = *end};
}

std::optional<bool> PossibleValues::FindOrder(ir::ExprId id, Op op, const Value& number) {
  if (!ChargeBudget(kCheapQuestion)) return std::nullopt;
  const expr::Type type = TypeOf(id);
  if (const Values values = Find(id, type)) {
    if (AreAllOrdered(*values, op, number)) return true;
    const bool is_opposite = AreAllOrdered(*values, expr::Opposite(op), number);
    return is_opposite ? std::optional(false) : std::nullopt;
  }
  if (type.IsNever() || !type.IsOnly(expr::kNumberKinds)) return std::nullopt;
  const TypeValues bounds = BoundsOf(type);
  if (AreBoundsOrdered(bounds, op, number)) return true;
  const bool is_opposite = AreBoundsOrdered(bounds, expr::Opposite(op), number);
  return is_opposite ? std::optional(false) : std::nullopt;
}

}  // namespace wfc::passes
