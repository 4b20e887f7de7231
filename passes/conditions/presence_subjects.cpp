#include "passes/conditions/presence_subjects.h"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "ir/expr/mirror.h"
#include "ir/expr/reads.h"
#include "ir/expr_printer.h"
#include "ir/graph.h"
#include "passes/conditions/one_value.h"
#include "passes/conditions/presence_forms.h"
#include "passes/conditions/type_values.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

namespace {

using expr::Op;
using presence::Condition;
using presence::ConditionId;
using presence::Ending;
using presence::EndingSet;
using presence::SetOf;

EndingSet EndingsOfStatus(std::string_view word) {
  const std::optional<StageStatus> status = ParseWord<StageStatus>(word);
  return status ? presence::EndingsOf(StatusesOf(*status)) : EndingSet{0};
}

/// Whether the path has a value wherever its root has one, by the types that are declared.
bool IsAlwaysThere(const ir::Project& project, const ExpressionTypes& types, ir::ExprId path) {
  const expr::Expr& node = project.exprs[path];
  if (node.op == Op::Load) return true;
  if (node.op != Op::Select && node.op != Op::Has) return false;
  const ir::ExprId whole = project.exprs.child(path, 0);
  const expr::Type map = FindDeclaredType(project, types, whole);
  return map.IsOnly(expr::KindsOf(Kind::Map)) && IsAlwaysThere(project, types, whole) &&
         types.table().FieldOf(map, project.exprs.name(node)).presence == expr::Presence::Always;
}

}  // namespace

PresenceSubjects::PresenceSubjects(const ir::Project& project, const ExpressionTypes& types,
                                   presence::Graph& graph)
    : project_(project), types_(types), build_(graph), values_(project, types, graph) {}

/// Makes a claim that need not be an expression of the manifest: `text`, about what `id` reads.
ConditionId PresenceSubjects::Claim(ir::StageId stage, ir::ExprId id, std::string text) {
  return values_.AmongTrue(values_.AskForClaim(stage, id, std::move(text)));
}

void PresenceSubjects::CollectComparison(ir::StageId stage, const Comparison& comparison) {
  const expr::Expr& subject = project_.exprs[comparison.subject];
  if (subject.op == Op::Conditional) {
    CollectCondition(stage, project_.exprs.child(comparison.subject, 0));
    for (const uint32_t arm : {1U, 2U}) {
      Comparison of_arm = comparison;
      of_arm.subject = project_.exprs.child(comparison.subject, arm);
      CollectComparison(stage, of_arm);
    }
    return;
  }
  if (subject.op == Op::Coalesce) {
    for (const ir::ExprId argument : project_.exprs.children(subject)) {
      Comparison of_argument = comparison;
      of_argument.subject = argument;
      CollectComparison(stage, of_argument);
    }
    return;
  }
  if (FindWritten(project_, comparison.subject)) return;
  if (IsLogic(project_, comparison.subject)) return CollectCondition(stage, comparison.subject);
  ValueClasses& classes = values_.Ask(stage, comparison.subject).classes;
  for (const Value& constant : comparison.constants) {
    if (expr::IsOrder(comparison.op)) {
      classes.AddBound(constant);
    } else {
      classes.AddPoint(constant);
    }
  }
}

void PresenceSubjects::CollectCondition(ir::StageId stage, ir::ExprId id) {
  if (!collected_.insert(id).second) return;
  const expr::Expr& node = project_.exprs[id];
  if (FindWritten(project_, id) || AsksForEmptyText(project_, id)) return;
  const bool is_made_of_claims = node.op == Op::Not || node.op == Op::And || node.op == Op::Or ||
                                 node.op == Op::Conditional || ComparesBooleans(id);
  if (is_made_of_claims) {
    for (ir::ExprId child : project_.exprs.children(id)) CollectCondition(stage, child);
  } else if (const std::optional<Comparison> comparison = FindComparison(project_, id)) {
    CollectComparison(stage, *comparison);
  } else if (node.op == Op::Coalesce) {
    CollectComparison(stage, {.subject = id, .constants = {Value::Bool(true)}});
  } else if (std::string test = FindOptionalTest(project_, id); !test.empty()) {
    values_.AskForClaim(stage, id, std::move(test));
  } else {
    values_.Ask(stage, id).classes.AddPoint(Value::Bool(true));
  }
}

