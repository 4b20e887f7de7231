// T001, T002, T004: checks the values that can flow to a place against the schema that receives
// them there.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "llvm/ADT/DenseMap.h"
#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expr_printer.h"
#include "ir/stage_output.h"
#include "ir/support/id_keys.h"
#include "ir/types/filled_schema.h"
#include "ir/types/filled_values.h"
#include "ir/types/vm/describe.h"
#include "passes/context/pass.h"
#include "passes/flow/expression_types.h"
#include "passes/flow/filled_fit.h"
#include "passes/flow/fit.h"
#include "passes/flow/flow_report.h"
#include "passes/flow/flow_search.h"
#include "passes/flow/origin.h"
#include "passes/flow/taken_arguments.h"

namespace wfc::passes {

namespace {

/// Whether the schema of a callee's input constrains more than each property by itself.
bool SpeaksOfTheWhole(const types::SchemaRegistry& registry, ir::SchemaId id) {
  const types::Schema& schema = registry.schema(id);
  return schema.reference.has_value() || !schema.all_of.empty() || !schema.any_of.empty() ||
         !schema.one_of.empty() || schema.negated.has_value() || schema.condition.has_value() ||
         !schema.dependent_required.empty() || !schema.dependent_schemas.empty() ||
         !schema.pattern_properties.empty() || schema.property_names.has_value() ||
         schema.min_properties > 0 || schema.max_properties.has_value() ||
         schema.unevaluated_properties.has_value() || schema.constant.has_value() ||
         schema.enumeration.has_value() || schema.dynamic_reference.has_value() ||
         schema.is_false || (schema.types & types::Bit(types::TypeBit::Object)) == 0;
}

/// A callee that returns its input and declares `returns`.
struct Echo {
  ir::SchemaId input;
  ir::SchemaId returns;
  Span written;
  std::string name;
};

std::optional<Echo> FindEcho(const ir::Project& project, const ir::Stage& stage) {
  const ir::StageOutput output = ir::FindStageOutput(project, stage);
  if (!output.is_echo || !output.schema.has_value()) return std::nullopt;
  if (const ir::AgentId id = project.agent_of(stage); id.has_value()) {
    const ir::Agent& agent = project.agents[id];
    return Echo{agent.input, agent.returns, agent.returns_span,
                fmt::format("`returns` of the agent `{}`", project.text(agent.name))};
  }
  const ir::Tool& tool = project.tools[project.tool_of(stage)];
  return Echo{tool.input, tool.returns, tool.returns_span,
              fmt::format("`returns` of the tool `{}`", project.text(tool.name))};
}

/// Why the prover could not decide, for T002. `reason` is the keyword of JSON Schema that stood in
/// the way, or what the search ran out of (ir/types/containment/subschema_prover.cpp).
std::string ExplainUnknown(std::string_view reason) {
  if (reason == "steps") return "the search for a value that does not fit took too many steps";
  if (reason == "depth") return "the schemas nest too deeply";
  if (reason == "witness")
    return "no value was found that does not fit, nor a proof that none exists";
  return fmt::format("it depends on `{}`", reason);
}

/// The expression that a body's output is written as: its `output` or, where the body is one
/// `transform`, that stage's value. None if the output is not a written value, or not that alone.
ir::ExprId FindWrittenOutput(const ir::Project& project, const ir::Body& body) {
  if (body.output.has_value() || !body.is_single) return body.output;
  const ir::Stage& stage = project.stages[project.stages_of(body).front()];
  const ir::Transform* transform = project.FindTransform(stage);
  const bool is_alone = !stage.returns.has_value() && stage.on_error == ir::OnError::Fail;
  return transform != nullptr && is_alone ? transform->value : ir::ExprId();
}

class FlowCheck {
 public:
  explicit FlowCheck(PassContext& context)
      : context_(context),
        project_(context.project),
        registry_(context.project.schemas),
        types_(context.types()),
        has_mistakes_(context.sink.has_errors()),
        search_(context.project, context.types()) {}

  void Run() {
    context_.ForEachStage([&](ir::StageId id) { CheckStage(id); });
    for (ir::WorkflowId id : project_.workflows.ids()) CheckOutput(id);
    for (const ir::Tool& tool : project_.tools) CheckTool(tool);
  }

