// Infers bodies from the outside in, and the stages of each body in order of their dependencies, so
// that everything a stage reads has been inferred before it.
#include "passes/flow/expression_types.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "llvm/ADT/DenseMap.h"

#include "ir/diag/codes.h"
#include "ir/expr/infer.h"
#include "ir/expr/type_names.h"
#include "ir/expressions.h"
#include "ir/support/id_keys.h"
#include "passes/context/pass.h"
#include "passes/flow/expression_checks.h"
#include "passes/flow/held_before.h"
#include "passes/flow/may_fail.h"
#include "passes/flow/route_facts.h"
#include "passes/flow/stage_types.h"

namespace wfc::passes {

using expr::Facts;
using expr::kDyn;
using expr::Type;

struct ExpressionTypes::Impl {
  Impl(const ir::Project& project_in, const SourceMap& sources_in, const ir::Graph& graph_in,
       NeverReached never_in, expr::View view, Kept kept_in);

  void DropSlipsOfConditions();
  template <class Callee>
  void InferCallee(const Callee& callee);
  void InferWorkflow(ir::WorkflowId id);
  void InferBody(ir::BodyId id, Facts facts);
  void InferStage(ir::StageId id, Facts facts);
  [[nodiscard]] bool EvaluationMayFail(ir::ExprId id) {
    const auto type_of = [&](ir::ExprId part) -> const Type& { return types[part]; };
    return MayFail(project.exprs, id, {.table = table, .of = type_of});
  }
  void InferVerb(const ir::Stage& stage, const Facts& facts);
  void InferPrompt(const ir::Stage& stage);
  void InferDecide(const ir::Stage& stage, const Facts& facts);
  void InferOutput(ir::StageId id, const Facts& facts);
  void InferArguments(Range arguments, const Facts& facts);
  /// How a field treats an empty optional.
  enum class WhenEmpty : uint8_t {
    IsNull,
    LeavesOut,  ///< the key or the item is left out
    Fails,      ///< a text is needed
  };
  [[nodiscard]] static WhenEmpty WhenEmptyAt(const ir::ExprPlace& place);
  void InferField(ir::ExprId id, const Facts& facts, WhenEmpty when_empty = WhenEmpty::IsNull) {
    if (!id.has_value()) return;
    expr::Infer(context, id, facts);
    KeepConditions(id, facts);
    CheckResult(id);
    Leave(id, when_empty);
  }
  void Leave(ir::ExprId id, WhenEmpty when_empty);
  void InferCondition(ir::ExprId id, const Facts& facts) {
    if (!id.has_value()) return;
    expr::InferCondition(context, id, facts);
    CheckResult(id);
  }
  void CheckResult(ir::ExprId id);
  /// Records the conditions under which an expression is evaluated. Most expressions have none, and
  /// those of one stage share them.
  void KeepConditions(ir::ExprId id, const Facts& facts) {
    if (kept == Kept::Facts || facts.conditions.empty()) return;
    conditions_at[id] = KeepConditions(facts);
  }
  uint32_t KeepConditions(const Facts& facts);
  [[nodiscard]] StageTypes stage_types() {
    return {project, table, types, bodies, left_out, listings};
  }

