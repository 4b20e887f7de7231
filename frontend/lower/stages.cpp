#include "frontend/lower/stages.h"

#include <fmt/core.h>

#include "frontend/lower/commands.h"
#include "frontend/lower/defaults.h"
#include "frontend/lower/dependencies.h"
#include "frontend/lower/entities.h"
#include "frontend/lower/expressions.h"
#include "frontend/lower/retries.h"
#include "frontend/lower/schemas.h"
#include "frontend/lower/security.h"
#include "ir/expr_printer.h"
#include "ir/expressions.h"

namespace wfc::lower {

namespace {

/// The key that says what the stage does; none when there is none or several.
yaml::NodeId FindVerbKey(const ms::StageSyntax& syntax) {
  switch (syntax.verb) {
    case Verb::Agent:
      return syntax.agent.key;
    case Verb::Tool:
      return syntax.tool.key;
    case Verb::Run:
      return syntax.run.key;
    case Verb::Transform:
      return syntax.transform.key;
    case Verb::Decide:
      return syntax.decide.key;
    case Verb::Assert:
      return syntax.assertion.key;
    case Verb::Fail:
      return syntax.fail.key;
    case Verb::Poison:
      return {};
  }
  return {};
}

class StageLowering {
 public:
  StageLowering(Context& context, ir::StageId id)
      : context_(context),
        id_(id),
        syntax_(context.syntax.stages.all[context.stage_syntax[id.index()]]),
        stage_(context.project.stages[id]),
        scope_(ScopeOf(context, id)),
        defaults_(FindStageDefaults(context, stage_.workflow)) {}

  void Run() {
    if (syntax_.is_broken) return;
    LowerVerb();
    LowerConditions();
    LowerCallPolicy();
    LowerOnError();
    AddReadsOfExpressions();
    LowerCapabilities(context_, id_, syntax_.capabilities);
  }

 private:
  void LowerVerb();
  void LowerAgent();
  void LowerTool();
  void LowerRun();
  void LowerAssert();
  ir::ExprId MakeAssertMessage(ir::ExprId condition);
  ir::With LowerWith();
  void LowerConditions();
  void LowerCallPolicy();
  void LowerOnError();
  void AddReadsOfExpressions();
  ir::ExprId Lower(const ms::Field& field) {
    return LowerValue(context_, scope_, At(syntax_, field));
  }