void PresenceSubjects::Collect(ir::StageId id) {
  const ir::Stage& stage = project_.stages[id];
  if (stage.condition.has_value()) CollectCondition(id, stage.condition);
  const ir::Assert* assertion = project_.FindAssert(stage);
  if (assertion != nullptr && assertion->condition.has_value()) {
    CollectCondition(id, assertion->condition);
  }
  const ir::Decide* decide = project_.FindDecide(stage);
  if (decide == nullptr) return;
  Comparison keys{.subject = decide->subject};
  for (const ir::Route& route : project_.routes_of(stage)) {
    if (route.when.has_value()) CollectCondition(id, route.when);
    if (!route.is_default) keys.constants.push_back(route.key);
  }
  if (keys.subject.has_value()) CollectComparison(id, keys);
}

const PresenceSubjects::Tried* PresenceSubjects::Try(ir::StageId stage, ir::ExprId id) {
  if (const auto known = tried_.find(id); known != tried_.end()) {
    return known->second.get();
  }
  std::unique_ptr<Tried>& tried = tried_[id];
  tried = MakeTried(stage, id);
  return tried.get();
}

/// The results of the expression for each value of the only path that it reads; null if the path
/// has too many values or more is read.
std::unique_ptr<PresenceSubjects::Tried> PresenceSubjects::MakeTried(ir::StageId stage,
                                                                     ir::ExprId id) {
  constexpr size_t kMaxTried = 32;
  const ir::ExprId path = FindOnlyPath(project_, id);
  if (!path.has_value()) return nullptr;
  const bool may_be_absent =
      types_.of(path).may_be_absent || Reads(project_, path, RootKind::StageField);
  if (may_be_absent && ToleratesAbsence(project_, id)) return nullptr;
  // A path with too many values to list is not kept.
  const bool is_asked = values_.IsAsked(path) || Reads(project_, path, RootKind::Var);
  if (!is_asked && !values_.HasListedValues(path)) return nullptr;
  ObservedValue& asked = values_.Ask(stage, path);
  const std::vector<Value>* values = asked.classes.listed();
  if (values == nullptr || values->size() > kMaxTried) return nullptr;
  auto tried = std::make_unique<Tried>();
  for (const Value& value : *values) {
    const std::optional<Value> result = EvaluateWith(project_, id, path, value);
    if (!result) return nullptr;
    tried->results.push_back(*result);
  }
  tried->asked = &asked;
  return tried;
}

/// The condition that the value is one of those for whose result `passes` is true.
ConditionId PresenceSubjects::Among(const Tried& tried,
                                    llvm::function_ref<bool(const Value&)> passes) {
  values_.MakeSubject(*tried.asked);
  const std::vector<Value>& values = *tried.asked->classes.listed();
  ConditionId any = build_.Constant(false);
  for (size_t i = 0; i < values.size(); ++i) {
    const std::optional<uint32_t> of_value = tried.asked->classes.ClassOf(values[i]);
    if (passes(tried.results[i]) && of_value)
      any = build_.Or(any, values_.Among(*tried.asked, {*of_value, 1}));
  }
  return any;
}

void PresenceSubjects::MakeSubjects() {
  holds_.reserve(collected_.size());
  tried_.reserve(collected_.size());
  values_.MakeSubjects();
}

/// Whether there are claims about the values of `subject` (ValueClasses::is_full).
bool PresenceSubjects::HasClasses(ir::StageId id, ir::ExprId subject) {
  if (FindWritten(project_, subject)) return true;
  const expr::Expr& node = project_.exprs[subject];
  if (node.op == Op::Conditional) {
    return HasClasses(id, project_.exprs.child(subject, 1)) &&
           HasClasses(id, project_.exprs.child(subject, 2));
  }
  if (node.op == Op::Coalesce) {
    return std::ranges::all_of(project_.exprs.children(node),
                               [&](ir::ExprId argument) { return HasClasses(id, argument); });
  }
  return IsLogic(project_, subject) || !values_.Ask(id, subject).classes.is_full();
}