  const ir::Project& project;
  const SourceMap& sources;
  const ir::Graph& graph;
  const NeverReached never;
  const Kept kept;
  expr::TypeTable table;
  expr::TypeSizes sizes;
  ProjectEnvironment environment;
  diag::Sink sink;
  IdVector<ir::ExprId, Type> types;         ///< of a field's whole: as data
  IdVector<ir::ExprId, bool> left_out;      ///< the field can be, when empty
  llvm::DenseMap<uint32_t, Type> declared;  ///< by ExprId
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, ir::SchemaId> listings;  ///< see StageTypes
  IdVector<ir::StageId, Type> produced;
  IdVector<ir::BodyId, Type> bodies;                            ///< their outputs
  std::vector<std::vector<expr::Condition>> conditions = {{}};  ///< the first: none
  llvm::DenseMap<ir::ExprId, uint32_t> conditions_at;
  IdVector<ir::StageId, uint32_t> conditions_of;
  IdVector<ir::BodyId, std::vector<ir::StageId>> stages_of;  ///< in order of dependencies
  IdVector<ir::WorkflowId, std::vector<ir::StageId>> stages_with_prompts;
  std::vector<expr::Slip> slips;
  expr::InferContext context;
  HeldBefore held_before;
  RouteFacts route_facts;
  ir::WorkflowId workflow;  ///< whose expressions are looked at; none: an agent's or a tool's
};

ExpressionTypes::Impl::Impl(const ir::Project& project_in, const SourceMap& sources_in,
                            const ir::Graph& graph_in, NeverReached never_in, expr::View view,
                            Kept kept_in)
    : project(project_in),
      sources(sources_in),
      graph(graph_in),
      never(std::move(never_in)),
      kept(kept_in),
      table(project.schemas),
      sizes(table),
      environment(project, sources, table),
      types(project.exprs.size()),
      left_out(project.exprs.size()),
      produced(project.stages.size()),
      bodies(project.bodies.size()),
      conditions_of(kept == Kept::Facts ? 0 : project.stages.size()),
      stages_of(project.bodies.size()),
      stages_with_prompts(project.workflows.size()),
      context{project.exprs, table, environment, sink, types, &declared, view, &slips},
      held_before(project, graph),
      route_facts(project, kept) {
  IdVector<ir::StageId, bool> is_ordered(project.stages.size(), false);
  for (ir::StageId id : graph.topological_order()) {
    stages_of[project.stages[id].body].push_back(id);
    is_ordered[id] = true;
  }
  // Stages on a cycle, or behind one, come last. Whatever reads them earlier sees dyn.
  for (ir::StageId id : project.stages.ids()) {
    if (!is_ordered[id]) stages_of[project.stages[id].body].push_back(id);
  }
  for (const ir::Agent& agent : project.agents) InferCallee(agent);
  for (const ir::Tool& tool : project.tools) InferCallee(tool);
  for (ir::StageId id : project.stages.ids()) {
    const ir::Stage& stage = project.stages[id];
    const ir::AgentCall* call = project.FindAgentCall(stage);
    if (call != nullptr && call->prompt.has_value())
      stages_with_prompts[stage.workflow].push_back(id);
  }
  for (ir::WorkflowId id : project.workflows.ids()) InferWorkflow(id);
}

/// Removes the findings about questions that have a single answer only because of conditions, here
/// or in an earlier stage. A question is a mistake only if the declared types leave one answer.
void ExpressionTypes::Impl::DropSlipsOfConditions() {
  if (slips.empty()) return;
  std::vector<expr::Slip> as_declared =
      Impl(project, sources, graph, {}, expr::View::AsDeclared, Kept::Facts).slips;
  std::ranges::sort(as_declared);
  const auto is_confirmed = [&](const expr::Slip& slip) {
    return std::ranges::binary_search(as_declared, slip);
  };
  std::vector<Span> dropped;
  for (const expr::Slip& slip : slips) {
    if (!is_confirmed(slip)) {
      dropped.push_back(slip.span);
    } else if (types[slip.expression].IsOnly(expr::KindsOf(Kind::Bool))) {
      types[slip.expression] = kDyn;  // that it is never true is said by the finding
    }
  }
  std::ranges::sort(dropped);
  std::erase_if(sink.mutable_diagnostics(), [&](const diag::Diagnostic& finding) {
    const bool is_question = finding.code == diag::Code::E002 || finding.code == diag::Code::E003;
    return is_question && std::ranges::binary_search(dropped, finding.span);
  });
}

uint32_t ExpressionTypes::Impl::KeepConditions(const Facts& facts) {
  const auto is_same = [](const expr::Condition& left, const expr::Condition& right) {
    return left.expression == right.expression && left.what == right.what;
  };
  if (!std::ranges::equal(conditions.back(), facts.conditions, is_same)) {
    if (facts.conditions.empty()) return 0;
    conditions.push_back(facts.conditions);
  }
  return static_cast<uint32_t>(conditions.size() - 1);
}

void ExpressionTypes::Impl::CheckResult(ir::ExprId id) {
  CheckExpression({project, sources, table, sizes, types, workflow, sink}, id);
}

/// Converts the expression's type to that of the data that its field receives.
void ExpressionTypes::Impl::Leave(ir::ExprId id, WhenEmpty when_empty) {
  const Type type = types[id];
  CheckLeaving({project, sources, table, sizes, types, workflow, sink}, id);
  Type data = table.AsData(type);
  const bool can_be_empty = data.may_be_absent && !type.may_be_absent;
  data.may_be_absent = type.may_be_absent;
  types[id] = data;
  if (!can_be_empty) return;
  if (when_empty == WhenEmpty::IsNull) {
    types[id] = table.Join(data, table.OfKinds(expr::KindsOf(Kind::Null)));
  } else if (when_empty == WhenEmpty::LeavesOut) {
    left_out[id] = true;
  } else {
    ReportEmpty({project, sources, table, sizes, types, workflow, sink}, id);
  }
}

ExpressionTypes::Impl::WhenEmpty ExpressionTypes::Impl::WhenEmptyAt(const ir::ExprPlace& place) {
  switch (place.role) {
    case ExprRole::System:
    case ExprRole::Prompt:
    case ExprRole::Message:
      return WhenEmpty::Fails;
    case ExprRole::Word:
      return place.part == 0 ? WhenEmpty::Fails : WhenEmpty::LeavesOut;
    case ExprRole::Variable:
    case ExprRole::Folder:
    case ExprRole::Input:
      return WhenEmpty::LeavesOut;
    case ExprRole::Condition:
    case ExprRole::With:
    case ExprRole::Value:
    case ExprRole::Claim:
    case ExprRole::Subject:
    case ExprRole::Case:
    case ExprRole::Substitute:
    case ExprRole::Output:
      return WhenEmpty::IsNull;
  }
  return WhenEmpty::IsNull;
}

template <class Callee>
void ExpressionTypes::Impl::InferCallee(const Callee& callee) {
  environment.EnterCallee(callee.input);
  ir::ForEachExpression(project, callee, [&](const ir::ExprPlace& place) {
    InferField(place.id, {}, WhenEmptyAt(place));
  });
}

void ExpressionTypes::Impl::InferWorkflow(ir::WorkflowId id) {
  const ir::Workflow& entered = project.workflows[id];
  environment.EnterWorkflow(id);
  workflow = id;
  InferBody(entered.body, {});
  for (const ir::StageId stage : stages_with_prompts[id]) {
    const diag::StageScope scope(sink, stage);
    InferPrompt(project.stages[stage]);
  }
}

/// Infers the stages and the output of a body. Recurses as deep as bodies are nested.
void ExpressionTypes::Impl::InferBody(ir::BodyId id, Facts facts) {
  const ir::Body& body = project.bodies[id];
  facts.is_impossible |= !never.bodies.empty() && never.bodies[id];
  for (ir::StageId stage : stages_of[id]) InferStage(stage, facts);
  Facts at_end = facts;
  const bool is_outermost = !body.owner.has_value();
  const ir::ExprId formed = is_outermost ? project.workflows[body.workflow].output : body.output;
  route_facts.AddCertain(context, held_before.at_end_of(id), formed, at_end);
  InferField(formed, at_end);
  Type& output = bodies[id];
  if (body.output.has_value()) {
    output = types[body.output];
  } else if (!body.is_single) {
    output = expr::kNever;
  } else if (stages_of[id].size() == 1) {
    output = environment.output(stages_of[id].front());
  }
  if (facts.is_impossible) output = expr::kNever;
}

void ExpressionTypes::Impl::InferStage(ir::StageId id, Facts facts) {
  const diag::StageScope scope(sink, id);
  const ir::Stage& stage = project.stages[id];
  route_facts.AddCertain(context, held_before.of(id), id, facts);
  InferCondition(stage.condition, facts);
  std::optional<Facts> of_condition;
  if (stage.condition.has_value()) {
    of_condition = facts;
    expr::AddFacts(context, stage.condition, true, *of_condition);
  }
  const Facts& inside = of_condition ? *of_condition : facts;
  if (kept == Kept::FactsAndConditions) conditions_of[id] = KeepConditions(inside);
  const ir::With* with = project.FindWith(stage);
  if (with != nullptr && with->whole.has_value()) KeepConditions(with->whole, inside);
  InferVerb(stage, inside);
  const bool has_substitute = stage.on_error_value.has_value() || stage.fallback.has_value();
  if (!has_substitute) return InferOutput(id, inside);
  // An `if` whose evaluation fails is a failure of the stage, so the substitute cannot assume that
  // the `if` was true.
  if (EvaluationMayFail(stage.condition)) return InferOutput(id, facts);
  // If none of its expressions can fail, an assert fails only because its condition is false, which
  // the substitute may assume.
  const ir::Assert* assertion = project.FindAssert(stage);
  const bool is_assert = assertion != nullptr && assertion->condition.has_value();
  if (!is_assert || EvaluationMayFail(assertion->condition)) {
    return InferOutput(id, inside);
  }
  Facts failed = inside;
  expr::AddFacts(context, assertion->condition, false, failed);
  InferOutput(id, failed);
}

/// Infers the expressions that the verb needs, in order of evaluation. The `if`, the substitute and
/// the prompt are inferred elsewhere, under other facts.
void ExpressionTypes::Impl::InferVerb(const ir::Stage& stage, const Facts& facts) {
  if (project.FindDecide(stage) != nullptr) return InferDecide(stage, facts);
  const ir::With* with = project.FindWith(stage);
  ir::ForEachExpression(project, stage, [&](const ir::ExprPlace& place) {
    switch (place.role) {
      case ExprRole::Condition:
      case ExprRole::Prompt:
      case ExprRole::Substitute:
        return;
      case ExprRole::Claim:
        return InferCondition(place.id, facts);
      case ExprRole::With:
        if (with->is_map) return InferArguments(with->arguments, facts);
        return InferField(place.id, facts);
      default:
        return InferField(place.id, facts, WhenEmptyAt(place));
    }
  });
}

/// Infers the stage's own prompt, which sees the same names as the agent's.
void ExpressionTypes::Impl::InferPrompt(const ir::Stage& stage) {
  const ir::AgentCall& call = project.GetAgentCall(stage);
  environment.EnterCallee(call.agent.has_value() ? project.agents[call.agent].input
                                                 : ir::SchemaId());
  InferField(call.prompt, {}, WhenEmpty::Fails);
}

void ExpressionTypes::Impl::InferDecide(const ir::Stage& stage, const Facts& facts) {
  InferField(project.GetDecide(stage).subject, facts);
  std::span<const ir::Route> routes = project.routes_of(stage);
  Facts missed = facts;
  for (uint32_t i = 0; i < routes.size(); ++i) {
    InferCondition(routes[i].when, missed);
    route_facts.AddNotTaken(context, stage, i, missed);
  }
  for (uint32_t i = 0; i < routes.size(); ++i) {
    if (routes[i].kind != ir::Route::Kind::Body) continue;
    Facts chosen = facts;
    route_facts.AddOfRoute(context, stage, i, chosen);
    InferBody(routes[i].body, chosen);
  }
}

void ExpressionTypes::Impl::InferOutput(ir::StageId id, const Facts& facts) {
  const ir::Stage& stage = project.stages[id];
  const Type yields = FindVerbType(stage_types(), stage);
  produced[id] = yields;
  OutputTypes output;
  const bool is_declared = stage.returns.has_value() && context.view == expr::View::AsDeclared;
  output.own =
      is_declared ? table.OfSchema(stage.returns) : FindOwnType(stage_types(), stage, yields);
  output.substitute = expr::kNever;
  if (stage.on_error == ir::OnError::Value) {
    Facts instead = facts;
    instead.is_impossible |= !never.values.empty() && never.values[id];
    InferField(stage.on_error_value, instead);
    if (stage.on_error_value.has_value()) {
      output.substitute = types[stage.on_error_value];
    }
  }
  if (stage.fallback.has_value()) {
    InferBody(stage.fallback, facts);
    output.substitute = bodies[stage.fallback];
  }
  output.all = table.Join(output.own, output.substitute);
  if (!stage.returns.has_value()) {
    bool has_bodies = false;
    for (const ir::Route& route : project.routes_of(stage)) {
      const bool is_body = route.kind == ir::Route::Kind::Body;
      has_bodies |= is_body;
      output.of_routes.push_back(is_body ? bodies[route.body] : expr::kNever);
    }
    if (!has_bodies) output.of_routes.clear();
  }
  // Whether the output may be missing depends on when stages run, which readers account for.
  for (Type* type : {&output.all, &output.own, &output.substitute}) type->may_be_absent = false;
  for (Type& type : output.of_routes) type.may_be_absent = false;
  environment.SetOutput(id, std::move(output));
}

void ExpressionTypes::Impl::InferArguments(Range arguments, const Facts& facts) {
  for (const ir::Argument& argument : ir::Project::View(project.arguments, arguments)) {
    InferField(argument.value, facts, WhenEmpty::LeavesOut);
  }
}

ExpressionTypes::ExpressionTypes(const ir::Project& project, const SourceMap& sources,
                                 const ir::Graph& graph, NeverReached never)
    : impl_(std::make_unique<Impl>(project, sources, graph, std::move(never),
                                   expr::View::UnderConditions, Kept::Facts)) {
  impl_->DropSlipsOfConditions();
}
ExpressionTypes::ExpressionTypes(ExpressionTypes&&) noexcept = default;
ExpressionTypes& ExpressionTypes::operator=(ExpressionTypes&&) noexcept = default;
ExpressionTypes::~ExpressionTypes() = default;

const Type& ExpressionTypes::of(ir::ExprId id) const {
  return impl_->types[id];
}

const Type* ExpressionTypes::FindDeclared(ir::ExprId id) const {
  const auto found = impl_->declared.find(id.index());
  return found == impl_->declared.end() ? nullptr : &found->second;
}

const Type& ExpressionTypes::output(ir::StageId id) const {
  return impl_->environment.output(id);
}

const Type& ExpressionTypes::own_output(ir::StageId id) const {
  return impl_->environment.own_output(id);
}

const Type& ExpressionTypes::produced(ir::StageId id) const {
  return impl_->produced[id];
}

Type ExpressionTypes::printed(ir::CommandId id) const {
  return FindPrintedType(impl_->table, impl_->project.commands[id]);
}

const Type& ExpressionTypes::output_of(ir::BodyId id) const {
  return impl_->bodies[id];
}

Type ExpressionTypes::with(ir::StageId id) const {
  return FindWithType(impl_->stage_types(), impl_->project.stages[id]);
}

const ExpressionTypes::Impl& ExpressionTypes::with_conditions() const {
  if (with_conditions_ == nullptr) {
    with_conditions_ =
        std::make_unique<Impl>(impl_->project, impl_->sources, impl_->graph, impl_->never,
                               expr::View::UnderConditions, Kept::FactsAndConditions);
  }
  return *with_conditions_;
}

std::span<const expr::Condition> ExpressionTypes::conditions(ir::ExprId id) const {
  const Impl& impl = with_conditions();
  return impl.conditions[impl.conditions_at.lookup(id)];
}

std::span<const expr::Condition> ExpressionTypes::conditions(ir::StageId id) const {
  const Impl& impl = with_conditions();
  return impl.conditions[impl.conditions_of[id]];
}

ir::SchemaId ExpressionTypes::SchemaOf(const Type& type) const {
  return impl_->table.SchemaOf(impl_->table.AsData(type));
}

bool ExpressionTypes::is_left_out(ir::ExprId id) const {
  return impl_->left_out[id];
}

const Value* ExpressionTypes::ConstantOf(const Type& type) const {
  return impl_->table.ConstantOf(type);
}

expr::TypeTable& ExpressionTypes::table() const {
  return impl_->table;
}

std::string ExpressionTypes::Describe(const Type& type) const {
  return expr::NameType(impl_->table, type);
}

const std::vector<diag::Diagnostic>& ExpressionTypes::findings() const {
  return impl_->sink.diagnostics();
}

void CheckExpressionTypes(PassContext& context) {
  std::vector<diag::Diagnostic>& all = context.sink.mutable_diagnostics();
  const std::vector<diag::Diagnostic>& found = context.types().findings();
  std::ranges::copy_if(found, std::back_inserter(all), [&](const diag::Diagnostic& finding) {
    if (finding.severity == diag::Severity::Note) return context.options.is_pedantic;
    const bool is_missing = finding.code == diag::Code::T004;
    return is_missing ? context.MayMiss(finding.span) : context.MayEvaluate(finding.span);
  });
}

}  // namespace wfc::passes
