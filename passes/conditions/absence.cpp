// T005: reads of what is missing in some run that evaluates them: under `join: any` and `join:
// settled`, in outputs, and where all arguments of a `coalesce` can be missing.
#include <algorithm>
#include <ranges>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "ir/base/id_range.h"
#include "ir/diag/messages.h"
#include "ir/expr/reads.h"
#include "ir/expr_printer.h"
#include "ir/graph.h"
#include "passes/conditions/presence_graph.h"
#include "passes/context/evaluated_expressions.h"
#include "passes/context/finding_places.h"
#include "passes/context/pass.h"
#include "passes/context/quiet_stages.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

namespace {

using expr::Op;
using presence::Formula;
using presence::Formulas;

/// Whether the read is of something that not every stage leaves behind.
bool CanBeMissing(const Root& root) {
  return root.kind == RootKind::StageField && StageFieldOf(root) != StageField::Status;
}

/// Whether it can be missing even though the stage's dependency on it holds.
bool CanBeMissingWhenHeld(const Root& root) {
  if (!CanBeMissing(root)) return false;
  const FieldRule& rule = RuleOf(StageFieldOf(root));
  if (rule.type == FieldType::Output) return false;
  const presence::EndingSet held = presence::EndingsThatMeet(ir::NeedOf(StageFieldOf(root)));
  return (held & ~presence::EndingsOf(rule.always)) != 0;
}

/// For each expression, whether a part of it can be missing whatever its stage waits for.
IdVector<ir::ExprId, bool> FindDoubtful(const expr::ExprStore& exprs) {
  IdVector<ir::ExprId, bool> is_doubtful(exprs.size(), false);
  if (std::ranges::none_of(exprs.roots(), CanBeMissingWhenHeld)) return is_doubtful;
  // Parts have lower ids.
  for (const ir::ExprId id : exprs.ids()) {
    const bool has_doubtful = std::ranges::any_of(
        exprs.children(id), [&](ir::ExprId child) { return is_doubtful[child]; });
    const bool is_read = exprs[id].op == Op::Load && CanBeMissingWhenHeld(exprs.root(id));
    if (has_doubtful || is_read) is_doubtful[id] = true;
  }
  return is_doubtful;
}

class AbsenceCheck {
 public:
  explicit AbsenceCheck(PassContext& context)
      : context_(context),
        project_(context.project),
        presence_(context.presence()),
        types_(context.types()),
        quiet_(FindQuietStages(context)),
        is_doubtful_(FindDoubtful(project_.exprs)),
        unanswered_(project_.stages.size(), presence::kNever),
        unanswered_before_(project_.stages.size(), presence::kNever),
        has_unreachable_(project_.workflows.size(), false),
        holds_unreachable_(project_.stages.size(), false) {
    FindingPlaces places(project_);
    for (const diag::Diagnostic& finding : context.sink.diagnostics()) {
      if (finding.code != diag::Code::G010 && finding.code != diag::Code::J001) continue;
      const ir::StageId stage = places.StageOf(finding);
      if (!stage.has_value()) continue;
      has_unreachable_[project_.stages[stage].workflow] = true;
      for (ir::StageId owner = stage; owner.has_value(); owner = OwnerOf(owner)) {
        holds_unreachable_[owner] = true;
      }
    }
  }

  void Run() {
    // Enclosing bodies come before inner ones, and stages after all that they wait for.
    for (const presence::Body& body : presence_.graph().bodies) {
      for (ir::StageId id : presence_.graph().stages_of(body)) CheckQuestions(id);
    }
    for (ir::StageId id : context_.graph().topological_order()) CheckStage(id, Part::Rest);
    for (ir::BodyId id : project_.bodies.ids()) CheckBody(id);
    for (const ir::Workflow& workflow : project_.workflows) CheckOutput(workflow);
  }

 private:
  enum class Reads : uint8_t {
    Tolerated,  ///< what is read may be absent
    Held,       ///< by dependencies that the stage does not start without
    Open,
  };

  /// The fields of a stage that decide what it does, or the other fields. A finding about the
  /// former also covers what would only run if they had a value.
  enum class Part : uint8_t { Questions, Rest };

  /// The place of a part of a field.
  struct Place {
    Formula when;  ///< it is evaluated
    presence::World world = presence::World::Going;
    Reads reads = Reads::Open;
    bool is_in_loop = false;
  };