/// The condition `subject op constant`, for a subject with classes.
ConditionId PresenceSubjects::Compared(ir::StageId id, ir::ExprId subject, Op op,
                                       const Value& constant) {
  const expr::Expr& node = project_.exprs[subject];
  if (const std::optional<Value> written = FindWritten(project_, subject)) {
    return build_.Constant(ValueClasses::Holds(*written, op, constant));
  }
  if (node.op == Op::Conditional) {
    const auto arms = project_.exprs.children(subject).subspan(1);
    return build_.Choose(Holds(id, project_.exprs.child(subject, 0)),
                         Compared(id, arms[0], op, constant), Compared(id, arms[1], op, constant));
  }
  if (node.op == Op::Coalesce) {
    const auto arguments = project_.exprs.children(subject);
    ConditionId whole = build_.Constant(false);
    for (size_t i = arguments.size(); i > 0; --i) {
      whole = build_.Choose(IsThere(id, arguments[i - 1]),
                            Compared(id, arguments[i - 1], op, constant), whole);
    }
    return whole;
  }
  if (IsLogic(project_, subject)) {
    const bool is_boolean = op == Op::Equal && constant.kind() == Kind::Bool;
    if (!is_boolean) return build_.Constant(false);
    return constant.is_true() ? Holds(id, subject) : build_.Not(Holds(id, subject));
  }
  const std::optional<Root> status = FindStageField(project_, subject, StageField::Status);
  if (status && op == Op::Equal && constant.is_string()) {
    return build_.EndedAs(ir::StageId(status->a), EndingsOfStatus(constant.AsString()));
  }
  if (const Tried* tried = IsPath(node.op) ? nullptr : Try(id, subject)) {
    return Among(*tried,
                 [&](const Value& value) { return ValueClasses::Holds(value, op, constant); });
  }
  ObservedValue& asked = values_.Ask(id, subject);
  values_.MakeSubject(asked);
  const std::optional<Root> exit = FindStageField(project_, subject, StageField::Exit);
  if (exit) return ComparedExit(ir::StageId(exit->a), asked, op, constant);
  if (op == Op::Equal && asked.size != nullptr) {
    return EqualsSized(asked, FindDeclaredType(project_, types_, subject), constant);
  }
  return values_.Among(asked, asked.classes.Find(op, constant));
}

/// The condition that a value equals an empty constant, expressed by its size; possible if no value
/// of another kind is empty.
ConditionId PresenceSubjects::EqualsSized(ObservedValue& asked, const expr::Type& type,
                                          const Value& constant) {
  const ConditionId equals = values_.Among(asked, asked.classes.Find(Op::Equal, constant));
  const std::optional<int64_t> size = SizeOf(constant);
  if (!size) return equals;
  const std::optional<uint32_t> at = asked.size->classes.ClassOf(Value::Int(*size));
  if (!at) return build_.Constant(false);
  const ConditionId has_size = values_.Among(*asked.size, {*at, 1});
  const Range null = asked.classes.Find(Op::Equal, Value::Null());
  const bool is_one_kind = type.IsOnly(expr::KindsOf(constant.kind(), Kind::Null)) &&
                           (null.count > 0 || !type.CanBe(expr::KindsOf(Kind::Null)));
  return build_.And(has_size,
                    *size == 0 && is_one_kind ? build_.Not(values_.Among(asked, null)) : equals);
}

