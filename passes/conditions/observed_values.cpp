#include "passes/conditions/observed_values.h"

#include <algorithm>

#include <fmt/core.h>

#include "ir/expr/same_expression.h"
#include "ir/expr_printer.h"
#include "passes/conditions/presence_forms.h"
#include "passes/conditions/same_value.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

namespace {

using expr::Op;
using presence::ConditionId;

TypeValues OfClaim() {
  return {.listed = {{Value::Bool(true), Value::Bool(false)}}, .kinds = expr::KindsOf(Kind::Bool)};
}

/// Entries are visited in the order of their keys, so that results do not depend on hashes.
std::string_view SortKey(const llvm::StringMapEntry<ObservedValue>* asked) {
  return asked->getKey();
}

}  // namespace

ObservedValues::ObservedValues(const ir::Project& project, const ExpressionTypes& types,
                               presence::Graph& graph)
    : project_(project), types_(types), graph_(graph), build_(graph) {}

bool ObservedValues::IsBool(ir::ExprId id) const {
  const expr::Type& type = types_.of(id);
  return !type.IsNever() && type.IsOnly(expr::KindsOf(Kind::Bool));
}

bool ObservedValues::IsCondition(ir::ExprId id) const {
  return IsLogic(project_, id) || (!IsPath(project_.exprs[id].op) && IsBool(id));
}

/// Names and constants are never NaN, nor is a sum, difference or product of them.
bool ObservedValues::MayBeNan(ir::ExprId id) const {
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
TypeValues ObservedValues::ValuesOf(ir::ExprId id) const {
  return IsCondition(id) ? OfClaim() : FindValuesAnywhere(project_, types_, id);
}

/// Most stages yield what others yield, so answers for whole outputs are kept by their types.
bool ObservedValues::HasListedValues(ir::ExprId path) {
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

ObservedValue& ObservedValues::Ask(ir::StageId stage, ir::ExprId id) {
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
ObservedValue& ObservedValues::AskByText(ir::StageId stage, ir::ExprId id) {
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

ObservedValue& ObservedValues::AskForClaim(ir::StageId stage, ir::ExprId id, std::string text) {
  ObservedValue& asked = asked_[KeyOf(project_, stage, id, text)];
  if (!asked.shown.empty()) return asked;
  asked.shown = std::move(text);
  asked.classes.SetPossible(OfClaim());
  return asked;
}

ObservedValue* ObservedValues::FindHas(ir::StageId id, ir::ExprId path) {
  const std::string question = fmt::format("has({})", PrintPath(project_, path));
  const auto asked = asked_.find(KeyOf(project_, id, path, question));
  return asked == asked_.end() ? nullptr : &asked->getValue();
}

void ObservedValues::MakeSubjects() {
  std::vector<Asked*> sorted;
  sorted.reserve(asked_.size());
  for (Asked& asked : asked_) sorted.push_back(&asked);
  std::ranges::sort(sorted, {}, SortKey);
  for (Asked* asked : sorted) LinkSize(asked->getKey(), asked->getValue());
  for (Asked* asked : sorted) MakeSubject(asked->getValue());
}

/// Links a size to its value, since `size(input.s) > 0` tells something about `input.s == ""`. If
/// the value has few possible values, each is tried instead.
void ObservedValues::LinkSize(std::string_view key, ObservedValue& size) {
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

void ObservedValues::MakeSubject(ObservedValue& asked) {
  if (asked.subject.has_value()) return;
  asked.classes.Divide();
  asked.subject = graph_.subjects.Add({.class_count = std::max(asked.classes.size(), 1U)});
  by_subject_.resize(graph_.subjects.size());
  by_subject_[asked.subject] = &asked;
}

ConditionId ObservedValues::Among(ObservedValue& asked, Range classes) {
  MakeSubject(asked);
  if (classes.count == 0) return build_.Constant(false);
  ConditionId& claim = asked.claims[{classes.first, classes.count}];
  if (!claim.has_value()) claim = build_.Among(asked.subject, classes);
  return claim;
}

ConditionId ObservedValues::AmongTrue(ObservedValue& asked) {
  MakeSubject(asked);
  return Among(asked, asked.classes.Find(Op::Equal, Value::Bool(true)));
}

ConditionId ObservedValues::VarsAreAsWritten() {
  ConditionId all = build_.Constant(true);
  std::ranges::sort(of_vars_, {}, SortKey);
  for (Asked* entry : of_vars_) {
    ObservedValue& asked = entry->getValue();
    if (asked.now->is_error()) continue;
    const std::optional<uint32_t> now = asked.classes.ClassOf(*asked.now);
    if (now) all = build_.And(all, Among(asked, {*now, 1}));
  }
  return all;
}

std::vector<ConditionId> ObservedValues::OneOf(uint32_t count) {
  const presence::SubjectId subject = graph_.subjects.Add({.class_count = std::max(count, 1U)});
  by_subject_.resize(graph_.subjects.size());
  std::vector<ConditionId> claims;
  for (uint32_t i = 0; i < count; ++i) claims.push_back(build_.Among(subject, {i, 1}));
  return claims;
}

std::string ObservedValues::Describe(presence::SubjectId subject,
                                     std::span<const uint32_t> classes) const {
  const ObservedValue* asked = by_subject_[subject];
  if (asked == nullptr || classes.empty()) return "";
  return fmt::format("`{}` is {}", asked->shown, asked->classes.Describe(classes));
}

}  // namespace wfc::passes
