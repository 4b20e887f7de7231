#include "passes/conditions/presence_graph.h"

#include <algorithm>
#include <memory>

#include <fmt/core.h>

#include "ir/base/id_range.h"
#include "passes/conditions/decide_facts.h"
#include "passes/conditions/presence_forms.h"
#include "passes/context/evaluated_expressions.h"
#include "passes/flow/constants.h"
#include "passes/flow/expression_types.h"
#include "passes/flow/may_fail.h"

namespace wfc::passes {

namespace {

using presence::ConditionId;
using presence::Work;

/// Visits the parts that hold a choice. Recurses as deep as the expression's parser does.
void ForEachChoice(const expr::ExprStore& exprs, ir::ExprId id,
                   llvm::function_ref<void(ir::ExprId)> visit) {
  if (!exprs[id].has_choice) return;
  visit(id);
  for (const ir::ExprId child : exprs.children(id)) ForEachChoice(exprs, child, visit);
}

}  // namespace

Presence::Presence(const ir::Project& project, const ExpressionTypes& types,
                   const std::vector<ir::StageId>& order, const diag::Sink& sink)
    : project_(project), types_(types), sink_(sink), subjects_(project, types, graph_) {
  for (const ir::StageId id : project.stages.ids()) subjects_.Collect(id);
  const std::vector<Asked> choices = FindChoices();
  const std::vector<Asked> guards = FindGuards(choices);
  for (const Asked& guard : guards) {
    subjects_.CollectCondition(guard.near, guard.id);
  }
  subjects_.MakeSubjects();
  graph_.dependencies = project.dependencies;
  graph_.stage_lists = project.stage_lists;
  graph_.routes.resize(project.routes.size());
  fits_.resize(project.routes.size());
  graph_.stages.Reserve(project.stages.size());
  for (ir::StageId id : project.stages.ids()) AddStage(id);
  AddBodies(order);
  guards_.reserve(static_cast<uint32_t>(guards.size()));
  for (const Asked& guard : guards) {
    guards_.try_emplace(guard.id, subjects_.Holds(guard.near, guard.id));
  }
  AddPresent(choices);
  vars_are_as_written_ = subjects_.VarsAreAsWritten();
  analysis_ = std::make_unique<presence::Analysis>(graph_);
}

presence::Answer Presence::Ask(presence::Formula formula) {
  const presence::Answer answer = formulas().CanHold(formula);
  if (answer != presence::Answer::Unknown) return answer;
  ++undecided_count_;
  if (sink_.stage().has_value()) undecided_.insert(sink_.stage());
  return answer;
}

void Presence::ForEachAskedField(llvm::function_ref<void(ir::StageId, ir::ExprId)> visit) const {
  for (const ir::StageId id : project_.stages.ids()) {
    ForEachEvaluated(project_, project_.stages[id],
                     [&](ir::ExprId field, Moment) { visit(id, field); });
  }
  for (const ir::Body& body : project_.bodies) {
    const auto stages = project_.stages_of(body);
    if (stages.empty()) continue;
    if (body.output.has_value()) visit(stages.front(), body.output);
    const ir::ExprId output = project_.workflows[body.workflow].output;
    if (!body.owner.has_value() && output.has_value()) visit(stages.front(), output);
  }
}

std::vector<Presence::Asked> Presence::FindChoices() const {
  std::vector<Asked> choices;
  ForEachAskedField([&](ir::StageId near, ir::ExprId field) {
    if (project_.exprs[field].has_choice) choices.push_back({near, field});
  });
  return choices;
}

std::vector<Presence::Asked> Presence::FindGuards(const std::vector<Asked>& choices) const {
  std::vector<Asked> guards;
  for (const Asked& field : choices) {
    ForEachGuard(project_, field.id,
                 [&](ir::ExprId condition) { guards.push_back({field.near, condition}); });
  }
  return guards;
}

void Presence::AddPresent(const std::vector<Asked>& choices) {
  const auto may_miss = [&](ir::ExprId argument) { return types_.of(argument).may_be_absent; };
  const auto is_asked = [&](ir::ExprId id) {
    return project_.exprs[id].op == expr::Op::Coalesce &&
           std::ranges::any_of(project_.exprs.children(id), may_miss);
  };
  const auto add = [&](ir::StageId near, ir::ExprId argument) {
    const auto present = subjects_.FindPresent(near, argument);
    if (present) present_.try_emplace(argument, *present);
  };
  for (const Asked& field : choices) {
    ForEachChoice(project_.exprs, field.id, [&](ir::ExprId part) {
      if (!is_asked(part)) return;
      for (const ir::ExprId argument : project_.exprs.children(part))
        if (may_miss(argument)) add(field.near, argument);
    });
  }
}

bool Presence::MayFail(ir::ExprId id) const {
  if (!id.has_value()) return false;
  const auto type_of = [&](ir::ExprId part) -> const expr::Type& { return types_.of(part); };
  return types_.of(id).may_be_absent ||
         passes::MayFail(project_.exprs, id, {.table = types_.table(), .of = type_of});
}

presence::Formula Presence::Reached(ir::ExprId whole, size_t part, presence::World world) {
  using expr::Op;
  const Op op = project_.exprs[whole].op;
  const std::span<const ir::ExprId> children = project_.exprs.children(whole);
  presence::Formula reached = presence::kAlways;
  if (op != Op::Conditional && op != Op::And && op != Op::Or) return reached;
  // Each operand is guarded by all others, which would make long chains expensive.
  const size_t guard_count = std::min<size_t>(children.size(), 16);
  for (size_t guard = 0; guard < guard_count; ++guard) {
    const bool is_guard = op == Op::Conditional ? guard == 0 && part > 0 : guard != part;
    const auto holds = is_guard ? FindGuard(children[guard], world) : std::nullopt;
    if (!holds) continue;
    const bool wanted = op == Op::And || (op == Op::Conditional && part == 1);
    reached = formulas().And(reached, wanted ? *holds : presence::Formulas::Not(*holds));
  }
  return reached;
}

/// Whether the result of the stage's verb may fail to fit its `returns`.
bool Presence::MayNotFit(ir::StageId id) const {
  const ir::SchemaId returns = project_.stages[id].returns;
  if (!returns.has_value()) return false;
  const ir::SchemaId produced = types_.SchemaOf(types_.produced(id));
  return !produced.has_value() ||
         project_.schemas.FindContainment(produced, returns).verdict != types::Containment::Yes;
}

void Presence::AddStage(ir::StageId id) {
  const ir::Stage& stage = project_.stages[id];
  presence::Stage facts = {.body = stage.body,
                           .join = stage.join,
                           .on_error = stage.on_error,
                           .condition_may_fail = MayFail(stage.condition),
                           .substitute_may_fail = MayFail(stage.on_error_value),
                           .dependencies = stage.dependencies,
                           .fallback = stage.fallback};
  AddWork(id, facts);
  if (stage.condition.has_value()) facts.condition = subjects_.Holds(id, stage.condition);
  if (facts.work == Work::Asserts) {
    facts.assertion = subjects_.Holds(id, project_.GetAssert(stage).condition);
  }
  graph_.stages.Add(facts);
}

/// How the stage's verb works, and whether it may fail.
void Presence::AddWork(ir::StageId id, presence::Stage& facts) {
  const ir::Stage& stage = project_.stages[id];
  switch (stage.verb) {
    case ir::Verb::Agent:
    case ir::Verb::Tool:
    case ir::Verb::Run:
    case ir::Verb::Poison:
      facts.may_fail = true;
      return;
    case ir::Verb::Transform:
      facts.may_fail = MayFail(project_.GetTransform(stage).value) || MayNotFit(id);
      return;
    case ir::Verb::Decide:
      return AddDecide(id, facts);
    case ir::Verb::Assert: {
      const ir::ExprId condition = project_.GetAssert(stage).condition;
      facts.work = condition.has_value() ? Work::Asserts : Work::Plain;
      facts.may_fail = MayFail(condition);
      return;
    }
    case ir::Verb::Fail:
      facts.work = Work::Fails;
      facts.may_fail = false;
      return;
  }
}

void Presence::AddDecide(ir::StageId id, presence::Stage& facts) {
  const ir::Stage& stage = project_.stages[id];
  const ir::Decide& decide = project_.GetDecide(stage);
  const Range routes = decide.routes;
  facts.work = Work::Decides;
  facts.routes = routes;
  const bool has_bodies = std::ranges::any_of(
      project_.routes_of(stage),
      [](const ir::Route& route) { return route.kind == ir::Route::Kind::Body; });
  facts.may_fail = stage.returns.has_value() || MayFail(decide.subject) ||
                   (has_bodies && stage.timeout_ns > 0) ||
                   std::ranges::any_of(project_.routes_of(stage),
                                       [&](const ir::Route& route) { return MayFail(route.when); });
  for (uint32_t i = routes.first; i < routes.end(); ++i) {
    const ir::Route& route = project_.routes[i];
    graph_.routes[i] = {.kind = route.kind, .stages = route.stages, .body = route.body};
  }
  if (decide.is_case_list) {
    AddCases(id, routes);
  } else {
    AddKeyRoutes(id, routes);
  }
  AddSubstitutes(id, routes);
}

/// Adds the routes of a decide with keys. The default is taken if no key matches; of equal keys,
/// the first is.
void Presence::AddKeyRoutes(ir::StageId id, Range routes) {
  const ir::Stage& stage = project_.stages[id];
  const ir::ExprId subject = project_.GetDecide(stage).subject;
  if (!subject.has_value() || !subjects_.HasClasses(id, subject)) {
    // No route is taken if a value may have none.
    const bool may_be_none = !FindDecideFacts(project_, types_, stage).left_over.empty();
    const auto any = subjects_.OneOf(routes.count + (may_be_none ? 1 : 0));
    for (uint32_t i = 0; i < routes.count; ++i) {
      graph_.routes[routes.first + i].is_taken = any[i];
      fits_[routes.first + i] = any[i];
    }
    return;
  }
  const std::optional<Value> constant = FindConstant(project_, subject);
  ConditionId none = build_.Constant(true);
  for (uint32_t i = routes.first; i < routes.end(); ++i) {
    const ir::Route& route = project_.routes[i];
    ConditionId fits = build_.Constant(true);
    if (!route.is_default) {
      fits = constant ? build_.Constant(*constant == route.key)
                      : subjects_.Equals(id, subject, route.key);
    }
    fits_[i] = fits;
    graph_.routes[i].is_taken = build_.And(none, fits);
    none = build_.And(none, build_.Not(fits));
  }
}

void Presence::AddCases(ir::StageId id, Range routes) {
  ConditionId none = build_.Constant(true);
  for (uint32_t i = routes.first; i < routes.end(); ++i) {
    const ir::ExprId when = project_.routes[i].when;
    const ConditionId holds = when.has_value() ? subjects_.Holds(id, when) : build_.Constant(true);
    fits_[i] = holds;
    graph_.routes[i].is_taken = build_.And(none, holds);
    none = build_.And(none, build_.Not(holds));
  }
}

/// Adds which route is taken by the value that `on_error` substitutes for the output.
void Presence::AddSubstitutes(ir::StageId id, Range routes) {
  const ir::Stage& stage = project_.stages[id];
  std::optional<Value> constant;
  if (stage.on_error == ir::OnError::Value && stage.on_error_value.has_value()) {
    constant = FindConstant(project_, stage.on_error_value);
  }
  if (!constant) {
    // One more alternative: none of the routes.
    const auto any = subjects_.OneOf(routes.count + 1);
    for (uint32_t i = 0; i < routes.count; ++i) {
      graph_.routes[routes.first + i].is_taken_instead = any[i];
    }
    return;
  }
  bool is_taken = false;
  for (uint32_t i = 0; i < routes.count; ++i) {
    const ir::Route& route = project_.routes[routes.first + i];
    const bool fits = project_.GetDecide(stage).is_case_list
                          ? *constant == Value::Int(i)
                          : route.is_default || route.key == *constant;
    graph_.routes[routes.first + i].is_taken_instead = build_.Constant(fits && !is_taken);
    is_taken |= fits;
  }
}

void Presence::AddBodies(const std::vector<ir::StageId>& order) {
  IdVector<ir::BodyId, std::vector<ir::StageId>> stages_of(project_.bodies.size());
  for (ir::StageId id : order) stages_of[project_.stages[id].body].push_back(id);
  for (ir::BodyId id : project_.bodies.ids()) {
    const ir::Body& body = project_.bodies[id];
    const std::vector<ir::StageId>& stages = stages_of[id];
    const Range listed = {static_cast<uint32_t>(graph_.stage_lists.size()),
                          static_cast<uint32_t>(stages.size())};
    graph_.stage_lists.insert(graph_.stage_lists.end(), stages.begin(), stages.end());
    graph_.bodies.Add({.kind = body.kind,
                       .is_single = body.is_single && stages.size() == 1,
                       .has_output = body.output.has_value(),
                       .output_may_fail = MayFail(body.output),
                       .owner = body.owner,
                       .stages = listed});
  }
}

namespace {

/// What a stage does in the event, for a message; "" if that is not worth mentioning.
std::string_view InWords(presence::Event event) {
  switch (event) {
    case presence::Event::Fails:
    case presence::Event::ConditionFails:
    case presence::Event::SubstituteFails:
    case presence::Event::OutputFails:
      return "fails";
    case presence::Event::BreaksOff:
      return "breaks off before its end";
    case presence::Event::Cancelled:
      break;
  }
  return "";
}

/// Whether the stage breaks off in the assignment, which implies that it fails.
bool BreaksOff(const presence::Assignment& assignment, ir::StageId stage) {
  return std::ranges::any_of(assignment.events, [&](const presence::StageEvent& event) {
    return event.stage == stage && event.happens && event.event == presence::Event::BreaksOff;
  });
}

}  // namespace

std::string Presence::Explain(presence::Formula formula) {
  const std::optional<presence::Assignment> found = analysis_->outcomes().Explain(formula);
  if (!found) return "";
  std::vector<std::string> parts;
  for (const presence::SubjectValue& value : found->values) {
    std::string part = subjects_.Describe(value.subject, value.classes);
    if (!part.empty()) parts.push_back(std::move(part));
  }
  for (const presence::StageEvent& event : found->events) {
    const bool is_said = event.event == presence::Event::Fails && BreaksOff(*found, event.stage);
    const std::string_view what = event.happens && !is_said ? InWords(event.event) : "";
    if (what.empty()) continue;
    std::string part =
        fmt::format("`{}` {}", project_.text(project_.stages[event.stage].path), what);
    if (std::ranges::find(parts, part) == parts.end()) parts.push_back(std::move(part));
  }
  constexpr size_t kMaxShown = 8;
  if (parts.size() > kMaxShown + 1) {
    const size_t more = parts.size() - kMaxShown;
    parts.resize(kMaxShown);
    parts.push_back(fmt::format("{} more conditions hold", more));
  }
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) {
    text += i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

}  // namespace wfc::passes