 private:
  void CheckStage(ir::StageId id);
  template <class Callee>
  bool CheckArguments(ir::StageId id, const Callee& callee, std::string_view kind);
  /// FindPropertyFiller of the callee's input and the argument, once for all calls.
  [[nodiscard]] ir::SchemaId FillerOf(ir::SchemaId input, const ir::Argument& argument);
  bool CheckReads(ir::StageId id, const std::string& name);
  bool CheckLeftOut(const ir::Argument& argument, ir::SchemaId input, const std::string& name);
  void CheckEcho(ir::StageId id, const Echo& echo);
  void CheckReturns(ir::StageId id);
  void CheckRoutes(const ir::Stage& stage, const Consumer& consumer);
  void CheckOutput(ir::WorkflowId id);
  void CheckTool(const ir::Tool& tool);
  [[nodiscard]] bool IsFromOutside(const ir::Stage& stage) const;
  [[nodiscard]] Producer At(ir::ExprId id, ir::WorkflowId workflow) const {
    return {.expression = id,
            .type = types_.of(id),
            .span = project_.exprs[id].span,
            .workflow = workflow,
            .origin = std::nullopt,
            .place = id};
  }

  [[nodiscard]] std::span<const expr::Condition> ConditionsOf(const Producer& producer) const {
    if (producer.place.has_value()) return types_.conditions(producer.place);
    if (producer.stage.has_value()) return types_.conditions(producer.stage);
    return {};
  }

  /// Whether some run evaluates the expression. Nothing is said of values that there never are.
  [[nodiscard]] bool MayEvaluate(ir::ExprId id) {
    return context_.MayEvaluate(project_.exprs[id].span);
  }
  [[nodiscard]] Producer WithOf(ir::StageId id) const;
  bool Check(const Producer& producer, const Consumer& consumer);
  bool CheckUntyped(const Producer& producer, const Consumer& consumer);
  bool CheckParts(const Producer& producer, const Consumer& consumer);
  void ReportProperties(const Producer& producer, const Consumer& consumer, ir::SchemaId produced,
                        const FitAnswer& answer);
  void CheckOverlap(const Producer& producer, const Consumer& consumer);
  void ReportUnknown(const Producer& producer, const Consumer& consumer, std::string_view reason);

