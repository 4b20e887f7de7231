#include "passes/conditions/presence_subjects.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "ir/expr/compiler.h"
#include "ir/expr/mirror.h"
#include "ir/expr/reads.h"
#include "ir/expr/same_expression.h"
#include "ir/expr_printer.h"
#include "ir/graph.h"
#include "passes/conditions/one_value.h"
#include "passes/conditions/presence_forms.h"
#include "passes/conditions/same_value.h"
#include "passes/conditions/type_values.h"
#include "passes/flow/constants.h"
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

TypeValues OfClaim() {
  return {.listed = {{Value::Bool(true), Value::Bool(false)}}, .kinds = expr::KindsOf(Kind::Bool)};
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

/// Entries are visited in the order of their keys, so that results do not depend on hashes.
std::string_view SortKey(const llvm::StringMapEntry<ObservedValue>* asked) {
  return asked->getKey();
}

}  // namespace

PresenceSubjects::PresenceSubjects(const ir::Project& project, const ExpressionTypes& types,
                                   presence::Graph& graph)
    : project_(project), types_(types), graph_(graph) {}

bool PresenceSubjects::IsBool(ir::ExprId id) const {
  const expr::Type& type = types_.of(id);
  return !type.IsNever() && type.IsOnly(expr::KindsOf(Kind::Bool));
}

/// Whether the expression is a boolean but not a name of one.
bool PresenceSubjects::IsCondition(ir::ExprId id) const {
  return IsLogic(project_, id) || (!IsPath(project_.exprs[id].op) && IsBool(id));
}

/// Whether a number may be NaN, which JSON does not have. Names and constants are never NaN, nor is
/// a sum, difference or product of them.
bool PresenceSubjects::MayBeNan(ir::ExprId id) const {
  const expr::Expr& node = project_.exprs[id];
  const auto is_plain = [&](ir::ExprId part) {
    const Op op = project_.exprs[part].op;
    return IsPath(op) || op == Op::Const;
  };
  if (is_plain(id) || !types_.of(id).CanBe(expr::KindsOf(Kind::Double))) return false;
  const bool is_sum = node.op == Op::Add || node.op == Op::Subtract || node.op == Op::Multiply;
  return !is_sum || !std::ranges::all_of(project_.exprs.children(node), is_plain);
}

/// The values of an expression. For a name they must hold wherever the name is read, so that
/// narrowed types do not help; a computed value has the same type everywhere.
TypeValues PresenceSubjects::ValuesOf(ir::ExprId id) const {
  return IsCondition(id) ? OfClaim() : FindValuesAnywhere(project_, types_, id);
}

/// Whether the values of the path can be listed. Most stages yield what others yield, so answers
/// for whole outputs are kept by their types.
bool PresenceSubjects::HasListedValues(ir::ExprId path) {
  const expr::Expr& node = project_.exprs[path];
  const bool is_output = node.op == Op::Load && IsStageOutput(project_.exprs.root(node));
  if (!is_output) return ValuesOf(path).listed.has_value();
  const std::pair types = {types_.output(ir::StageId(project_.exprs.root(node).a)),
                           FindDeclaredType(project_, types_, path)};
  const auto known = std::ranges::find(outputs_, types, &decltype(outputs_)::value_type::first);
  if (known != outputs_.end()) return known->second;
  const bool is_listed = ValuesOf(path).listed.has_value();
  constexpr size_t kMostKept = 16;
  if (outputs_.size() < kMostKept) outputs_.emplace_back(types, is_listed);
  return is_listed;
}

ObservedValue& PresenceSubjects::Ask(ir::StageId stage, ir::ExprId id) {
  ObservedValue*& known = by_expression_[id];
  if (known != nullptr) return *known;
  const ir::WorkflowId workflow = project_.stages[stage].workflow;
  // The shift keeps clear of the greatest keys, which the map reserves.
  const uint64_t hash = (expr::HashAlike(project_.exprs, id) ^ workflow.index()) >> 1;
  Shared& shared = shared_[hash];
  const bool is_shared = shared.asked != nullptr && shared.workflow == workflow &&
                         expr::AreAlike(project_.exprs, shared.expression, id);
  known = is_shared ? shared.asked : &AskByText(stage, id);
  if (shared.asked == nullptr && IsSameInWorkflow(project_, id)) {
    shared = {.expression = id, .workflow = workflow, .asked = known};
  }
  return *known;
}

