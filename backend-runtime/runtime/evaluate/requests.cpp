#include "backend-runtime/runtime/evaluate/requests.h"

#include <algorithm>

#include <fmt/core.h>

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/evaluate/answer.h"
#include "backend-runtime/runtime/evaluate/callee.h"
#include "backend-runtime/runtime/evaluate/default_prompt.h"
#include "ir/value/json.h"

namespace wfc::runtime {
namespace {

using plan::fb::AgentKind;

/// The smallest output of a simulated command that `parse` can yield.
Value SmallestOutput(OutputParse parse) {
  switch (parse) {
    case OutputParse::Text:
      return Value::String("");
    case OutputParse::Json:
      return Value::Null();
    case OutputParse::Jsonl:
    case OutputParse::Lines:
      return Value::List(std::vector<Value>());
  }
  return Value::Null();
}

}  // namespace

Failure SchemaFailure(std::string_view what, std::span<const types::Mismatch> mismatches) {
  std::vector<Value> details;
  for (const types::Mismatch& mismatch : mismatches) {
    details.push_back(Value::Record({{"keyword", Value::String(mismatch.keyword)},
                                     {"message", Value::String(mismatch.message)},
                                     {"pointer", Value::String(mismatch.pointer)}}));
  }
  return {.code = FailureCode::Schema,
          .message = fmt::format("{} does not fit: {}", what, types::Describe(mismatches)),
          .details = Value::List(std::move(details))};
}

/// The program of the call's own prompt, or otherwise of its agent's; none means the default
/// prompt.
ProgramId PromptOf(const plan::fb::AgentCall& call, const plan::fb::Agent& agent) {
  const ProgramId own(call.prompt());
  return own.has_value() ? own : ProgramId(agent.prompt());
}

/// The constant that the command of a `run` node yields in mode dry_run; none means the smallest
/// instance of its schema.
ConstantId DryRunOf(const plan::PlanView& plan, CommandId command) {
  const auto found =
      std::ranges::lower_bound(plan.dry_runs, command.index(), {}, &plan::fb::DryRun::command);
  const bool is_listed = found != plan.dry_runs.end() && CommandId(found->command()) == command;
  return is_listed ? ConstantId(found->constant()) : ConstantId();
}

/// The smallest valid answer by the schema; without one, the empty text.
std::optional<Value> SmallestAnswer(const plan::PlanView& plan, SchemaId schema) {
  if (!schema.has_value()) return Value::String("");
  const ConstantId smallest(plan.schemas[schema].smallest());
  if (!smallest.has_value()) return std::nullopt;
  return plan.constant(smallest);
}

Request ToRequest(Result<CommandCall, Failure> command) {
  if (!command) return command.error();
  return *std::move(command);
}

/// The attempt whose request is being built.
struct RequestBuilder::Attempt {
  NodeId id;
  const plan::fb::Node& node;
  const Authority& authority;
  EvaluationContext place;  ///< where the stage's own expressions are evaluated
};

Request RequestBuilder::Build(NodeId id, InstanceId instance, const Authority& authority) const {
  const plan::fb::Node& node = plan_.nodes[id];
  const Attempt attempt{.id = id,
                        .node = node,
                        .authority = authority,
                        .place = {.instance = instance, .with = nullptr, .authority = &authority}};
  switch (plan::CalleeOf(node)) {
    case Callee::Agent:
      return BuildAgent(attempt);
    case Callee::Tool:
      return BuildTool(attempt);
    case Callee::Command:
      return BuildRun(attempt);
    case Callee::None:
      break;
  }
  WFC_CHECK(false);  // only calls have requests
  return Failure{};
}

Request RequestBuilder::BuildRun(const Attempt& attempt) const {
  const CommandId own(attempt.node.payload());
  const plan::fb::Command& command = plan_.commands[own];
  const Action action{.capability = Capability::Exec,
                      .subject = plan_.name(attempt.id),
                      .effect = plan::FromPlan(command.effect()),
                      .risk = GetDefaultRisk(plan::FromPlan(command.effect()))};
  if (auto refused = grants_.Refuse(action, attempt.authority)) return *std::move(refused);
  if (auto simulated = Simulate(attempt, DryRunOf(plan_, own), &command))
    return *std::move(simulated);
  return ToRequest(BuildCommand(attempt, own, nullptr, std::nullopt));
}

/// The output from which `parse` would yield `output`.
Value TextOf(OutputParse parse, const Value& output) {
  if (output.is_string()) return output;
  const bool has_lines = parse == OutputParse::Jsonl || parse == OutputParse::Lines;
  if (!has_lines || output.kind() != Kind::List) return Value::String(WriteJson(output));
  std::string text;
  for (const Value& item : output.items()) {
    const bool is_line = parse == OutputParse::Lines && item.is_string();
    text += is_line ? std::string(item.AsString()) : WriteJson(item);
    text += '\n';
  }
  return Value::String(text);
}

/// How a simulated command is said to have ended, so that expressions can read its `.exit`,
/// `.stdout` and `.stderr`.
EndedCommand RequestBuilder::PretendToEnd(const plan::fb::Command& command,
                                          const Value& output) const {
  const auto ok_exit = plan::PlanTables::Slice(plan_.integers, command.ok_exit());
  const Value nothing = Value::String("");
  return {.exit = ok_exit.empty() ? 0 : ok_exit.front(),
          .stdout_text = TextOf(plan::FromPlan(command.parse()), output),
          .stderr_text = nothing};
}

std::optional<Request> RequestBuilder::Simulate(const Attempt& attempt, ConstantId constant,
                                                const plan::fb::Command* command) const {
  if (!grants_.IsSimulated(EffectOf(plan_, attempt.id))) return std::nullopt;
  const SchemaId schema = SchemaOf(plan_, attempt.id);
  if (!constant.has_value() && schema.has_value()) {
    constant = ConstantId(plan_.schemas[schema].smallest());
    if (!constant.has_value()) {
      return Failure{.code = FailureCode::Schema,
                     .message = "its output cannot be simulated: no smallest instance is known",
                     .details = {}};
    }
  }
  Value output =
      command != nullptr ? SmallestOutput(plan::FromPlan(command->parse())) : Value::Null();
  if (constant.has_value()) output = plan_.constant(constant);
  std::optional<EndedCommand> ended;
  if (command != nullptr) ended = PretendToEnd(*command, output);
  return Immediate{.output = std::move(output), .is_simulated = true, .ended = std::move(ended)};
}

Result<Value, Failure> RequestBuilder::EvaluateWith(const Attempt& attempt, ProgramId program,
                                                    SchemaId schema) const {
  Value with = Value::Map({});
  if (program.has_value()) {
    Result<Value, Failure> value = state_.Evaluate(program, attempt.place);
    if (!value) return value;
    with = *std::move(value);
  }
  if (!schema.has_value()) return with;
  const uint32_t entry = plan_.schemas[schema].entry();
  const auto mismatches = plan_.validator().FillAndValidate(entry, with);
  if (!mismatches.empty()) return SchemaFailure("`with`", mismatches);
  return with;
}

Request RequestBuilder::BuildTool(const Attempt& attempt) const {
  const plan::fb::ToolCall& tool_call = plan_.tool_call_of(attempt.node);
  const plan::fb::Tool& tool = plan_.tool_of(attempt.node);
  const CommandId own(tool.command());
  const bool is_builtin = tool.kind() == plan::fb::ToolKind::Builtin;
  const Action action{.capability = is_builtin ? Capability::FsWrite : Capability::Exec,
                      .subject = plan_.name(tool),
                      .effect = plan::FromPlan(tool.effect()),
                      .risk = plan::FromPlan(tool.risk())};
  if (auto refused = grants_.Refuse(action, attempt.authority)) return *std::move(refused);
  Result<Value, Failure> with =
      EvaluateWith(attempt, ProgramId(tool_call.with_program()), SchemaId(tool.input()));
  if (!with) return with.error();
  const plan::fb::Command* command = is_builtin ? nullptr : &plan_.commands[own];
  if (auto simulated = Simulate(attempt, ConstantId(tool.dry_run()), command))
    return *std::move(simulated);
  if (!is_builtin) {
    std::optional<std::string> json;
    if (command->stdin_is_json()) json = WriteJson(*with);
    return ToRequest(BuildCommand(attempt, own, &with.value(), std::move(json)));
  }
  return BuiltinCall{.builtin = static_cast<BuiltinTool>(tool.builtin()),
                     .arguments = *std::move(with)};
}

Request RequestBuilder::BuildAgent(const Attempt& attempt) const {
  const plan::fb::AgentCall& agent_call = plan_.agent_call_of(attempt.node);
  const plan::fb::Agent& agent = plan_.agent_of(attempt.node);
  Result<Value, Failure> with =
      EvaluateWith(attempt, ProgramId(agent_call.with_program()), SchemaId(agent.input()));
  if (!with) return with.error();
  if (agent.kind() == AgentKind::Echo) return Immediate{.output = *std::move(with)};
  if (agent.kind() == AgentKind::Llm) return BuildModel(attempt, agent_call, *with);
  const Action action{.capability = Capability::Exec,
                      .subject = plan_.name(agent),
                      .effect = plan::FromPlan(agent.effect()),
                      .risk = GetDefaultRisk(plan::FromPlan(agent.effect()))};
  if (auto refused = grants_.Refuse(action, attempt.authority)) return *std::move(refused);
  const CommandId own(agent.command());
  if (auto simulated = Simulate(attempt, ConstantId(), &plan_.commands[own])) {
    return *std::move(simulated);
  }
  const EvaluationContext place{
      .instance = attempt.place.instance, .with = &*with, .authority = &attempt.authority};
  const auto system = EvaluateOr(ProgramId(agent.system()), place, "");
  if (!system) return system.error();
  const auto prompt = EvaluateOr(PromptOf(agent_call, agent), place, DefaultPrompt(*with));
  if (!prompt) return prompt.error();
  const SchemaId schema = SchemaOf(plan_, attempt.id);
  Result<CommandCall, Failure> command =
      BuildCommand(attempt, own, &*with, AgentInput(schema, *with, *system, *prompt));
  if (command) command->read_answer = MakeAnswerReader(schema);
  return ToRequest(std::move(command));
}

Result<std::string, Failure> RequestBuilder::EvaluateOr(ProgramId program,
                                                        const EvaluationContext& place,
                                                        const std::string& otherwise) const {
  return program.has_value() ? state_.EvaluateText(program, place)
                             : Result<std::string, Failure>(otherwise);
}

std::string RequestBuilder::AgentInput(SchemaId schema, const Value& with,
                                       const std::string& system, const std::string& prompt) const {
  const ConstantId document =
      schema.has_value() ? ConstantId(plan_.schemas[schema].document()) : ConstantId();
  return WriteJson(
      Value::Record({{"with", with},
                     {"system", Value::String(system)},
                     {"prompt", Value::String(prompt)},
                     {"schema", document.has_value() ? plan_.constant(document) : Value::Null()}}));
}

Request RequestBuilder::BuildModel(const Attempt& attempt, const plan::fb::AgentCall& agent_call,
                                   const Value& with) const {
  const plan::fb::Agent& agent = plan_.agent_of(attempt.node);
  const ModelId own(agent_call.model());
  const EvaluationContext place{
      .instance = attempt.place.instance, .with = &with, .authority = &attempt.authority};
  auto system = EvaluateOr(ProgramId(agent.system()), place, "");
  if (!system) return system.error();
  auto prompt = EvaluateOr(PromptOf(agent_call, agent), place, DefaultPrompt(with));
  if (!prompt) return prompt.error();
  const SchemaId schema = SchemaOf(plan_, attempt.id);
  return ModelCall{.model = own.has_value() ? own : ModelId(agent.model()),
                   .earlier_calls = state_.ModelCallsOf(attempt.id),
                   .system = *std::move(system),
                   .prompt = *std::move(prompt),
                   .temperature = agent.temperature(),
                   .read_answer = MakeAnswerReader(schema),
                   .smallest_answer = SmallestAnswer(plan_, schema)};
}

ReadAnswerFunction RequestBuilder::MakeAnswerReader(SchemaId schema) const {
  if (!schema.has_value()) return TextAnswer;
  return [&plan = plan_, redactor = redactor_,
          entry = plan_.schemas[schema].entry()](std::string_view text) -> Result<Value> {
    Result<Value> answer = ReadAnswer(plan.validator(), entry, text);
    if (answer || redactor == nullptr || redactor->empty()) return answer;
    // The message may quote a part of the text, which must not be part of a secret.
    return ReadAnswer(plan.validator(), entry, redactor->Redact(text));
  };
}

Result<CommandCall, Failure> RequestBuilder::BuildCommand(
    const Attempt& attempt, CommandId id, const Value* with,
    std::optional<std::string> json_input) const {
  const plan::fb::Command& command = plan_.commands[id];
  const EvaluationContext place{
      .instance = attempt.place.instance, .with = with, .authority = &attempt.authority};
  if (auto refused = grants_.RefusePatterns(command, attempt.authority)) return *std::move(refused);
  CommandCall call{.stdin_bytes = std::move(json_input),
                   .parse = plan::FromPlan(command.parse()),
                   .stdout_limit = command.stdout_limit()};
  for (const ProgramId word : plan_.argv_of(command)) {
    auto text = state_.EvaluateOptionalText(word, place);
    if (!text) return text.error();
    if (text->has_value()) {
      call.argv.push_back(**std::move(text));
    } else if (call.argv.empty()) {
      return Failure{.code = FailureCode::Expression,
                     .message = "the program is an empty optional",
                     .details = {}};
    }
  }
  for (const plan::fb::EnvEntry& entry :
       plan::PlanTables::Slice(plan_.env_entries, command.env())) {
    auto text = state_.EvaluateOptionalText(ProgramId(entry.program()), place);
    if (!text) return text.error();
    if (!text->has_value()) continue;
    call.environment.emplace_back(plan_.name(entry), **std::move(text));
  }
  if (const ProgramId folder(command.cwd()); folder.has_value()) {
    auto cwd = state_.EvaluateOptionalText(folder, place);
    if (!cwd) return cwd.error();
    call.cwd = (*std::move(cwd)).value_or("");
  }
  if (const ProgramId input(command.stdin_program()); input.has_value()) {
    auto text = state_.EvaluateOptionalText(input, place);
    if (!text) return text.error();
    call.stdin_bytes = *std::move(text);
  }
  for (const int64_t code : plan::PlanTables::Slice(plan_.integers, command.ok_exit())) {
    call.ok_exit.push_back(code);
  }
  return call;
}

}  // namespace wfc::runtime