  PassContext& context_;
  const ir::Project& project_;
  const types::SchemaRegistry& registry_;
  const ExpressionTypes& types_;
  const bool has_mistakes_;  ///< found before this pass
  FlowSearch search_;
  llvm::DenseMap<std::pair<ir::SchemaId, StringId>, ir::SchemaId> fillers_;  ///< see FillerOf
};

void FlowCheck::CheckStage(ir::StageId id) {
  const ir::Stage& stage = project_.stages[id];
  const ir::AgentId agent = project_.agent_of(stage);
  bool is_clean = true;
  if (agent.has_value()) is_clean = CheckArguments(id, project_.agents[agent], "agent");
  const ir::ToolId tool = project_.tool_of(stage);
  if (tool.has_value()) is_clean = CheckArguments(id, project_.tools[tool], "tool");
  if (const std::optional<Echo> echo = FindEcho(project_, stage)) {
    const bool is_filled = echo->input.has_value() && types::HasDefaults(registry_, echo->input);
    if (is_clean || !is_filled) CheckEcho(id, *echo);
    return;
  }
  if (stage.returns.has_value()) CheckReturns(id);
}

/// All arguments of the stage's call, as one value.
Producer FlowCheck::WithOf(ir::StageId id) const {
  const ir::Stage& stage = project_.stages[id];
  const ir::With& with = *project_.FindWith(stage);
  return {.expression = with.whole,
          .type = types_.with(id),
          .span = with.whole.has_value() ? with.span : stage.verb_span,
          .workflow = stage.workflow,
          .origin = std::nullopt,
          .stage = id};
}

/// Checks the input of an echo callee against its `returns`. The callee returns its input after
/// defaults are filled in.
void FlowCheck::CheckEcho(ir::StageId id, const Echo& echo) {
  const ir::Stage& stage = project_.stages[id];
  const bool is_own = stage.returns.has_value();
  Check(WithOf(id),
        {.schema = is_own ? stage.returns : echo.returns,
         .written = is_own ? stage.returns_span : echo.written,
         .pointer = "",
         .name = is_own ? fmt::format("`returns` of the stage `{}`", project_.text(stage.path))
                        : echo.name,
         .path = "",
         .is_of_stage = true,
         .filled_by = echo.input});
}

/// Reports a required argument that can be left out. Returns false if it reported one.
bool FlowCheck::CheckLeftOut(const ir::Argument& argument, ir::SchemaId input,
                             const std::string& name) {
  if (!types_.is_left_out(argument.value)) return true;
  const std::string_view text = project_.text(argument.name);
  const auto properties = registry_.FindProperties(input);
  if (!properties || !std::ranges::binary_search(properties->required, text)) return true;
  context_.sink
      .Report(diag::LeftOut, project_.exprs[argument.value].span,
              ir::ShowExpr(context_.sources, project_, argument.value), name)
      .AddNote({},
               fmt::format("to fix it, supply a value to use instead: `{}.orValue(…)`, or do not "
                           "require it",
                           ir::ShowExpr(context_.sources, project_, argument.value)));
  return false;
}

ir::SchemaId FlowCheck::FillerOf(ir::SchemaId input, const ir::Argument& argument) {
  const auto [filler, is_new] = fillers_.try_emplace({input, argument.name.text});
  if (is_new) {
    filler->second = types::FindPropertyFiller(registry_, input, project_.text(argument.name));
  }
  return filler->second;
}

/// Checks each argument by itself, so that the finding points at the right one, then all of them
/// together.
template <class Callee>
bool FlowCheck::CheckArguments(ir::StageId id, const Callee& callee, std::string_view kind) {
  const ir::Stage& stage = project_.stages[id];
  const auto name = [&] { return fmt::format("the {} `{}`", kind, project_.text(callee.name)); };
  if (!callee.input.has_value()) return CheckReads(id, name());
  const bool is_filled = types::HasDefaults(registry_, callee.input);
  bool is_clean = true;
  const ir::With& with = *project_.FindWith(stage);
  for (const ir::Argument& argument : project_.arguments_of(with)) {
    const std::string_view text = project_.text(argument.name);
    const ir::SchemaId property = registry_.FindProperty(callee.input, text);
    if (!property.has_value()) continue;
    const Producer producer = At(argument.value, stage.workflow);
    const ir::SchemaId filler = is_filled ? FillerOf(callee.input, argument) : ir::SchemaId();
    const ir::SchemaId produced = types_.SchemaOf(producer.type);
    const bool fits =
        produced.has_value() &&
        FindFilledFit(registry_, produced, property, filler).verdict == FitAnswer::Verdict::Fits;
    if (fits && !types_.is_left_out(argument.value)) continue;
    const std::string called = fmt::format("the argument `{}` of {}", text, name());
    is_clean &= CheckLeftOut(argument, callee.input, called);
    std::string pointer;
    types::AppendPointer(pointer, text);
    is_clean &= Check(producer, {.schema = property,
                                 .written = callee.input_span,
                                 .pointer = pointer,
                                 .name = called,
                                 .path = "",
                                 .is_of_stage = true,
                                 .filled_by = filler});
  }
  const bool is_judged = with.is_map && !SpeaksOfTheWhole(registry_, callee.input);
  if (!is_clean || is_judged) return is_clean;
  return Check(WithOf(id), {.schema = callee.input,
                            .written = callee.input_span,
                            .pointer = "",
                            .name = name(),
                            .path = "",
                            .is_of_stage = true,
                            .filled_by = callee.input});
}

/// Checks a `with` that is a single value against what a callee that declares no input reads of it.
bool FlowCheck::CheckReads(ir::StageId id, const std::string& name) {
  const ir::Stage& stage = project_.stages[id];
  const ir::With& with = *project_.FindWith(stage);
  if (with.is_map || !with.whole.has_value()) return true;
  const std::optional<TakenArguments> taken = FindTaken(project_, stage);
  if (!taken || taken->required.empty()) return true;
  types::Schema read;
  read.types = types::Bit(types::TypeBit::Object);
  read.required.assign(taken->required.begin(), taken->required.end());
  return Check(WithOf(id),
               {.schema = registry_.Derive(read),
                .written = {},
                .pointer = "",
                .name = fmt::format("{}, which reads `with.{}`,", name, taken->required.front()),
                .path = "",
                .is_of_stage = true});
}

/// Whether the stage's value comes from outside, so that its type is known only by `returns`. Then
/// `returns` is not a promise of the manifest but what the run enforces.
bool FlowCheck::IsFromOutside(const ir::Stage& stage) const {
  if (ir::FindStageOutput(project_, stage).kind == ir::StageOutput::Kind::Printed) return true;
  const ir::AgentId agent = project_.agent_of(stage);
  return agent.has_value() && project_.agents[agent].kind != ir::Agent::Kind::Echo;
}

void FlowCheck::CheckReturns(ir::StageId id) {
  const ir::Stage& stage = project_.stages[id];
  const ir::Transform* transform = project_.FindTransform(stage);
  const Consumer consumer = {
      .schema = stage.returns,
      .written = stage.returns_span,
      .pointer = "",
      .name = fmt::format("`returns` of the stage `{}`", project_.text(stage.path)),
      .path = "",
      .is_of_stage = transform != nullptr};
  // A model is asked for what the stage returns instead of what the agent returns.
  const bool is_asked = project_.agent_of(stage).has_value() && IsFromOutside(stage);
  if (is_asked || types_.produced(id).IsNever()) return;
  if (project_.FindDecide(stage) != nullptr) return CheckRoutes(stage, consumer);
  const ir::ExprId value = transform != nullptr ? transform->value : ir::ExprId();
  const Producer producer = {
      .expression = value,
      .type = types_.produced(id),
      .span = value.has_value() ? project_.exprs[value].span : stage.verb_span,
      .workflow = stage.workflow,
      .origin = FindVerbOrigin(project_, stage),
      .stage = id};
  if (IsFromOutside(stage)) {
    CheckOverlap(producer, consumer);
  } else {
    Check(producer, consumer);
  }
}

/// Checks the outputs of a decide: the decided value if it leads to ids, the output of each body if
/// it has bodies.
void FlowCheck::CheckRoutes(const ir::Stage& stage, const Consumer& consumer) {
  bool has_bodies = false;
  for (const ir::Route& route : project_.routes_of(stage)) {
    if (route.kind != ir::Route::Kind::Body) continue;
    has_bodies = true;
    if (types_.output_of(route.body).IsNever()) continue;
    const ir::ExprId value = FindWrittenOutput(project_, project_.bodies[route.body]);
    Check({.expression = value,
           .type = types_.output_of(route.body),
           .span = value.has_value() ? project_.exprs[value].span : route.span,
           .workflow = stage.workflow,
           .origin = std::nullopt,
           .place = value},
          consumer);
  }
  const ir::Decide& decide = project_.GetDecide(stage);
  if (has_bodies || decide.is_case_list || !decide.subject.has_value()) return;
  Consumer decided = consumer;
  decided.is_of_stage = true;
  Check(At(decide.subject, stage.workflow), decided);
}

void FlowCheck::CheckOutput(ir::WorkflowId id) {
  const ir::Workflow& workflow = project_.workflows[id];
  if (!workflow.output.has_value() || !workflow.returns.has_value()) return;
  Check(At(workflow.output, id),
        {.schema = workflow.returns,
         .written = workflow.returns_span,
         .pointer = "",
         .name = fmt::format("`returns` of the workflow `{}`", project_.text(workflow.name))});
}

/// Checks what the tool's command prints, and its value for mode dry_run.
void FlowCheck::CheckTool(const ir::Tool& tool) {
  if (!tool.returns.has_value()) return;
  const Consumer consumer = {
      .schema = tool.returns,
      .written = tool.returns_span,
      .pointer = "",
      .name = fmt::format("`returns` of the tool `{}`", project_.text(tool.name))};
  if (tool.command.has_value()) {
    const ir::Command& command = project_.commands[tool.command];
    CheckOverlap({.expression = {},
                  .type = types_.printed(tool.command),
                  .span = command.span,
                  .workflow = {},
                  .origin = FindPrintOrigin(project_, tool)},
                 consumer);
  }
}

/// Checks one flow. Returns false if it reported a mismatch.
bool FlowCheck::Check(const Producer& producer, const Consumer& consumer) {
  const ir::SchemaId produced = types_.SchemaOf(producer.type);
  if (!produced.has_value()) return CheckUntyped(producer, consumer);
  const bool has_expression = producer.expression.has_value();
  if (has_expression && expr::HasPoison(project_.exprs, producer.expression)) return true;
  FitAnswer answer = FindFilledFit(registry_, produced, consumer.schema, consumer.filled_by);
  if (answer.verdict == FitAnswer::Verdict::Fits) return true;
  const bool is_spent = answer.keyword == "steps" || answer.keyword == "depth";
  if (answer.verdict == FitAnswer::Verdict::Unknown && has_expression && !is_spent) {
    const Flow flow = {.expression = producer.expression,
                       .workflow = producer.workflow,
                       .conditions = ConditionsOf(producer),
                       .consumer = consumer.schema,
                       .filled_by = consumer.filled_by,
                       .guess = answer.guess};
    if (auto found = search_.Find(flow)) answer = *std::move(found);
  }
  const bool is_wrong = answer.verdict == FitAnswer::Verdict::Mismatch;
  if (is_wrong && has_expression && !MayEvaluate(producer.expression)) return true;
  // In a map that is written out, every part that does not fit is reported.
  if (has_expression && !CheckParts(producer, consumer)) {
    ReportProperties(producer, consumer, produced, answer);
    return false;
  }
  if (is_wrong) {
    ReportIncompatible(context_, producer, consumer, produced, answer);
    return false;
  }
  ReportUnknown(producer, consumer, answer.keyword);
  return true;
}

/// Checks a value without a known type, such as `dyn(x)`, for which only a search with concrete
/// values can tell. A value that lost its type through a mistake was reported already.
bool FlowCheck::CheckUntyped(const Producer& producer, const Consumer& consumer) {
  if (!producer.expression.has_value() || has_mistakes_) return true;
  const ir::SchemaId anything = registry_.Derive({});
  const FitAnswer of_any = FindFilledFit(registry_, anything, consumer.schema, consumer.filled_by);
  if (of_any.verdict == FitAnswer::Verdict::Fits) return true;
  const auto found = search_.Find({.expression = producer.expression,
                                   .workflow = producer.workflow,
                                   .conditions = ConditionsOf(producer),
                                   .consumer = consumer.schema,
                                   .filled_by = consumer.filled_by});
  if (found && !MayEvaluate(producer.expression)) return true;
  if (found) {
    ReportIncompatible(context_, producer, consumer, anything, *found);
    return false;
  }
  ReportUnknown(producer, consumer, "type");
  return true;
}

bool FlowCheck::CheckParts(const Producer& producer, const Consumer& consumer) {
  const expr::ExprStore& store = project_.exprs;
  if (store[producer.expression].op != expr::Op::Map) return true;
  const std::span<const ir::ExprId> children = store.children(producer.expression);
  bool is_clean = true;
  for (size_t i = 0; i + 1 < children.size(); i += 2) {
    if (!IsConstText(store, children[i])) continue;
    const std::string_view key = store.constant(children[i]).AsString();
    const ir::SchemaId property = registry_.FindProperty(consumer.schema, key);
    if (!property.has_value()) continue;
    Consumer part = consumer;
    part.schema = property;
    if (consumer.filled_by.has_value()) {
      part.filled_by = types::FindPropertyFiller(registry_, consumer.filled_by, key);
    }
    types::AppendPointer(part.pointer, key);
    types::AppendPointer(part.path, key);
    Producer value = At(children[i + 1], producer.workflow);
    value.place = producer.place;
    value.stage = producer.stage;
    is_clean &= Check(value, part);
  }
  return is_clean;
}

/// Reports the properties that a map lacks and those that it must not have, after its parts were
/// checked.
void FlowCheck::ReportProperties(const Producer& producer, const Consumer& consumer,
                                 ir::SchemaId produced, const FitAnswer& answer) {
  for (const types::Mismatch& mismatch : answer.mismatches) {
    const bool is_of_properties =
        mismatch.keyword == "required" || mismatch.keyword == "additionalProperties";
    if (!is_of_properties || !mismatch.pointer.empty()) continue;
    FitAnswer part = answer;
    part.mismatches = {mismatch};
    ReportIncompatible(context_, producer, consumer, produced, part);
  }
}

void FlowCheck::CheckOverlap(const Producer& producer, const Consumer& consumer) {
  const ir::SchemaId produced = types_.SchemaOf(producer.type);
  if (!produced.has_value()) return;
  const FitAnswer answer = FindOverlap(registry_, produced, consumer.schema);
  if (answer.verdict == FitAnswer::Verdict::Mismatch)
    ReportIncompatible(context_, producer, consumer, produced, answer);
}

void FlowCheck::ReportUnknown(const Producer& producer, const Consumer& consumer,
                              std::string_view reason) {
  if (!context_.options.is_pedantic) return;
  context_.sink.Report(diag::Undecided, producer.span, NameOf(project_, producer), consumer.name,
                       ExplainUnknown(reason));
}

}  // namespace

void CheckCompatibility(PassContext& context) {
  FlowCheck(context).Run();
}

}  // namespace wfc::passes