  void CheckQuestions(ir::StageId id);
  void CheckStage(ir::StageId id, Part part);
  void CheckBody(ir::BodyId id);
  void CheckOutput(const ir::Workflow& workflow);
  /// Whether any part of the field can be missing.
  [[nodiscard]] bool MayMiss(ir::ExprId id, Reads reads) const {
    if (!id.has_value() || expr::HasPoison(project_.exprs, id)) return false;
    return reads != Reads::Held || project_.exprs[id].has_choice || is_doubtful_[id];
  }
  void CheckField(ir::ExprId id, Formula when, presence::World world, Reads reads);
  void Walk(ir::ExprId id, const Place& place);
  void WalkGuarded(ir::ExprId id, const Place& place);
  void CheckRead(ir::ExprId id, const Place& place);
  void CheckCoalesce(ir::ExprId id, const Place& place);
  [[nodiscard]] bool IsQuestion(const ir::Stage& stage, ir::ExprId field) const;
  [[nodiscard]] bool HasQuestions(const ir::Stage& stage) const {
    return stage.condition.has_value() || project_.FindAssert(stage) != nullptr ||
           project_.FindDecide(stage) != nullptr;
  }
  [[nodiscard]] Formula Unanswered(ir::BodyId id, presence::World world);
  [[nodiscard]] Formula Unless(Formula never, Formula when) {
    return presence_.formulas().And(when, Formulas::Not(never));
  }
  [[nodiscard]] Formula IsThere(ir::ExprId id, presence::World world);
  [[nodiscard]] Formula IsThere(const Root& root, presence::World world) {
    return presence_.analysis().HasField(ir::StageId(root.a), StageFieldOf(root), world);
  }
  [[nodiscard]] ir::StageId OwnerOf(ir::StageId stage) const {
    return project_.bodies[project_.stages[stage].body].owner;
  }
  /// Whether another finding covers the read: one near its stage, or one about a stage that never
  /// runs, in whole or in part.
  [[nodiscard]] bool IsQuiet(const Root& root) {
    const ir::StageId stage(root.a);
    if (quiet_.near_finding[stage] || quiet_.in_doubt[stage]) return true;
    if (holds_unreachable_[stage]) return true;
    return has_unreachable_[project_.stages[stage].workflow] &&
           presence_.Never(presence_.analysis().of(stage).starts);
  }
  [[nodiscard]] bool CanHappen(Formula formula, presence::World world) {
    return presence_.CanHold(presence_.formulas().And(formula, presence_.VarsAreAsWritten(world)));
  }
  /// "is missing when …", or "may be missing" if nothing explains the formula.
  [[nodiscard]] std::string When(std::string_view what, Formula formula) {
    const std::string when = presence_.Explain(formula);
    return when.empty() ? fmt::format("may be {}", what) : fmt::format("is {} when {}", what, when);
  }

