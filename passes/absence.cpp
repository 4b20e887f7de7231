// T005: reads of what is not there in some run in which they are evaluated: under `join: any` and
// `settled`, in outputs, and where all arguments of a `coalesce` can be missing.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "ir/expr/printer.h"
#include "ir/expr/reads.h"
#include "ir/graph.h"
#include "ir/printer.h"
#include "passes/expression_types.h"
#include "passes/pass.h"
#include "passes/presence_graph.h"
#include "passes/quiet_stages.h"

namespace wfc::passes {

namespace {

using expr::Op;
using presence::Formula;
using presence::Formulas;

class AbsenceCheck {
 public:
  explicit AbsenceCheck(PassContext& context)
      : context_(context),
        project_(context.project),
        presence_(context.presence()),
        types_(context.types()),
        quiet_(FindQuietStages(context)) {}

  void Run() {
    for (ir::StageId id : context_.graph().topological_order()) CheckStage(id);
    for (ir::BodyId id : project_.bodies.ids()) CheckBody(id);
    for (const ir::Workflow& workflow : project_.workflows) {
      CheckField(workflow.output,
                 presence_.analysis().of(workflow.body, presence::World::Going).completes,
                 presence::World::Going, Reads::Open);
    }
  }

 private:
  /// Held: by dependencies that the stage does not start without.
  enum class Reads : uint8_t { Held, Open };

  void CheckStage(ir::StageId id);
  void CheckCommand(ir::CommandId id, Formula when, presence::World world, Reads reads);
  void CheckBody(ir::BodyId id);
  void CheckField(ir::ExprId id, Formula when, presence::World world, Reads reads);
  void CheckReads(ir::ExprId id, Formula when, presence::World world);
  void CheckCoalesces(ir::ExprId id, Formula when, presence::World world);
  [[nodiscard]] Formula IsThere(ir::ExprId id, presence::World world);
  [[nodiscard]] Formula IsThere(const Root& root, presence::World world);
  /// What never runs is another finding.
  [[nodiscard]] bool IsQuiet(const Root& root) {
    return quiet_.near_finding[root.a] || quiet_.in_doubt[root.a] ||
           presence_.Never(presence_.analysis().of(ir::StageId(root.a)).starts);
  }
  [[nodiscard]] bool CanHappen(Formula formula, presence::World world) {
    return presence_.CanHold(presence_.formulas().And(formula, presence_.VarsAreAsWritten(world)));
  }
  [[nodiscard]] std::string When(Formula formula) {
    const std::string when = presence_.Explain(formula);
    return when.empty() ? "" : ": when " + when;
  }

