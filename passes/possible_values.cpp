#include "passes/possible_values.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ir/expr/compiler.h"
#include "ir/expr/reads.h"
#include "passes/constants.h"
#include "passes/nearest_value.h"
#include "passes/stage_fields.h"

namespace wfc::passes {

namespace {

using expr::KindSet;
using expr::KindsOf;
using expr::Op;
using presence::Ending;
using presence::SetOf;

struct StatusEndings {
  std::string_view status;
  presence::EndingSet endings;
};

constexpr StatusEndings kStatuses[] = {
    {"succeeded", SetOf(Ending::Succeeded, Ending::SucceededWithout)},
    {"recovered", SetOf(Ending::Recovered, Ending::RecoveredWithout)},
    {"tolerated", SetOf(Ending::Tolerated)},
    {"failed", SetOf(Ending::Failed)},
    {"skipped", presence::kSkipped},
    {"cancelled", SetOf(Ending::Cancelled)},
};

/// Kinds of values that can be equal to one of these.
KindSet WithEqualKinds(KindSet kinds) {
  return (kinds & expr::kNumberKinds) != 0 ? kinds | expr::kNumberKinds : kinds;
}

/// Evaluated with any of their operands' values, they say what the whole can be.
bool IsApplied(const expr::Expr& node) {
  return node.op == Op::Call || node.op == Op::Not || node.op == Op::Negate || node.op == Op::Add ||
         node.op == Op::Subtract || node.op == Op::Multiply || node.op == Op::Divide ||
         node.op == Op::Modulo || node.op == Op::Concat || node.op == Op::Render;
}

void AddNew(std::vector<Value>& values, Value value) {
  if (std::ranges::find(values, value) == values.end()) values.push_back(std::move(value));
}

}  // namespace

PossibleValues::PossibleValues(PassContext& context)
    : project_(context.project), types_(context.types()), presence_(context.presence()) {}

bool PossibleValues::ReadsVars(ir::ExprId id) {
  if (!id.has_value()) return false;
  bool reads_vars = false;
  expr::ForEachRead(project_.exprs, id, [&](const expr::Read& read) {
    if (reads_vars) return;
    reads_vars = read.root.kind == RootKind::Var || read.root.kind == RootKind::Vars;
    if (IsStageOutput(read.root)) reads_vars |= PassesOnVars(ir::StageId(read.root.a));
  });
  return reads_vars;
}

bool PossibleValues::BodyReadsVars(ir::BodyId id) {
  if (!id.has_value()) return false;
  const ir::Body& body = project_.bodies[id];
  if (ReadsVars(body.output)) return true;
  return std::ranges::any_of(project_.stages_of(body),
                             [&](ir::StageId stage) { return PassesOnVars(stage); });
}

bool PossibleValues::PassesOnVars(ir::StageId id) {
  // While it is being looked at it counts as one that does, so that a cycle ends.
  const auto [known, is_new] = passes_on_vars_.try_emplace(id.index(), true);
  if (!is_new) return known->second;
  const ir::Stage& stage = project_.stages[id];
  bool reads_vars = BodyReadsVars(stage.fallback);
  for (const ir::Route& route : project_.routes_of(stage)) reads_vars |= BodyReadsVars(route.body);
  ForEachField(project_, stage,
               [&](ir::ExprId field, Moment) { reads_vars = reads_vars || ReadsVars(field); });
  passes_on_vars_[id.index()] = reads_vars;
  return reads_vars;
}

PossibleValues::Values PossibleValues::Find(ir::ExprId id) {
  const expr::Expr& node = project_.exprs[id];
  if (node.has_poison) return std::nullopt;
  if (node.op == Op::Const) return std::vector<Value>{project_.exprs.constant(node)};
  if (node.is_constant) {
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
  return FindByType(types_.of(id));
}

PossibleValues::Values PossibleValues::FindByType(const expr::Type& type) {
  if (type.IsNever() || type.IsDyn()) return std::nullopt;
  if (const Value* constant = types_.ConstantOf(type)) return std::vector<Value>{*constant};
  if (type.IsOnly(KindsOf(Kind::Null))) return std::vector<Value>{Value::Null()};
  if (type.IsOnly(KindsOf(Kind::Bool)) && !type.schema.has_value()) {
    return std::vector<Value>{Value::Bool(false), Value::Bool(true)};
  }
  if (!type.IsOnly(expr::kJsonKinds) || !type.schema.has_value()) return std::nullopt;
  const auto [entry, is_new] = by_schema_.try_emplace(type.schema.index());
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

/// Those with which it can have ended where the field is evaluated.
PossibleValues::Values PossibleValues::FindStatuses(ir::StageId stage) {
  std::vector<Value> statuses;
  for (const auto& [status, endings] : kStatuses) {
    const presence::Formula ended = presence_.analysis().EndedAs(stage, endings, moments_.world);
    if (presence_.Never(presence_.formulas().And(moments_.when, ended))) continue;
    statuses.push_back(Value::String(status));
  }
  if (statuses.empty()) return std::nullopt;
  return statuses;
}

/// What `type(operand)` yields.
PossibleValues::Values PossibleValues::FindKinds(ir::ExprId operand) {
  const expr::Type& type = types_.of(operand);
  if (type.IsDyn() || type.IsNever() || !type.IsOnly(expr::kJsonKinds)) return std::nullopt;
  std::vector<Value> kinds;
  for (size_t kind = 0; kind < kKindCount; ++kind) {
    if (type.CanBe(KindsOf(static_cast<Kind>(kind)))) {
      kinds.push_back(Value::Type(static_cast<Kind>(kind)));
    }
  }
  return kinds;
}

/// All combinations of what the operands can be.
PossibleValues::Values PossibleValues::Apply(ir::ExprId id) {
  const expr::Expr& node = project_.exprs[id];
  const bool is_type =
      node.op == Op::Call && node.payload == static_cast<uint32_t>(Builtin::TypeOf);
  const auto children = project_.exprs.children(node);
  if (is_type) return FindKinds(children[0]);
  const bool hides = node.op == Op::Call && node.payload == static_cast<uint32_t>(Builtin::Dyn);
  if (hides) return std::nullopt;
  std::vector<std::vector<Value>> combinations(1);
  for (const ir::ExprId child : children) {
    const Values values = Find(child);
    if (!values || values->size() * combinations.size() > kMaxValues) return std::nullopt;
    std::vector<std::vector<Value>> longer;
    for (const std::vector<Value>& combination : combinations) {
      for (const Value& value : *values) {
        longer.push_back(combination);
        longer.back().push_back(value);
      }
    }
    combinations = std::move(longer);
  }
  std::vector<Value> results;
  for (const std::vector<Value>& operands : combinations) {
    Value result = EvaluateWith(node, operands);
    if (result.is_error() && result.error_code() == ErrorCode::Unknown) return std::nullopt;
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
  return !schema.has_value() || project_.schemas.Validate(schema, value).empty();
}

bool PossibleValues::CanEqual(ir::ExprId id, const Value& value) {
  if (const Values values = Find(id)) return std::ranges::find(*values, value) != values->end();
  return Accepts(types_.of(id), value);
}

std::string PossibleValues::ExplainMisfit(ir::ExprId id, const Value& value) {
  const expr::Type& type = types_.of(id);
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
  const expr::Type& type = types_.of(container);
  const expr::Type parts = table.Unite(table.ItemOf(type), table.KeyOf(type));
  const Values possible = FindByType(parts);
  if (!possible) return "";
  const std::string list = ListValues(*possible);
  return (list.empty() ? "" : ", only " + list) + SuggestValue(value, *possible);
}

bool PossibleValues::CanHold(ir::ExprId container, const Value& value) {
  const expr::Type& type = types_.of(container);
  if (type.IsDyn() || type.IsNever()) return true;
  expr::TypeTable& table = types_.table();
  const bool is_item = type.CanBe(KindsOf(Kind::List)) && Accepts(table.ItemOf(type), value);
  const bool is_key = type.CanBe(KindsOf(Kind::Map)) && Accepts(table.KeyOf(type), value);
  return is_item || is_key;
}

bool PossibleValues::AlwaysOrdered(ir::ExprId id, Op op, const Value& number) {
  const expr::Type& type = types_.of(id);
  if (type.IsNever() || !type.IsOnly(expr::kNumberKinds)) return false;
  const ir::SchemaId schema = types_.SchemaOf(type);
  if (!schema.has_value()) return false;
  types::Schema ordered;
  if (op == Op::Less) ordered.exclusive_maximum = number;
  if (op == Op::LessEqual) ordered.maximum = number;
  if (op == Op::Greater) ordered.exclusive_minimum = number;
  if (op == Op::GreaterEqual) ordered.minimum = number;
  const types::SchemaRegistry& registry = project_.schemas;
  return registry.FindContainment(schema, registry.Derive(std::move(ordered))).verdict ==
         types::Containment::Yes;
}

}  // namespace wfc::passes
