#include "passes/presence_subjects.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "ir/expr/compiler.h"
#include "ir/expr/reads.h"
#include "ir/expr_printer.h"
#include "ir/graph.h"
#include "passes/constants.h"
#include "passes/expression_types.h"
#include "passes/value_domain.h"

namespace wfc::passes {

namespace {

using expr::Op;
using presence::Condition;
using presence::ConditionId;
using presence::Ending;
using presence::EndingSet;
using presence::SetOf;

/// Of what reads nothing; that arms are not taken is for others to see.
std::optional<Value> FindWritten(const ir::Project& project, ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  if (node.op == Op::Const) return project.exprs.constant(node);
  return node.is_constant ? FindConstant(project, id) : std::nullopt;
}

/// An expression beside constants: `subject op constant` for one of them. `!=` is the opposite.
struct Comparison {
  ir::ExprId subject;
  Op op = Op::Equal;
  std::vector<Value> constants;
};

/// What `op` becomes when its sides are exchanged.
Op Mirror(Op op) {
  switch (op) {
    case Op::Less:
      return Op::Greater;
    case Op::LessEqual:
      return Op::GreaterEqual;
    case Op::Greater:
      return Op::Less;
    case Op::GreaterEqual:
      return Op::LessEqual;
    default:
      return op;
  }
}

bool IsOrder(Op op) {
  return Mirror(op) != op;
}

std::optional<Comparison> FindComparison(const ir::Project& project, ir::ExprId id) {
  Op op = project.exprs[id].op;
  const bool is_equality = op == Op::Equal || op == Op::NotEqual || op == Op::In;
  if (!is_equality && !IsOrder(op)) return std::nullopt;
  ir::ExprId left = project.exprs.child(id, 0);
  ir::ExprId right = project.exprs.child(id, 1);
  std::optional<Value> constant = FindWritten(project, right);
  if (!constant && op != Op::In) {
    std::swap(left, right);
    op = Mirror(op);
    constant = FindWritten(project, right);
  }
  if (!constant || constant->is_error() || FindWritten(project, left)) return std::nullopt;
  if (IsOrder(op) && !constant->is_number()) return std::nullopt;
  if (op != Op::In) return Comparison{left, IsOrder(op) ? op : Op::Equal, {*constant}};
  if (constant->kind() != Kind::List) return std::nullopt;
  return Comparison{left, Op::Equal, {constant->items().begin(), constant->items().end()}};
}

/// `stages.ID.FIELD` alone.
std::optional<Root> FindStageField(const ir::Project& project, ir::ExprId id, StageField field) {
  const expr::Expr& node = project.exprs[id];
  if (node.op != Op::Load) return std::nullopt;
  const Root& root = project.exprs.root(node);
  const bool is_field = root.kind == RootKind::StageField && StageFieldOf(root) == field;
  return is_field ? std::optional(root) : std::nullopt;
}

EndingSet EndingsOfStatus(std::string_view status) {
  if (status == "succeeded") return SetOf(Ending::Succeeded, Ending::SucceededWithout);
  if (status == "recovered") return SetOf(Ending::Recovered, Ending::RecoveredWithout);
  if (status == "tolerated") return SetOf(Ending::Tolerated);
  if (status == "failed") return SetOf(Ending::Failed);
  if (status == "skipped") return presence::kSkipped;
  return status == "cancelled" ? SetOf(Ending::Cancelled) : EndingSet{0};
}

/// Where an expression has the same value each time.
enum class Stability : uint8_t { Nowhere, InStage, InWorkflow };

Stability StabilityOf(const Root& root) {
  switch (root.kind) {
    case RootKind::Input:
    case RootKind::Var:
    case RootKind::Vars:
    case RootKind::StageField:
      return Stability::InWorkflow;
    case RootKind::RunField:
      return static_cast<RunField>(root.a) == RunField::Status ? Stability::Nowhere
                                                               : Stability::InWorkflow;
    default:
      return Stability::InStage;
  }
}

Stability StabilityOf(const ir::Project& project, ir::ExprId id) {
  Stability stability = Stability::InWorkflow;
  expr::ForEachRead(project.exprs, id, [&](const expr::Read& read) {
    stability = std::min(stability, StabilityOf(read.root));
  });
  return stability;
}

/// What is asked for twice by the same key is the same.
std::string KeyOf(const ir::Project& project, ir::StageId stage, ir::ExprId id,
                  std::string_view shown) {
  switch (StabilityOf(project, id)) {
    case Stability::Nowhere:
      break;
    case Stability::InStage:
      return fmt::format("stage {}:{}", stage.index(), shown);
    case Stability::InWorkflow:
      return fmt::format("{}:{}", project.stages[stage].workflow.index(), shown);
  }
  return fmt::format("#{}", id.index());
}

/// The value where only constant vars are read.
std::optional<Value> FindValueNow(const ir::Project& project, ir::ExprId id) {
  bool reads_vars = false;
  expr::ForEachRead(project.exprs, id,
                    [&](const expr::Read& read) { reads_vars |= read.root.kind == RootKind::Var; });
  if (!reads_vars) return std::nullopt;
  return expr::EvaluatePartial(project.exprs, id, [&](const Root& root) -> std::optional<Value> {
    if (root.kind != RootKind::Var) return std::nullopt;
    const ir::Var& var = project.vars[ir::VarId(root.a)];
    return var.environment.has_value() ? std::nullopt : std::optional(var.value);
  });
}

}  // namespace

void ForEachGuard(const ir::Project& project, ir::ExprId id,
                  llvm::function_ref<void(ir::ExprId)> visit) {
  const expr::Expr& node = project.exprs[id];
  if (node.has_poison || !node.has_choice) return;
  const auto children = project.exprs.children(node);
  if (node.op == Op::Conditional) visit(children[0]);
  if (node.op == Op::And || node.op == Op::Or) {
    for (const ir::ExprId child : children) visit(child);
  }
  for (const ir::ExprId child : expr::BindsNames(node.op) ? children.first(1) : children) {
    ForEachGuard(project, child, visit);
  }
}

PresenceSubjects::PresenceSubjects(const ir::Project& project, const ExpressionTypes& types,
                                   presence::Graph& graph)
    : project_(project), types_(types), graph_(graph) {}

/// What a name can be must hold wherever it is read, so that narrowed types are no help; what is
/// computed has the same type everywhere.
ValueDomain PresenceSubjects::DomainOf(const ir::Stage& stage, ir::ExprId id) const {
  ValueDomain domain = FindDomain(project_, stage, id);
  const Op op = project_.exprs[id].op;
  const bool is_path = op == Op::Load || op == Op::Select || op == Op::Index;
  if (domain.is_known() || is_path) return domain;
  const expr::Type& type = types_.of(id);
  if (type.IsNever()) return domain;
  if (type.IsOnly(expr::KindsOf(Kind::Int))) domain.type = "integer";
  if (domain.type.empty() && type.IsOnly(expr::kNumberKinds)) domain.type = "number";
  return domain;
}

AskedValue& PresenceSubjects::Ask(ir::StageId stage, ir::ExprId id, bool is_claim) {
  AskedValue*& known = by_expression_[id.index()];
  if (known != nullptr) return *known;
  std::string shown = ir::PrintExpr(project_, id);
  AskedValue& asked = asked_[KeyOf(project_, stage, id, shown)];
  known = &asked;
  if (!asked.shown.empty()) return asked;
  asked.shown = std::move(shown);
  asked.is_claim = is_claim;
  asked.now = FindValueNow(project_, id);
  ValueDomain domain;
  if (is_claim) {
    domain.finite = {Value::Bool(true), Value::Bool(false)};
  } else {
    domain = DomainOf(project_.stages[stage], id);
  }
  asked.classes.SetDomain(std::move(domain));
  return asked;
}

void PresenceSubjects::CollectCondition(ir::StageId stage, ir::ExprId id) {
  const expr::Expr& node = project_.exprs[id];
  if (FindWritten(project_, id)) return;
  if (node.op == Op::Not || node.op == Op::And || node.op == Op::Or) {
    for (ir::ExprId child : project_.exprs.children(id)) CollectCondition(stage, child);
  } else if (const std::optional<Comparison> comparison = FindComparison(project_, id)) {
    ValueClasses& classes = Ask(stage, comparison->subject, false).classes;
    for (const Value& constant : comparison->constants) {
      if (IsOrder(comparison->op)) {
        classes.AddBound(constant);
      } else {
        classes.AddPoint(constant);
      }
    }
  } else if (node.op == Op::Load || node.op == Op::Select) {
    Ask(stage, id, false).classes.AddPoint(Value::Bool(true));
  } else {
    Ask(stage, id, true);
  }
}

void PresenceSubjects::Collect(ir::StageId id) {
  const ir::Stage& stage = project_.stages[id];
  if (stage.condition.has_value()) CollectCondition(id, stage.condition);
  if (stage.verb == ir::Verb::Assert && stage.value.has_value()) {
    CollectCondition(id, stage.value);
  }
  if (stage.verb != ir::Verb::Decide) return;
  for (const ir::Route& route : project_.routes_of(stage)) {
    if (route.when.has_value()) CollectCondition(id, route.when);
    const bool has_key = !route.is_default && stage.decide.subject.has_value();
    if (has_key) Ask(id, stage.decide.subject, false).classes.AddPoint(route.key);
  }
}

void PresenceSubjects::MakeSubjects() {
  for (auto& [key, asked] : asked_) MakeSubject(asked);
}

void PresenceSubjects::MakeSubject(AskedValue& asked) {
  asked.classes.Divide();
  asked.subject = graph_.subjects.Add({.class_count = std::max(asked.classes.size(), 1U)});
  by_subject_.resize(graph_.subjects.size());
  by_subject_[asked.subject.index()] = &asked;
}

ConditionId PresenceSubjects::VarsAreAsWritten() {
  ConditionId all = Constant(true);
  for (auto& [key, asked] : asked_) {
    if (!asked.now || asked.now->is_error()) continue;
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

ConditionId PresenceSubjects::Among(AskedValue& asked, Range classes) {
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

ConditionId PresenceSubjects::Compared(ir::StageId id, ir::ExprId subject, Op op,
                                       const Value& constant) {
  const std::optional<Root> status = FindStageField(project_, subject, StageField::Status);
  if (status && op == Op::Equal && constant.is_string()) {
    return graph_.conditions.Add({.kind = Condition::Kind::EndedAs,
                                  .a = status->a,
                                  .b = EndingsOfStatus(constant.AsString())});
  }
  AskedValue& asked = Ask(id, subject, false);
  return Among(asked, asked.classes.Find(op, constant));
}

ConditionId PresenceSubjects::Equals(ir::StageId id, ir::ExprId subject, const Value& key) {
  return Compared(id, subject, Op::Equal, key);
}

/// Of a condition that is no more than true or something else.
ConditionId PresenceSubjects::IsTrue(ir::StageId id, ir::ExprId claim) {
  return Among(Ask(id, claim, true), {0, 1});
}

/// `has(stages.ID.output)`, and of fields of it, which may be missing besides.
ConditionId PresenceSubjects::IsPresent(ir::StageId id, ir::ExprId condition) {
  ConditionId is_there = Constant(true);
  expr::ForEachRead(project_.exprs, condition, [&](const expr::Read& read) {
    if (read.root.kind != RootKind::StageField) return;
    const ir::Need need = ir::NeedOf(StageFieldOf(read.root));
    is_there = And(is_there, graph_.conditions.Add({.kind = Condition::Kind::EndedAs,
                                                    .a = read.root.a,
                                                    .b = presence::EndingsThatMeet(need)}));
  });
  if (project_.exprs[condition].op == Op::Present) return is_there;
  return And(is_there, IsTrue(id, condition));
}

ConditionId PresenceSubjects::Atom(ir::StageId id, ir::ExprId condition) {
  const expr::Expr& node = project_.exprs[condition];
  if (const std::optional<Comparison> comparison = FindComparison(project_, condition)) {
    if (!HasClasses(id, comparison->subject)) return IsTrue(id, condition);
    ConditionId any = Constant(false);
    for (const Value& constant : comparison->constants) {
      any = Or(any, Compared(id, comparison->subject, comparison->op, constant));
    }
    return node.op == Op::NotEqual ? Not(any) : any;
  }
  if (node.op == Op::Load || node.op == Op::Select) {
    return Equals(id, condition, Value::Bool(true));
  }
  if (node.op == Op::Has || node.op == Op::Present) return IsPresent(id, condition);
  return IsTrue(id, condition);
}

ConditionId PresenceSubjects::Holds(ir::StageId id, ir::ExprId condition) {
  if (const auto known = holds_.find(condition.index()); known != holds_.end()) {
    return known->second;
  }
  const ConditionId holds = MakeHolds(id, condition);
  holds_[condition.index()] = holds;
  return holds;
}

/// Recurses as deep as the expression's parser does.
ConditionId PresenceSubjects::MakeHolds(ir::StageId id, ir::ExprId condition) {
  const std::optional<Value> constant = FindWritten(project_, condition);
  if (constant) return Constant(constant->is_true());
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
  const AskedValue* asked = by_subject_[subject.index()];
  if (asked == nullptr || classes.empty()) return "";
  if (asked->is_claim) {
    return fmt::format("`{}` is {}", asked->shown, classes[0] == 0 ? "true" : "false");
  }
  return fmt::format("`{}` is {}", asked->shown, asked->classes.Describe(classes));
}

}  // namespace wfc::passes