  PassContext& context_;
  const ir::Project& project_;
  Presence& presence_;
  const ExpressionTypes& types_;
  QuietStages quiet_;
};

/// The stage that the read is about; none: it tolerates whatever became of it.
bool NeedsStage(const Root& root) {
  return root.kind == RootKind::StageField &&
         ir::NeedOf(static_cast<StageField>(root.b & 0xFF)) != ir::Need::Settled;
}

Formula AbsenceCheck::IsThere(const Root& root, presence::World world) {
  const ir::Need need = ir::NeedOf(static_cast<StageField>(root.b & 0xFF));
  return presence_.analysis().EndedAs(ir::StageId(root.a), presence::EndingsThatMeet(need), world);
}

/// Whether an argument of `coalesce` has a value.
Formula AbsenceCheck::IsThere(ir::ExprId id, presence::World world) {
  Formulas& formulas = presence_.formulas();
  if (project_.exprs[id].op == Op::Coalesce) {
    Formula any = presence::kNever;
    for (ir::ExprId child : project_.exprs.children(id))
      any = formulas.Or(any, IsThere(child, world));
    return any;
  }
  if (types_.of(id).may_be_absent) return presence::kNever;
  Formula all = presence::kAlways;
  expr::ForEachRead(project_.exprs, id, [&](const expr::Read& read) {
    const bool is_needed = read.tolerance == expr::Tolerance::Plain && NeedsStage(read.root);
    if (is_needed) all = formulas.And(all, IsThere(read.root, world));
  });
  return all;
}

void AbsenceCheck::CheckStage(ir::StageId id) {
  const ir::Stage& stage = project_.stages[id];
  if (quiet_.near_finding[id.index()]) return;
  const presence::World world = presence_.analysis().world_of(id);
  const presence::StageFormulas is = presence_.analysis().of(id);
  const Reads reads = stage.join == ir::Join::All ? Reads::Held : Reads::Open;
  CheckField(stage.condition, is.is_joined, world, reads);
  CheckField(stage.with, is.starts, world, reads);
  CheckField(stage.value, is.starts, world, reads);
  CheckField(stage.message, is.starts, world, reads);
  CheckField(stage.decide.subject, is.starts, world, reads);
  for (const ir::Route& route : project_.routes_of(stage)) {
    CheckField(route.when, is.starts, world, reads);
  }
  CheckField(stage.on_error_value, is.fails, world, reads);
  if (stage.command.has_value()) CheckCommand(stage.command, is.starts, world, reads);
}

void AbsenceCheck::CheckCommand(ir::CommandId id, Formula when, presence::World world,
                                Reads reads) {
  const ir::Command& command = project_.commands[id];
  for (ir::ExprId word : ir::Project::View(project_.expr_lists, command.argv)) {
    CheckField(word, when, world, reads);
  }
  for (const ir::Argument& variable : ir::Project::View(project_.arguments, command.env)) {
    CheckField(variable.value, when, world, reads);
  }
  CheckField(command.cwd, when, world, reads);
  CheckField(command.stdin_value, when, world, reads);
}

void AbsenceCheck::CheckBody(ir::BodyId id) {
  const ir::Body& body = project_.bodies[id];
  if (!body.owner.has_value() || quiet_.near_finding[body.owner.index()]) return;
  const presence::World world = presence_.analysis().world_of(body.owner);
  CheckField(body.output, presence_.analysis().of(id, world).completes, world, Reads::Open);
}

void AbsenceCheck::CheckField(ir::ExprId id, Formula when, presence::World world, Reads reads) {
  if (!id.has_value() || expr::HasPoison(project_.exprs, id)) return;
  if (reads == Reads::Open) CheckReads(id, when, world);
  CheckCoalesces(id, when, world);
}

void AbsenceCheck::CheckReads(ir::ExprId id, Formula when, presence::World world) {
  Formulas& formulas = presence_.formulas();
  std::vector<uint32_t> reported;
  expr::ForEachRead(project_.exprs, id, [&](const expr::Read& read) {
    const bool is_plain = read.tolerance == expr::Tolerance::Plain && NeedsStage(read.root);
    if (!is_plain || IsQuiet(read.root)) return;
    if (std::ranges::find(reported, read.root.a) != reported.end()) return;
    const Formula missing = formulas.And(when, Formulas::Not(IsThere(read.root, world)));
    if (!CanHappen(missing, world)) return;
    reported.push_back(read.root.a);
    const std::string shown = ir::PrintRoot(project_, read.root);
    const ir::Stage& from = project_.stages[ir::StageId(read.root.a)];
    context_.sink.Report(diag::MayBeAbsent, read.span, shown, When(missing))
        .AddNote(from.name.span,
                 fmt::format("`{}` does not always come to that", project_.text(from.path)))
        .AddNote({},
                 fmt::format("to mend it, say what stands in for it, `coalesce({0}, …)`, or ask "
                             "`has({0})` first",
                             shown));
  });
}

/// Those that are evaluated whatever the rest of the expression yields.
void AbsenceCheck::CheckCoalesces(ir::ExprId id, Formula when, presence::World world) {
  const expr::Expr& node = project_.exprs[id];
  const std::span<const ir::ExprId> children = project_.exprs.children(id);
  if (node.op != Op::Coalesce) {
    const bool is_partial = node.op == Op::Conditional || node.op == Op::And || node.op == Op::Or ||
                            expr::IsLoop(node.op);
    for (size_t i = 0; i < (is_partial ? 1 : children.size()); ++i) {
      CheckCoalesces(children[i], when, world);
    }
    return;
  }
  const Formula is_there = IsThere(id, world);
  if (is_there == presence::kAlways) return;
  bool is_quiet = false;
  expr::ForEachRead(project_.exprs, id, [&](const expr::Read& read) {
    is_quiet |= read.root.kind == RootKind::StageField && IsQuiet(read.root);
  });
  const Formula missing = presence_.formulas().And(when, Formulas::Not(is_there));
  if (is_quiet || !CanHappen(missing, world)) return;
  context_.sink.Report(diag::NothingPresent, node.span, When(missing))
      .AddNote({}, "to mend it, add a last argument that is always there");
}

}  // namespace

void CheckAbsence(PassContext& context) {
  AbsenceCheck(context).Run();
}

}  // namespace wfc::passes