/// The condition on the exit code of a command. A command that succeeded has exited with one of
/// `ok_exit`, and the class of the exit tells which one. Classes without any of these codes
/// represent the first.
ConditionId PresenceSubjects::ComparedExit(ir::StageId of, ObservedValue& asked, Op op,
                                           const Value& constant) {
  const std::vector<Value> exits = FindOkExits(project_, project_.stages[of]);
  ConditionId holds = build_.Constant(ValueClasses::Holds(exits.front(), op, constant));
  for (const Value& exit : std::span(exits).subspan(1)) {
    const std::optional<uint32_t> at = asked.classes.ClassOf(exit);
    if (!at) continue;
    holds = build_.Choose(values_.Among(asked, {*at, 1}),
                          build_.Constant(ValueClasses::Holds(exit, op, constant)), holds);
  }
  const ConditionId succeeded = build_.EndedAs(of, EndingsOfStatus("succeeded"));
  return build_.Choose(succeeded, holds, values_.Among(asked, asked.classes.Find(op, constant)));
}

ConditionId PresenceSubjects::Equals(ir::StageId id, ir::ExprId subject, const Value& key) {
  return Compared(id, subject, Op::Equal, key);
}

/// The condition that an argument of `coalesce` has a value.
ConditionId PresenceSubjects::IsThere(ir::StageId id, ir::ExprId argument) {
  if (FindWritten(project_, argument)) return build_.Constant(true);
  ConditionId is_there = build_.Constant(true);
  expr::ForEachRead(project_.exprs, argument, [&](const expr::Read& read) {
    const bool is_needed =
        read.root.kind == RootKind::StageField && read.tolerance == expr::Tolerance::Plain;
    if (is_needed) is_there = build_.And(is_there, build_.HasField(read.root));
  });
  const expr::Type& type = types_.of(argument);
  if (!type.may_be_absent && !type.IsDyn()) return is_there;
  return build_.And(is_there,
                    Claim(id, argument, fmt::format("has({})", ir::PrintExpr(project_, argument))));
}

/// The condition `has(stages.ID.output)`, or `has` of a field of it, which may be missing even if
/// the output is there.
ConditionId PresenceSubjects::IsPresent(ir::StageId id, ir::ExprId condition) {
  ConditionId is_there = build_.Constant(true);
  expr::ForEachRead(project_.exprs, condition, [&](const expr::Read& read) {
    if (read.root.kind == RootKind::StageField)
      is_there = build_.And(is_there, build_.HasField(read.root));
  });
  if (project_.exprs[condition].op == Op::Present) return is_there;
  if (IsAlwaysThere(project_, types_, condition)) return is_there;
  std::string test = FindOptionalTest(project_, condition);
  is_there = build_.And(is_there, test.empty() ? values_.AmongTrue(values_.Ask(id, condition))
                                               : Claim(id, condition, std::move(test)));
  // A value with a part is present itself, if conditions ask for that too.
  const auto is_field = [&](ir::ExprId part) {
    const Op op = project_.exprs[part].op;
    return op == Op::Select || op == Op::SelectOptional;
  };
  for (ir::ExprId part = project_.exprs.child(condition, 0); is_field(part);
       part = project_.exprs.child(part, 0)) {
    if (ObservedValue* asked = values_.FindHas(id, part))
      is_there = build_.And(is_there, values_.AmongTrue(*asked));
  }
  return is_there;
}

std::optional<ConditionId> PresenceSubjects::FindPresent(ir::StageId id, ir::ExprId path) {
  ObservedValue* asked = IsPath(project_.exprs[path].op) ? values_.FindHas(id, path) : nullptr;
  if (asked == nullptr) return std::nullopt;
  ConditionId is_there = values_.AmongTrue(*asked);
  expr::ForEachRead(project_.exprs, path, [&](const expr::Read& read) {
    if (read.root.kind == RootKind::StageField)
      is_there = build_.And(is_there, build_.HasField(read.root));
  });
  return is_there;
}

/// Whether the expression compares two booleans by `==` or `!=`, which says whether they agree.
bool PresenceSubjects::ComparesBooleans(ir::ExprId id) const {
  if (!IsEquality(project_.exprs[id].op) || FindComparison(project_, id)) return false;
  const auto sides = project_.exprs.children(id);
  return std::ranges::all_of(
      sides, [&](ir::ExprId side) { return IsLogic(project_, side) || values_.IsBool(side); });
}