/// The entry of the expression's text, made if there is none yet. Printing takes much longer than
/// finding an expression that is alike.
ObservedValue& PresenceSubjects::AskByText(ir::StageId stage, ir::ExprId id) {
  std::string shown = ir::PrintExpr(project_, id);
  Asked& entry = *asked_.try_emplace(KeyOf(project_, stage, id, shown)).first;
  ObservedValue& asked = entry.getValue();
  if (!asked.shown.empty()) return asked;
  asked.shown = std::move(shown);
  asked.now = FindValueNow(project_, id);
  if (asked.now) of_vars_.push_back(&entry);
  asked.classes.SetPossible(ValuesOf(id));
  if (MayBeNan(id)) asked.classes.AllowNan();
  return asked;
}

/// Makes a claim that need not be an expression of the manifest: `text`, about what `id` reads.
ConditionId PresenceSubjects::Claim(ir::StageId stage, ir::ExprId id, std::string text) {
  return AmongTrue(AskForClaim(stage, id, std::move(text)));
}

ObservedValue& PresenceSubjects::AskForClaim(ir::StageId stage, ir::ExprId id, std::string text) {
  ObservedValue& asked = asked_[KeyOf(project_, stage, id, text)];
  if (!asked.shown.empty()) return asked;
  asked.shown = std::move(text);
  asked.classes.SetPossible(OfClaim());
  return asked;
}