  PassContext& context_;
  const ir::Project& project_;
  Presence& presence_;
  const ExpressionTypes& types_;
  QuietStages quiet_;
  IdVector<ir::ExprId, bool> is_doubtful_;  ///< see FindDoubtful
  /// The runs for which it was reported that something its conditions read is missing, so
  /// that it fails, and those in which the same is true of an earlier stage, so that it is never
  /// reached.
  IdVector<ir::StageId, Formula> unanswered_;
  IdVector<ir::StageId, Formula> unanswered_before_;
  ir::StageId asking_;  ///< whose conditions are being checked
  /// Of a stage of the workflow it was said that it never runs.
  IdVector<ir::WorkflowId, bool> has_unreachable_;
  /// The same was said of the stage itself or of one inside it.
  IdVector<ir::StageId, bool> holds_unreachable_;
  std::vector<ir::StageId> reported_;  ///< of the field
};

/// The runs in which an argument of `coalesce` has a value.
Formula AbsenceCheck::IsThere(ir::ExprId id, presence::World world) {
  Formulas& formulas = presence_.formulas();
  if (project_.exprs[id].op == Op::Coalesce) {
    // The last argument is usually a constant, which is always there.
    Formula any = presence::kNever;
    for (const ir::ExprId child : std::views::reverse(project_.exprs.children(id))) {
      any = formulas.Or(any, IsThere(child, world));
      if (any == presence::kAlways) break;
    }
    return any;
  }
  if (types_.of(id).may_be_absent) {
    return presence_.FindPresent(id, world).value_or(presence::kNever);
  }
  Formula all = presence::kAlways;
  expr::ForEachRead(project_.exprs, id, [&](const expr::Read& read) {
    const bool is_needed = read.tolerance == expr::Tolerance::Plain && CanBeMissing(read.root);
    if (is_needed) all = formulas.And(all, IsThere(read.root, world));
  });
  return all;
}

bool AbsenceCheck::IsQuestion(const ir::Stage& stage, ir::ExprId field) const {
  const ir::Assert* assertion = project_.FindAssert(stage);
  const bool is_asserted = assertion != nullptr && field == assertion->condition;
  const ir::Decide* decide = project_.FindDecide(stage);
  const bool is_decided = decide != nullptr && field == decide->subject;
  return field == stage.condition || is_decided || is_asserted ||
         std::ranges::any_of(project_.routes_of(stage),
                             [&](const ir::Route& route) { return field == route.when; });
}

/// Collects the unanswered runs of earlier stages, and adds those of the stage itself.
void AbsenceCheck::CheckQuestions(ir::StageId id) {
  Formula& before = unanswered_before_[id];
  const auto add = [&](ir::StageId stage, bool ends_run) {
    before = presence_.formulas().Or(before, unanswered_before_[stage]);
    if (ends_run) before = presence_.formulas().Or(before, unanswered_[stage]);
  };
  for (const ir::Dependency& edge : project_.dependencies_of(project_.stages[id])) {
    add(edge.from, project_.stages[edge.from].on_error == ir::OnError::Fail);
  }
  // A fallback is exactly what runs in that case.
  const ir::Body& body = project_.bodies[project_.stages[id].body];
  if (body.owner.has_value()) add(body.owner, !RuleOf(body.kind).recovers);
  if (HasQuestions(project_.stages[id])) CheckStage(id, Part::Questions);
}

/// The unanswered runs at the end of a body. None for cleanup, which runs whatever went before.
Formula AbsenceCheck::Unanswered(ir::BodyId id, presence::World world) {
  if (world != presence::World::Going) return presence::kNever;
  const ir::Body& body = project_.bodies[id];
  Formula unanswered = presence::kNever;
  if (body.owner.has_value()) unanswered = unanswered_before_[body.owner];
  if (RuleOf(body.kind).is_attempt) {
    unanswered = presence_.formulas().Or(unanswered, unanswered_[body.owner]);
  }
  for (const ir::StageId stage : project_.stages_of(body)) {
    if (project_.stages[stage].on_error != ir::OnError::Fail) continue;
    unanswered = presence_.formulas().Or(unanswered, unanswered_[stage]);
  }
  return unanswered;
}

void AbsenceCheck::CheckStage(ir::StageId id, Part part) {
  const diag::StageScope scope(context_.sink, id);
  const ir::Stage& stage = project_.stages[id];
  if (quiet_.near_finding[id]) return;
  const presence::World world = presence_.analysis().world_of(id);
  const presence::StageFormulas is = presence_.analysis().of(id);
  const Reads reads = stage.join == ir::Join::All ? Reads::Held : Reads::Open;
  const bool is_cleanup = world != presence::World::Going;
  const Formula before = is_cleanup ? presence::kNever : unanswered_before_[id];
  const Formula unanswered = presence_.formulas().Or(before, unanswered_[id]);
  asking_ = part == Part::Questions ? id : ir::StageId();
  ForEachEvaluated(project_, stage, [&](ir::ExprId field, Moment moment) {
    if (!MayMiss(field, reads) || IsQuestion(stage, field) != (part == Part::Questions)) return;
    const Formula when = moment == Moment::Joined    ? Unless(before, is.is_joined)
                         : moment == Moment::Started ? Unless(unanswered, is.starts)
                                                     : Unless(before, is.fails);
    CheckField(field, when, world, reads);
  });
  asking_ = {};
}

void AbsenceCheck::CheckBody(ir::BodyId id) {
  const ir::Body& body = project_.bodies[id];
  const diag::StageScope scope(context_.sink, body.owner);
  if (!body.owner.has_value() || quiet_.near_finding[body.owner]) return;
  const presence::World world = presence_.analysis().world_of(body.owner);
  const Formula completes = presence_.analysis().of(id, world).completes;
  CheckField(body.output, Unless(Unanswered(id, world), completes), world, Reads::Open);
}

void AbsenceCheck::CheckOutput(const ir::Workflow& workflow) {
  const presence::World world = presence::World::Going;
  const Formula completes = presence_.analysis().of(workflow.body, world).completes;
  const size_t undecided_before = presence_.undecided_count();
  CheckField(workflow.output, Unless(Unanswered(workflow.body, world), completes), world,
             Reads::Open);
  const bool is_decided = presence_.undecided_count() == undecided_before;
  if (is_decided || !context_.options.is_pedantic) return;
  context_.sink.Report(diag::UndecidedOutput, project_.exprs[workflow.output].span,
                       project_.text(workflow.name));
}

void AbsenceCheck::CheckField(ir::ExprId id, Formula when, presence::World world, Reads reads) {
  if (!MayMiss(id, reads)) return;
  reported_.clear();
  Walk(id, {.when = when, .world = world, .reads = reads});
}

/// Recurses as deep as the expression's parser does.
void AbsenceCheck::Walk(ir::ExprId id, const Place& place) {
  const Op op = project_.exprs[id].op;
  const std::span<const ir::ExprId> children = project_.exprs.children(id);
  Place inside = place;
  switch (op) {
    case Op::Load:
      return CheckRead(id, place);
    case Op::Coalesce:
      return CheckCoalesce(id, place);
    case Op::Has:
    case Op::Present:
    case Op::SelectOptional:
    case Op::IndexOptional:
      inside.reads = Reads::Tolerated;
      break;
    case Op::Conditional:
    case Op::And:
    case Op::Or:
      return WalkGuarded(id, place);
    default:
      break;
  }
  const bool is_loop = expr::IsLoop(op);
  const bool has_items = !is_loop || types_.table().CountIn(types_.of(children[0])).most != 0;
  for (size_t i = 0; i < children.size(); ++i) {
    if (i > 0 && !has_items) break;
    if (i > 0) inside.is_in_loop |= is_loop;
    Walk(children[i], inside);
  }
}

void AbsenceCheck::WalkGuarded(ir::ExprId id, const Place& place) {
  const std::span<const ir::ExprId> children = project_.exprs.children(id);
  for (size_t part = 0; part < children.size(); ++part) {
    Place inside = place;
    const Formula reached = presence_.Reached(id, part, place.world);
    inside.when = presence_.formulas().And(inside.when, reached);
    Walk(children[part], inside);
  }
}

void AbsenceCheck::CheckRead(ir::ExprId id, const Place& place) {
  const Root& root = project_.exprs.root(id);
  if (place.reads == Reads::Tolerated) return;
  const bool is_held = place.reads == Reads::Held;
  if (!(is_held ? CanBeMissingWhenHeld(root) : CanBeMissing(root)) || IsQuiet(root)) return;
  const ir::StageId stage(root.a);
  if (std::ranges::find(reported_, stage) != reported_.end()) return;
  const Formula missing =
      presence_.formulas().And(place.when, Formulas::Not(IsThere(root, place.world)));
  if (!CanHappen(missing, place.world)) return;
  if (asking_.has_value()) {
    Formula& unanswered = unanswered_[asking_];
    unanswered = presence_.formulas().Or(unanswered, missing);
  }
  reported_.push_back(stage);
  const std::string shown = ir::PrintRoot(project_, root);
  const ir::Stage& from = project_.stages[ir::StageId(root.a)];
  const FieldRule& rule = RuleOf(StageFieldOf(root));
  const bool is_output = rule.type == FieldType::Output;
  diag::Reported reported = context_.sink.Report(diag::MayBeAbsent, project_.exprs[id].span, shown,
                                                 When("missing", missing));
  const bool is_cleanup = place.world != presence::World::Going;
  if (is_cleanup && presence_.Explain(missing).empty()) {
    reported.AddNote({}, fmt::format("the run may fail or be cancelled before `{}`, and what waits "
                                     "with `join: settled` still runs",
                                     project_.text(from.path)));
  }
  reported
      .AddNote(from.name.span,
               fmt::format("`{}` has {} only if {}", project_.text(from.path),
                           is_output ? "an output" : fmt::format("`{}`", rule.name), rule.when))
      .AddNote({},
               fmt::format("to fix it, supply a value to use instead, `coalesce({0}, …)`, or ask "
                           "`has({0})` first",
                           shown));
}

void AbsenceCheck::CheckCoalesce(ir::ExprId id, const Place& place) {
  // The parts of a loop's item are not known: the loop may visit only items that have them.
  const auto is_optional = [&](ir::ExprId argument) { return types_.of(argument).may_be_absent; };
  if (place.is_in_loop && std::ranges::any_of(project_.exprs.children(id), is_optional)) return;
  const Formula is_there = IsThere(id, place.world);
  if (is_there == presence::kAlways) return;
  bool is_quiet = false;
  expr::ForEachRead(project_.exprs, id, [&](const expr::Read& read) {
    is_quiet |= read.root.kind == RootKind::StageField && IsQuiet(read.root);
  });
  const Formula missing = presence_.formulas().And(place.when, Formulas::Not(is_there));
  if (is_quiet || !CanHappen(missing, place.world)) return;
  context_.sink.Report(diag::NothingPresent, project_.exprs[id].span, When("present", missing))
      .AddNote({}, "to fix it, add a last argument that is always there");
}

}  // namespace

void CheckAbsence(PassContext& context) {
  AbsenceCheck(context).Run();
}

}  // namespace wfc::passes