/// The claim for a comparison of two sides that are not constants. Comparisons with the same
/// meaning, in either order, share one claim, and so do their negations.
ConditionId PresenceSubjects::ComparedSides(ir::StageId id, ir::ExprId condition) {
  Op op = project_.exprs[condition].op;
  ir::ExprId left = project_.exprs.child(condition, 0);
  ir::ExprId right = project_.exprs.child(condition, 1);
  if (ComparesBooleans(condition)) {
    const ConditionId other = Holds(id, right);
    const ConditionId same = build_.Choose(Holds(id, left), other, build_.Not(other));
    return op == Op::Equal ? same : build_.Not(same);
  }
  if (op == Op::Greater || op == Op::GreaterEqual) {
    std::swap(left, right);
    op = Mirror(op);
  }
  std::string one = ir::PrintExpr(project_, left);
  std::string other = ir::PrintExpr(project_, right);
  if (IsEquality(op)) {
    if (other < one) std::swap(one, other);
    const ConditionId same = Claim(id, condition, fmt::format("{} == {}", one, other));
    return op == Op::Equal ? same : build_.Not(same);
  }
  const bool is_total = !values_.MayBeNan(left) && !values_.MayBeNan(right);
  if (op == Op::Less || !is_total) {
    return Claim(id, condition, fmt::format("{} {} {}", one, op == Op::Less ? "<" : "<=", other));
  }
  return build_.Not(Claim(id, condition, fmt::format("{} < {}", other, one)));
}

ConditionId PresenceSubjects::Atom(ir::StageId id, ir::ExprId condition) {
  const expr::Expr& node = project_.exprs[condition];
  if (!FindOptionalTest(project_, condition).empty()) return IsPresent(id, condition);
  const std::optional<Comparison> comparison = FindComparison(project_, condition);
  const bool is_of_path = comparison && IsPath(project_.exprs[comparison->subject].op);
  if (const Tried* tried = is_of_path ? nullptr : Try(id, condition)) {
    return Among(*tried, [](const Value& value) { return value.is_true(); });
  }
  if (comparison) {
    if (!HasClasses(id, comparison->subject)) return values_.AmongTrue(values_.Ask(id, condition));
    ConditionId any;
    for (const Value& constant : comparison->constants) {
      const ConditionId holds = Compared(id, comparison->subject, comparison->op, constant);
      any = any.has_value() ? build_.Or(any, holds) : holds;
    }
    if (!any.has_value()) any = build_.Constant(false);
    return node.op == Op::NotEqual ? build_.Not(any) : any;
  }
  if (node.op == Op::Has || node.op == Op::Present) return IsPresent(id, condition);
  if (IsEquality(node.op) || expr::IsOrder(node.op)) return ComparedSides(id, condition);
  if (node.op == Op::In) return values_.AmongTrue(values_.Ask(id, condition));
  return Equals(id, condition, Value::Bool(true));
}

ConditionId PresenceSubjects::Holds(ir::StageId id, ir::ExprId condition) {
  if (const auto known = holds_.find(condition); known != holds_.end()) {
    return known->second;
  }
  const ConditionId holds = MakeHolds(id, condition);
  holds_[condition] = holds;
  return holds;
}

/// Recurses as deep as the expression's parser does.
ConditionId PresenceSubjects::MakeHolds(ir::StageId id, ir::ExprId condition) {
  const std::optional<Value> constant = FindWritten(project_, condition);
  if (constant) return build_.Constant(constant->is_true());
  if (AsksForEmptyText(project_, condition)) return build_.Constant(true);
  const expr::Expr& node = project_.exprs[condition];
  if (node.op == Op::Not) return build_.Not(Holds(id, project_.exprs.child(condition, 0)));
  if (node.op != Op::And && node.op != Op::Or) return Atom(id, condition);
  ConditionId whole;
  for (ir::ExprId child : project_.exprs.children(condition)) {
    const ConditionId part = Holds(id, child);
    if (!whole.has_value()) {
      whole = part;
    } else {
      whole = node.op == Op::And ? build_.And(whole, part) : build_.Or(whole, part);
    }
  }
  return whole;
}

}  // namespace wfc::passes