ConditionId PresenceSubjects::AmongTrue(ObservedValue& asked) {
  if (!asked.subject.has_value()) MakeSubject(asked);
  return Among(asked, asked.classes.Find(Op::Equal, Value::Bool(true)));
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
  ValueClasses& classes = Ask(stage, comparison.subject).classes;
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
    AskForClaim(stage, id, std::move(test));
  } else {
    Ask(stage, id).classes.AddPoint(Value::Bool(true));
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

void PresenceSubjects::MakeSubjects() {
  holds_.reserve(collected_.size());
  tried_.reserve(collected_.size());
  std::vector<Asked*> sorted;
  sorted.reserve(asked_.size());
  for (Asked& asked : asked_) sorted.push_back(&asked);
  std::ranges::sort(sorted, {}, SortKey);
  for (Asked* asked : sorted) LinkSize(asked->getKey(), asked->getValue());
  for (Asked* asked : sorted) MakeSubject(asked->getValue());
}

/// Links a size to its value, since `size(input.s) > 0` tells something about `input.s == ""`. If
/// the value has few possible values, each is tried instead.
void PresenceSubjects::LinkSize(std::string_view key, ObservedValue& size) {
  constexpr std::string_view kBegin = "size(";
  const std::string_view shown = size.shown;
  if (!shown.starts_with(kBegin) || !shown.ends_with(')')) return;
  const std::string_view prefix = key.substr(0, key.size() - shown.size());
  const std::string_view sized = shown.substr(kBegin.size(), shown.size() - kBegin.size() - 1);
  const auto found = asked_.find(std::string(prefix).append(sized));
  if (found == asked_.end() || found->getValue().classes.listed() != nullptr) return;
  ObservedValue& asked = found->getValue();
  asked.size = &size;
  const bool has_empty = std::ranges::any_of(asked.classes.points(),
                                             [](const Value& point) { return SizeOf(point) == 0; });
  if (has_empty) size.classes.AddPoint(Value::Int(0));
}

void PresenceSubjects::MakeSubject(ObservedValue& asked) {
  asked.classes.Divide();
  asked.subject = graph_.subjects.Add({.class_count = std::max(asked.classes.size(), 1U)});
  by_subject_.resize(graph_.subjects.size());
  by_subject_[asked.subject.index()] = &asked;
}

ConditionId PresenceSubjects::VarsAreAsWritten() {
  ConditionId all = Constant(true);
  std::ranges::sort(of_vars_, {}, SortKey);
  for (Asked* entry : of_vars_) {
    ObservedValue& asked = entry->getValue();
    if (asked.now->is_error()) continue;
    const std::optional<uint32_t> now = asked.classes.ClassOf(*asked.now);
    if (now) all = And(all, Among(asked, {*now, 1}));
  }
  return all;
}

ConditionId PresenceSubjects::Constant(bool value) {
  return graph_.conditions.Add({.kind = value ? Condition::Kind::True : Condition::Kind::False});
}

ConditionId PresenceSubjects::Not(ConditionId condition) {
  return graph_.conditions.Add({.kind = Condition::Kind::Not, .a = condition.index()});
}

ConditionId PresenceSubjects::And(ConditionId left, ConditionId right) {
  return graph_.conditions.Add(
      {.kind = Condition::Kind::And, .a = left.index(), .b = right.index()});
}

ConditionId PresenceSubjects::Or(ConditionId left, ConditionId right) {
  return graph_.conditions.Add(
      {.kind = Condition::Kind::Or, .a = left.index(), .b = right.index()});
}

std::vector<ConditionId> PresenceSubjects::OneOf(uint32_t count) {
  const presence::SubjectId subject = graph_.subjects.Add({.class_count = std::max(count, 1U)});
  by_subject_.resize(graph_.subjects.size());
  Conditions claims;
  for (uint32_t i = 0; i < count; ++i) {
    claims.push_back(graph_.conditions.Add(
        {.kind = Condition::Kind::Among, .a = subject.index(), .b = i, .count = 1}));
  }
  return claims;
}

ConditionId PresenceSubjects::Among(ObservedValue& asked, Range classes) {
  if (!asked.subject.has_value()) MakeSubject(asked);
  if (classes.count == 0) return Constant(false);
  ConditionId& claim = asked.claims[{classes.first, classes.count}];
  if (!claim.has_value()) {
    claim = graph_.conditions.Add({.kind = Condition::Kind::Among,
                                   .a = asked.subject.index(),
                                   .b = classes.first,
                                   .count = classes.count});
  }
  return claim;
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
  const bool is_asked = by_expression_.contains(path) || Reads(project_, path, RootKind::Var);
  if (!is_asked && !HasListedValues(path)) return nullptr;
  ObservedValue& asked = Ask(stage, path);
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
  if (!tried.asked->subject.has_value()) MakeSubject(*tried.asked);
  const std::vector<Value>& values = *tried.asked->classes.listed();
  ConditionId any = Constant(false);
  for (size_t i = 0; i < values.size(); ++i) {
    const std::optional<uint32_t> of_value = tried.asked->classes.ClassOf(values[i]);
    if (passes(tried.results[i]) && of_value) any = Or(any, Among(*tried.asked, {*of_value, 1}));
  }
  return any;
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
  return IsLogic(project_, subject) || !Ask(id, subject).classes.is_full();
}

/// The condition `subject op constant`, for a subject with classes.
ConditionId PresenceSubjects::Compared(ir::StageId id, ir::ExprId subject, Op op,
                                       const Value& constant) {
  const expr::Expr& node = project_.exprs[subject];
  if (const std::optional<Value> written = FindWritten(project_, subject)) {
    return Constant(ValueClasses::Holds(*written, op, constant));
  }
  if (node.op == Op::Conditional) {
    const auto arms = project_.exprs.children(subject).subspan(1);
    return Choose(Holds(id, project_.exprs.child(subject, 0)), Compared(id, arms[0], op, constant),
                  Compared(id, arms[1], op, constant));
  }
  if (node.op == Op::Coalesce) {
    const auto arguments = project_.exprs.children(subject);
    ConditionId whole = Constant(false);
    for (size_t i = arguments.size(); i > 0; --i) {
      whole = Choose(IsThere(id, arguments[i - 1]), Compared(id, arguments[i - 1], op, constant),
                     whole);
    }
    return whole;
  }
  if (IsLogic(project_, subject)) {
    const bool is_boolean = op == Op::Equal && constant.kind() == Kind::Bool;
    if (!is_boolean) return Constant(false);
    return constant.is_true() ? Holds(id, subject) : Not(Holds(id, subject));
  }
  const std::optional<Root> status = FindStageField(project_, subject, StageField::Status);
  if (status && op == Op::Equal && constant.is_string()) {
    return graph_.conditions.Add({.kind = Condition::Kind::EndedAs,
                                  .a = status->a,
                                  .b = EndingsOfStatus(constant.AsString())});
  }
  if (const Tried* tried = IsPath(node.op) ? nullptr : Try(id, subject)) {
    return Among(*tried,
                 [&](const Value& value) { return ValueClasses::Holds(value, op, constant); });
  }
  ObservedValue& asked = Ask(id, subject);
  if (!asked.subject.has_value()) MakeSubject(asked);
  const std::optional<Root> exit = FindStageField(project_, subject, StageField::Exit);
  if (exit) return ComparedExit(ir::StageId(exit->a), asked, op, constant);
  if (op == Op::Equal && asked.size != nullptr) {
    return EqualsSized(asked, FindDeclaredType(project_, types_, subject), constant);
  }
  return Among(asked, asked.classes.Find(op, constant));
}

/// The condition that a value equals an empty constant, expressed by its size; possible if no value
/// of another kind is empty.
ConditionId PresenceSubjects::EqualsSized(ObservedValue& asked, const expr::Type& type,
                                          const Value& constant) {
  const ConditionId equals = Among(asked, asked.classes.Find(Op::Equal, constant));
  const std::optional<int64_t> size = SizeOf(constant);
  if (!size) return equals;
  const std::optional<uint32_t> at = asked.size->classes.ClassOf(Value::Int(*size));
  if (!at) return Constant(false);
  const ConditionId has_size = Among(*asked.size, {*at, 1});
  const Range null = asked.classes.Find(Op::Equal, Value::Null());
  const bool is_one_kind = type.IsOnly(expr::KindsOf(constant.kind(), Kind::Null)) &&
                           (null.count > 0 || !type.CanBe(expr::KindsOf(Kind::Null)));
  return And(has_size, *size == 0 && is_one_kind ? Not(Among(asked, null)) : equals);
}

/// The condition on the exit code of a command. A command that succeeded has exited with one of
/// `ok_exit`, and the class of the exit tells which one. Classes without any of these codes
/// represent the first.
ConditionId PresenceSubjects::ComparedExit(ir::StageId of, ObservedValue& asked, Op op,
                                           const Value& constant) {
  const std::vector<Value> exits = FindOkExits(project_, project_.stages[of]);
  ConditionId holds = Constant(ValueClasses::Holds(exits.front(), op, constant));
  for (const Value& exit : std::span(exits).subspan(1)) {
    const std::optional<uint32_t> at = asked.classes.ClassOf(exit);
    if (!at) continue;
    holds =
        Choose(Among(asked, {*at, 1}), Constant(ValueClasses::Holds(exit, op, constant)), holds);
  }
  const ConditionId succeeded = graph_.conditions.Add(
      {.kind = Condition::Kind::EndedAs, .a = of.index(), .b = EndingsOfStatus("succeeded")});
  return Choose(succeeded, holds, Among(asked, asked.classes.Find(op, constant)));
}

ConditionId PresenceSubjects::Equals(ir::StageId id, ir::ExprId subject, const Value& key) {
  return Compared(id, subject, Op::Equal, key);
}

ConditionId PresenceSubjects::Choose(ConditionId condition, ConditionId one, ConditionId other) {
  return Or(And(condition, one), And(Not(condition), other));
}

ConditionId PresenceSubjects::HasField(const Root& root) {
  return graph_.conditions.Add({.kind = Condition::Kind::HasField,
                                .a = root.a,
                                .b = static_cast<uint32_t>(StageFieldOf(root))});
}

/// The condition that an argument of `coalesce` has a value.
ConditionId PresenceSubjects::IsThere(ir::StageId id, ir::ExprId argument) {
  if (FindWritten(project_, argument)) return Constant(true);
  ConditionId is_there = Constant(true);
  expr::ForEachRead(project_.exprs, argument, [&](const expr::Read& read) {
    const bool is_needed =
        read.root.kind == RootKind::StageField && read.tolerance == expr::Tolerance::Plain;
    if (is_needed) is_there = And(is_there, HasField(read.root));
  });
  const expr::Type& type = types_.of(argument);
  if (!type.may_be_absent && !type.IsDyn()) return is_there;
  return And(is_there,
             Claim(id, argument, fmt::format("has({})", ir::PrintExpr(project_, argument))));
}

/// The condition `has(stages.ID.output)`, or `has` of a field of it, which may be missing even if
/// the output is there.
ConditionId PresenceSubjects::IsPresent(ir::StageId id, ir::ExprId condition) {
  ConditionId is_there = Constant(true);
  expr::ForEachRead(project_.exprs, condition, [&](const expr::Read& read) {
    if (read.root.kind == RootKind::StageField) is_there = And(is_there, HasField(read.root));
  });
  if (project_.exprs[condition].op == Op::Present) return is_there;
  if (IsAlwaysThere(project_, types_, condition)) return is_there;
  std::string test = FindOptionalTest(project_, condition);
  is_there = And(is_there, test.empty() ? AmongTrue(Ask(id, condition))
                                        : Claim(id, condition, std::move(test)));
  // A value with a part is present itself, if conditions ask for that too.
  const auto is_field = [&](ir::ExprId part) {
    const Op op = project_.exprs[part].op;
    return op == Op::Select || op == Op::SelectOptional;
  };
  for (ir::ExprId part = project_.exprs.child(condition, 0); is_field(part);
       part = project_.exprs.child(part, 0)) {
    if (ObservedValue* asked = FindHas(id, part)) is_there = And(is_there, AmongTrue(*asked));
  }
  return is_there;
}

/// The entry for `has` of the path; null if no condition asks for it.
ObservedValue* PresenceSubjects::FindHas(ir::StageId id, ir::ExprId path) {
  const std::string question = fmt::format("has({})", PrintPath(project_, path));
  const auto asked = asked_.find(KeyOf(project_, id, path, question));
  return asked == asked_.end() ? nullptr : &asked->getValue();
}

std::optional<ConditionId> PresenceSubjects::FindPresent(ir::StageId id, ir::ExprId path) {
  ObservedValue* asked = IsPath(project_.exprs[path].op) ? FindHas(id, path) : nullptr;
  if (asked == nullptr) return std::nullopt;
  ConditionId is_there = AmongTrue(*asked);
  expr::ForEachRead(project_.exprs, path, [&](const expr::Read& read) {
    if (read.root.kind == RootKind::StageField) is_there = And(is_there, HasField(read.root));
  });
  return is_there;
}

/// Whether the expression compares two booleans by `==` or `!=`, which says whether they agree.
bool PresenceSubjects::ComparesBooleans(ir::ExprId id) const {
  if (!IsEquality(project_.exprs[id].op) || FindComparison(project_, id)) return false;
  const auto sides = project_.exprs.children(id);
  return std::ranges::all_of(
      sides, [&](ir::ExprId side) { return IsLogic(project_, side) || IsBool(side); });
}

/// The claim for a comparison of two sides that are not constants. Comparisons with the same
/// meaning, in either order, share one claim, and so do their negations.
ConditionId PresenceSubjects::ComparedSides(ir::StageId id, ir::ExprId condition) {
  Op op = project_.exprs[condition].op;
  ir::ExprId left = project_.exprs.child(condition, 0);
  ir::ExprId right = project_.exprs.child(condition, 1);
  if (ComparesBooleans(condition)) {
    const ConditionId other = Holds(id, right);
    const ConditionId same = Choose(Holds(id, left), other, Not(other));
    return op == Op::Equal ? same : Not(same);
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
    return op == Op::Equal ? same : Not(same);
  }
  const bool is_total = !MayBeNan(left) && !MayBeNan(right);
  if (op == Op::Less || !is_total) {
    return Claim(id, condition, fmt::format("{} {} {}", one, op == Op::Less ? "<" : "<=", other));
  }
  return Not(Claim(id, condition, fmt::format("{} < {}", other, one)));
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
    if (!HasClasses(id, comparison->subject)) return AmongTrue(Ask(id, condition));
    ConditionId any;
    for (const Value& constant : comparison->constants) {
      const ConditionId holds = Compared(id, comparison->subject, comparison->op, constant);
      any = any.has_value() ? Or(any, holds) : holds;
    }
    if (!any.has_value()) any = Constant(false);
    return node.op == Op::NotEqual ? Not(any) : any;
  }
  if (node.op == Op::Has || node.op == Op::Present) return IsPresent(id, condition);
  if (IsEquality(node.op) || expr::IsOrder(node.op)) return ComparedSides(id, condition);
  if (node.op == Op::In) return AmongTrue(Ask(id, condition));
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
  if (constant) return Constant(constant->is_true());
  if (AsksForEmptyText(project_, condition)) return Constant(true);
  const expr::Expr& node = project_.exprs[condition];
  if (node.op == Op::Not) return Not(Holds(id, project_.exprs.child(condition, 0)));
  if (node.op != Op::And && node.op != Op::Or) return Atom(id, condition);
  ConditionId whole;
  for (ir::ExprId child : project_.exprs.children(condition)) {
    const ConditionId part = Holds(id, child);
    if (!whole.has_value()) {
      whole = part;
    } else {
      whole = node.op == Op::And ? And(whole, part) : Or(whole, part);
    }
  }
  return whole;
}

std::string PresenceSubjects::Describe(presence::SubjectId subject,
                                       std::span<const uint32_t> classes) const {
  const ObservedValue* asked = by_subject_[subject.index()];
  if (asked == nullptr || classes.empty()) return "";
  return fmt::format("`{}` is {}", asked->shown, asked->classes.Describe(classes));
}

}  // namespace wfc::passes