  Context& context_;
  ir::StageId id_;
  const ms::StageSyntax& syntax_;
  ir::Stage& stage_;
  Scope scope_;
  StageDefaults defaults_;
};

void StageLowering::LowerVerb() {
  yaml::NodeId key = FindVerbKey(syntax_);
  stage_.verb_span = key.has_value() ? syntax_.tree->span(key) : stage_.name.span;
  ir::Project& project = context_.project;
  switch (syntax_.verb) {
    case Verb::Agent:
      LowerAgent();
      break;
    case Verb::Tool:
      LowerTool();
      break;
    case Verb::Run:
      return LowerRun();
    case Verb::Transform:
      project.SetPayload(stage_, project.transforms.Add({Lower(syntax_.transform)}));
      break;
    case Verb::Decide:
      project.SetPayload(stage_, project.decides.Add(LowerDecide(context_, scope_, syntax_)));
      break;
    case Verb::Assert:
      LowerAssert();
      break;
    case Verb::Fail:
      project.SetPayload(
          stage_, project.fails.Add({LowerText(context_, scope_, At(syntax_, syntax_.fail))}));
      break;
    case Verb::Poison:
      break;
  }
  stage_.returns = LowerSchema(context_, At(syntax_, syntax_.returns), stage_.returns_span);
}

void StageLowering::LowerAgent() {
  ir::AgentCall call;
  if (syntax_.agent.present()) {
    call.agent = ResolveReference(context_, context_.agents, "agent", *syntax_.tree, syntax_.agent);
  }
  call.with = LowerWith();
  Scope callee{.place = Place::Callee, .agent = call.agent};
  call.prompt = LowerPrompt(context_, callee, At(syntax_, syntax_.prompt));
  if (syntax_.model.present()) call.model = ResolveModel(context_, syntax_, syntax_.model);
  context_.project.SetPayload(stage_, context_.project.agent_calls.Add(call));
}

/// Lowers the fields of a call, whose payload LowerVerbs has made.
void StageLowering::LowerTool() {
  const Id<ir::ToolCall> id(stage_.payload);
  if (syntax_.tool.present()) {
    StringId name = context_.project.strings.Find(syntax_.tool.decoded);
    // A dotted name may be a tool of a server, and servers are not read yet.
    bool may_be_served = context_.syntax.project.is_unsupported &&
                         syntax_.tool.decoded.find('.') != std::string_view::npos;
    if (context_.tools.Has(name) || !may_be_served) {
      context_.project.tool_calls[id].tool = ResolveTool(context_, syntax_, syntax_.tool);
    }
  }
  const ir::With with = LowerWith();
  context_.project.tool_calls[id].with = with;
}

void StageLowering::LowerRun() {
  RunDefaults run = FindRunDefaults(context_, defaults_);
  CommandFields fields = FillCommand({&syntax_, run.workflow, run.project});
  fields.argv = At(syntax_, syntax_.run);
  if (!fields.argv.present()) {
    stage_.verb = Verb::Poison;
    return;
  }
  const ir::CommandId id = LowerCommand(context_, scope_, fields);
  context_.project.SetPayload(stage_, id);
  Filled<ms::Field> dry_run =
      Fill(&ms::StageSyntax::dry_run, {&syntax_, run.workflow, run.project});
  if (dry_run.present()) {
    ir::Command& command = context_.project.commands[id];
    command.dry_run = ToValue(dry_run.value());
    command.has_dry_run = true;
    command.dry_run_span = dry_run.value().span();
  }
  stage_.returns = LowerSchema(
      context_, Fill(&ms::StageSyntax::returns, {&syntax_, run.workflow, run.project}).value(),
      stage_.returns_span);
}

/// The message of an assertion without one: it shows the condition. No id if that is in error or
/// long.
ir::ExprId StageLowering::MakeAssertMessage(ir::ExprId condition) {
  constexpr size_t kMostShown = 200;
  ir::Project& project = context_.project;
  if (!condition.has_value() || expr::HasPoison(project.exprs, condition)) return {};
  const std::string shown = ir::ShowExpr(context_.sources, project, condition);
  if (shown.size() > kMostShown) return {};
  return project.exprs.AddConst(
      Value::String(fmt::format("the assertion `{}` does not hold", shown)),
      project.exprs[condition].span);
}

void StageLowering::LowerAssert() {
  const ir::ExprId condition = LowerExpression(context_, scope_, At(syntax_, syntax_.assertion));
  ir::ExprId message = LowerText(context_, scope_, At(syntax_, syntax_.message));
  if (!message.has_value()) message = MakeAssertMessage(condition);
  context_.project.SetPayload(
      stage_, context_.project.asserts.Add({.condition = condition, .message = message}));
}

ir::With StageLowering::LowerWith() {
  Located with = At(syntax_, syntax_.with);
  if (!with.present()) return {};
  if (with.kind() != yaml::Kind::Map) {
    return {.whole = LowerValue(context_, scope_, with),
            .arguments = {},
            .is_map = false,
            .span = with.span()};
  }
  const LoweredArguments arguments = LowerArguments(context_, scope_, with);
  // What could not be read may have been an argument.
  return {.whole = arguments.whole,
          .arguments = arguments.range,
          .is_map = !with.tree->has_flag(with.node, yaml::kIncomplete),
          .span = with.span()};
}

void StageLowering::LowerConditions() {
  if (syntax_.join.present()) stage_.join = syntax_.join.decoded;
  stage_.condition = LowerExpression(context_, scope_, At(syntax_, syntax_.condition));
  AddAfter(context_, scope_, At(syntax_, syntax_.after));
}

void StageLowering::LowerCallPolicy() {
  Filled<ms::DurationField> timeout = FillTimeout(context_, syntax_, defaults_);
  if (timeout.present()) {
    stage_.timeout_ns = timeout->decoded;
    stage_.timeout_span = timeout.value().span();
  } else if (syntax_.timeout.key.has_value()) {
    stage_.timeout_span = syntax_.tree->span(syntax_.timeout.key);
  } else if (syntax_.tree->has_flag(syntax_.node, yaml::kIncomplete)) {
    stage_.timeout_span = syntax_.tree->span(syntax_.node);  // it may stand in what was not read
  }
  Filled<ms::RetryField> retry = FillRetry(context_, syntax_, defaults_);
  if (retry.present()) stage_.retry = LowerRetry(context_, retry->id);
}

void StageLowering::LowerOnError() {
  if (!syntax_.on_error.id.has_value()) return;
  const ms::OnErrorSyntax& on_error = context_.syntax.on_errors.all[syntax_.on_error.id];
  stage_.on_error_span = KeySpan(syntax_, syntax_.on_error);
  switch (on_error.kind) {
    case OnError::Fail:
      break;
    case OnError::Continue:
      stage_.on_error = ir::OnError::Continue;
      break;
    case OnError::Value:
      stage_.on_error = ir::OnError::Value;
      stage_.on_error_value = LowerValue(context_, scope_, At(on_error, on_error.value));
      break;
    case OnError::Fallback:
      // Without a body, which was reported, the failure counts as tolerated.
      stage_.on_error = stage_.fallback.has_value() ? ir::OnError::Fallback : ir::OnError::Continue;
      if (!stage_.fallback.has_value()) stage_.on_error_span = {};
      break;
  }
}

/// A prompt sees `with`, and no stage.
void StageLowering::AddReadsOfExpressions() {
  ir::ForEachExpression(context_.project, stage_, [&](const ir::ExprPlace& place) {
    if (place.role != ExprRole::Prompt) AddReads(context_, scope_, place.id);
  });
}

}  // namespace

Scope ScopeOf(const Context& context, ir::StageId id) {
  const ir::Stage& stage = context.project.stages[id];
  const ms::StageSyntax& syntax = context.syntax.stages.all[context.stage_syntax[id.index()]];
  return {.place = Place::Stage,
          .workflow = stage.workflow,
          .body = stage.body,
          .stage = id,
          .is_cleanup = syntax.join.present() && syntax.join.decoded == Join::Settled};
}

void LowerVerbs(Context& context) {
  ir::Project& project = context.project;
  for (ir::StageId id : project.stages.ids()) {
    const ms::StageSyntax& syntax = context.syntax.stages.all[context.stage_syntax[id.index()]];
    if (syntax.is_broken) continue;
    ir::Stage& stage = project.stages[id];
    stage.verb = syntax.verb;
    if (syntax.verb != Verb::Tool) continue;
    ir::ToolCall call;
    if (syntax.tool.present())
      call.tool = context.tools.Find(project.strings.Find(syntax.tool.decoded));
    project.SetPayload(stage, project.tool_calls.Add(call));
  }
}

void LowerStage(Context& context, ir::StageId id) {
  const diag::StageScope scope(context.sink, id);
  StageLowering(context, id).Run();
}

}  // namespace wfc::lower
