#include "passes/conditions/constant_parts.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "ir/expr/compiler.h"
#include "ir/expr/fixed.h"
#include "ir/expr/mirror.h"
#include "ir/expr_printer.h"
#include "passes/flow/constants.h"
#include "passes/flow/nearest_value.h"

namespace wfc::passes {

namespace {

using expr::KindsOf;
using expr::Op;

std::string_view NameOfOrder(Op op) {
  if (op == Op::Less) return "less than";
  if (op == Op::LessEqual) return "at most";
  return op == Op::Greater ? "greater than" : "at least";
}

/// Whether the second child of the node is the predicate of a loop.
bool HasPredicate(const expr::Expr& node) {
  return expr::IsLoop(node.op) &&
         (node.op == Op::Filter || node.children.count == 3 || node.op == Op::All ||
          node.op == Op::Exists || node.op == Op::ExistsOne || node.op == Op::AllPairs ||
          node.op == Op::ExistsPair || node.op == Op::ExistsOnePair);
}

bool IsComparison(Op op) {
  return op == Op::Equal || op == Op::NotEqual || op == Op::In || expr::IsOrder(op);
}

/// Whether there may be a condition in the expression.
bool MayHoldCondition(const expr::Expr& node) {
  return node.has_claim || node.has_choice || node.has_loop;
}

}  // namespace

ConstantParts::ConstantParts(PassContext& context)
    : sources_(context.sources),
      project_(context.project),
      types_(context.types()),
      values_(context) {}

bool ConstantParts::MayFind(ir::ExprId field, FieldRole role) const {
  if (!field.has_value() || expr::HasPoison(project_.exprs, field)) return false;
  return role == FieldRole::Condition || MayHoldCondition(project_.exprs[field]);
}

std::vector<ConstantPart> ConstantParts::Find(ir::ExprId field, std::string_view name,
                                              FieldRole role, const EvaluationRuns& runs) {
  if (!MayFind(field, role)) return {};
  values_.Enter(runs);
  Visit(field, name, role);
  return std::exchange(parts_, {});
}

std::string ConstantParts::Show(ir::ExprId id) const {
  return ir::ShowExpr(sources_, project_, id);
}

ConstantParts::Truth ConstantParts::Add(Span span, std::string_view where, Truth truth,
                                        std::string why) {
  parts_.push_back(
      {.span = span, .where = std::string(where), .truth = truth, .why = std::move(why)});
  return truth;
}

void ConstantParts::Relabel(size_t first, bool part_truth, std::string_view where, bool truth) {
  for (size_t i = first; i < parts_.size(); ++i) {
    if (parts_[i].truth != part_truth) continue;
    parts_[i].where = where;
    parts_[i].truth = truth;
  }
}

/// Recurses as deep as the expression's parser does.
ConstantParts::Truth ConstantParts::Visit(ir::ExprId id, std::string_view where, FieldRole role) {
  const expr::Expr& node = project_.exprs[id];
  const bool is_plain = expr::IsFixed(project_.exprs, id) || !MayHoldCondition(node);
  if (is_plain && role == FieldRole::Value) return std::nullopt;
  switch (node.op) {
    case Op::Not:
      return VisitNot(id, where);
    case Op::And:
    case Op::Or:
      return VisitLogic(id, where);
    default:
      break;
  }
  const bool is_condition = role == FieldRole::Condition;
  if (expr::IsFixed(project_.exprs, id)) {
    const std::optional<Value> value = expr::Fold(project_.exprs, id);
    const bool is_bool = value && value->kind() == Kind::Bool;
    return is_bool ? Add(node.span, where, value->AsBool(), "") : std::nullopt;
  }
  VisitParts(id);
  if (const Truth truth = VisitComparison(id, where)) return truth;
  return is_condition ? DecideClaim(id, where) : std::nullopt;
}

ConstantParts::Truth ConstantParts::VisitNot(ir::ExprId id, std::string_view where) {
  const size_t first = parts_.size();
  const Truth truth = Visit(project_.exprs.child(id, 0), where, FieldRole::Condition);
  if (!truth) return truth;
  Relabel(first, *truth, where, !*truth);
  return !*truth;
}

ConstantParts::Truth ConstantParts::VisitLogic(ir::ExprId id, std::string_view where) {
  const expr::Expr& node = project_.exprs[id];
  const bool decisive = node.op == Op::Or;  // the value that one operand gives to the whole
  const std::string_view operand = decisive ? "operand of `||`" : "operand of `&&`";
  const size_t first = parts_.size();
  bool all_known = true;
  bool is_decided = false;
  for (const ir::ExprId child : project_.exprs.children(node)) {
    const Truth truth = Visit(child, operand, FieldRole::Condition);
    all_known &= truth.has_value();
    is_decided |= truth == decisive;
  }
  if (!is_decided && !all_known) return std::nullopt;
  const bool whole = is_decided ? decisive : !decisive;
  Relabel(first, whole, where, whole);
  return whole;
}

void ConstantParts::VisitParts(ir::ExprId id) {
  const expr::Expr& node = project_.exprs[id];
  const auto children = project_.exprs.children(node);
  const bool bound_vars = binds_vars_;
  for (size_t i = 0; i < children.size(); ++i) {
    if (i > 0 && expr::BindsNames(node.op)) {
      binds_vars_ |= values_.ReadsVars(children[0]);
      values_.Bind(node, children[0]);
    }
    if (node.op == Op::Conditional && i == 0) {
      Visit(children[i], "condition of `?:`", FieldRole::Condition);
    } else if (i == 1 && HasPredicate(node)) {
      Visit(children[i], fmt::format("condition of `{}`", GetName(node.op)), FieldRole::Condition);
    } else {
      Visit(children[i], "comparison", FieldRole::Value);
    }
  }
  values_.Release(node);
  binds_vars_ = bound_vars;
}

ConstantParts::Truth ConstantParts::VisitComparison(ir::ExprId id, std::string_view where) {
  const Op op = project_.exprs[id].op;
  if (!IsComparison(op)) return std::nullopt;
  // A part that was reported has no type, and one that reads `vars` can change.
  const expr::Type& type = types_.of(id);
  if (type.IsDyn() || type.IsNever() || binds_vars_ || values_.ReadsVars(id)) return std::nullopt;
  if (op == Op::In) return DecideIn(id, where);
  return expr::IsOrder(op) ? DecideOrder(id, where) : DecideEquality(id, where);
}

std::optional<Value> ConstantParts::FindWritten(ir::ExprId id) const {
  if (!expr::IsFixed(project_.exprs, id)) return std::nullopt;
  std::optional<Value> value = expr::Fold(project_.exprs, id);
  return value && !value->is_error() ? value : std::nullopt;
}

ConstantParts::Truth ConstantParts::DecideEquality(ir::ExprId id, std::string_view where) {
  const ir::ExprId left = project_.exprs.child(id, 0);
  const ir::ExprId right = project_.exprs.child(id, 1);
  if (FindWritten(right)) return DecideConstant(id, left, right, where);
  if (FindWritten(left)) return DecideConstant(id, right, left, where);
  const auto of_left = values_.Find(left);
  const auto of_right = values_.Find(right);
  if (!of_left || !of_right) return std::nullopt;
  const bool can_be_equal = std::ranges::any_of(*of_left, [&](const Value& value) {
    return std::ranges::find(*of_right, value) != of_right->end();
  });
  if (can_be_equal) return std::nullopt;
  return Add(project_.exprs[id].span, where, project_.exprs[id].op == Op::NotEqual,
             fmt::format("{}, and {}", ExplainOnly(left), ExplainOnly(right)));
}

ConstantParts::Truth ConstantParts::DecideConstant(ir::ExprId id, ir::ExprId subject,
                                                   ir::ExprId constant, std::string_view where) {
  const expr::Expr& node = project_.exprs[id];
  const Value value = *FindWritten(constant);
  if (!values_.CanEqual(subject, value)) {
    return Add(project_.exprs[constant].span, where, node.op == Op::NotEqual,
               ExplainNever(subject, value));
  }
  const auto possible = values_.Find(subject);
  const bool is_only = possible && possible->size() == 1 && possible->front() == value;
  if (!is_only || IsStatus(subject)) return std::nullopt;
  return Add(node.span, where, node.op == Op::Equal, ExplainOnly(subject));
}

ConstantParts::Truth ConstantParts::DecideIn(ir::ExprId id, std::string_view where) {
  const ir::ExprId subject = project_.exprs.child(id, 0);
  const ir::ExprId container = project_.exprs.child(id, 1);
  if (const std::optional<Value> list = FindWritten(container)) {
    return list->kind() == Kind::List ? DecideListed(id, *list, where) : std::nullopt;
  }
  const std::optional<Value> value = FindWritten(subject);
  if (!value || values_.CanHold(container, *value)) return std::nullopt;
  return Add(project_.exprs[subject].span, where, false,
             fmt::format("`{}` never holds `{}`{}", Show(container), ShowValue(*value),
                         values_.ExplainHeld(container, *value)));
}

/// Adds the items of the list that can never be met; a list of only such items is never met.
ConstantParts::Truth ConstantParts::DecideListed(ir::ExprId id, const Value& list,
                                                 std::string_view where) {
  const ir::ExprId subject = project_.exprs.child(id, 0);
  std::vector<const Value*> never;
  for (const Value& item : list.items()) {
    if (!values_.CanEqual(subject, item)) never.push_back(&item);
  }
  const ir::ExprId written = project_.exprs.child(id, 1);
  const bool is_never = never.size() == list.items().size() && !never.empty();
  if (is_never) {
    return Add(SpanOfItem(written, *never.front()), where, false,
               ExplainNever(subject, *never.front()));
  }
  constexpr size_t kMaxReported = 16;
  for (const Value* item : std::span(never).first(std::min(never.size(), kMaxReported))) {
    Add(SpanOfItem(written, *item), where, std::nullopt, ExplainNever(subject, *item));
  }
  const auto possible = values_.Find(subject);
  const bool is_always = possible && std::ranges::all_of(*possible, [&](const Value& value) {
                           return std::ranges::find(list.items(), value) != list.items().end();
                         });
  if (!is_always || !never.empty() || IsStatus(subject)) return std::nullopt;
  return Add(project_.exprs[id].span, where, true, ExplainOnly(subject));
}

ConstantParts::Truth ConstantParts::DecideOrder(ir::ExprId id, std::string_view where) {
  Op op = project_.exprs[id].op;
  ir::ExprId subject = project_.exprs.child(id, 0);
  ir::ExprId constant = project_.exprs.child(id, 1);
  std::optional<Value> number = FindWritten(constant);
  if (!number) {
    std::swap(subject, constant);
    op = expr::Mirror(op);
    number = FindWritten(constant);
  }
  if (!number || !number->is_number()) return std::nullopt;
  const std::optional<bool> holds = values_.FindOrder(subject, op, *number);
  if (!holds) return std::nullopt;
  return Add(project_.exprs[id].span, where, holds,
             ExplainOrder(subject, *holds ? op : expr::Opposite(op), *number));
}

/// Why `subject op number` always holds: by the bound of the subject's type where it has one.
std::string ConstantParts::ExplainOrder(ir::ExprId subject, Op op, const Value& number) {
  const std::string shown = Show(subject);
  const std::optional<Bound> bound = values_.FindBound(subject, op);
  if (!bound) return fmt::format("`{}` is always {} {}", shown, NameOfOrder(op), ShowValue(number));
  return fmt::format("`{}` is {} {}", shown, NameOfOrder(bound->op), ShowValue(bound->value));
}

/// Decides an expression that is a condition by itself: a boolean or a call.
ConstantParts::Truth ConstantParts::DecideClaim(ir::ExprId id, std::string_view where) {
  const expr::Expr& node = project_.exprs[id];
  const bool asks_for_presence = node.op == Op::Has || node.op == Op::Present;
  // A comparison that its operands do not decide may be true or false, by its type.
  if (asks_for_presence || IsComparison(node.op)) return std::nullopt;
  if (binds_vars_ || values_.ReadsVars(id)) return std::nullopt;
  const auto possible = values_.Find(id);
  const bool is_known = possible && possible->size() == 1 && possible->front().kind() == Kind::Bool;
  if (!is_known) return std::nullopt;
  return Add(node.span, where, possible->front().AsBool(), ExplainOnly(id));
}

/// Whether the expression is the status of a stage. It is often certain how a stage has ended, and
/// still worth writing.
bool ConstantParts::IsStatus(ir::ExprId id) const {
  const expr::Expr& node = project_.exprs[id];
  return node.op == Op::Load && project_.exprs.root(node).kind == RootKind::StageField &&
         StageFieldOf(project_.exprs.root(node)) == StageField::Status;
}

/// The span of the item as written, or of the whole list if it is computed.
Span ConstantParts::SpanOfItem(ir::ExprId list, const Value& item) const {
  if (project_.exprs[list].op == Op::List) {
    for (const ir::ExprId child : project_.exprs.children(list)) {
      const std::optional<Value> written = FindWritten(child);
      if (written && Identical(*written, item)) return project_.exprs[child].span;
    }
  }
  return project_.exprs[list].span;
}

std::string ConstantParts::ExplainNever(ir::ExprId subject, const Value& value) {
  const std::string shown = Show(subject);
  if (const auto possible = values_.Find(subject)) {
    const std::string list = ListValues(*possible);
    return fmt::format("`{}` is never `{}`{}{}", shown, ShowValue(value),
                       list.empty() ? "" : ", only " + list, SuggestValue(value, *possible));
  }
  const std::string why = values_.ExplainNeverEqual(subject, value);
  return fmt::format("`{}` is never `{}`{}", shown, ShowValue(value), why);
}

std::string ConstantParts::ExplainOnly(ir::ExprId subject) {
  const auto possible = values_.Find(subject);
  const std::string list = possible ? ListValues(*possible) : "";
  return fmt::format("`{}` is {}", Show(subject), list.empty() ? "known" : "only " + list);
}

EvaluationRuns FindEvaluationRuns(PassContext& context, ir::StageId stage, Moment moment) {
  const presence::StageFormulas& is = context.presence().analysis().of(stage);
  EvaluationRuns runs{.when = is.starts, .world = context.presence().analysis().world_of(stage)};
  if (moment == Moment::Joined) runs.when = is.is_joined;
  if (moment == Moment::Failed) runs.when = is.fails;
  return runs;
}

void AddConstantNotes(PassContext& context, diag::Reported& reported, ir::StageId stage,
                      ir::ExprId condition, Moment moment) {
  const std::vector<ConstantPart> parts = ConstantParts(context).Find(
      condition, "condition", FieldRole::Condition, FindEvaluationRuns(context, stage, moment));
  for (const ConstantPart& part : parts) {
    if (!part.why.empty()) reported.AddNote(part.span, part.why);
  }
}

}  // namespace wfc::passes
