// Checks agents, tools, models, commands, variables and the plan's single values: indices are in
// bounds, and each struct has only what its kind may have.
#include <cmath>

#include "backend-runtime/plan/check.h"
#include "ir/base/builtin_tools.h"
#include "ir/base/path_below.h"

namespace wfc::plan {
namespace {

/// Takes a range of `pattern_lists` and checks that it names existing strings.
bool TakeTexts(PackedRanges& ranges, const PlanTables& plan, const fb::Range& range) {
  if (!ranges.Take(range)) return false;
  for (const uint32_t text : PlanTables::Slice(plan.pattern_lists, range)) {
    if (!IsIn(text, plan.string_ends.size())) return false;
  }
  return true;
}

class TableChecker {
 public:
  TableChecker(const PlanTables& plan, const fb::Plan& root, std::span<const Value> constants)
      : plan_(plan), root_(root), constants_(constants) {}

  Result<void> Check() {
    if (Fault fault = CheckRoot()) return Error{fault};
    Result<void> result = CheckCommands();
    if (result.ok()) result = CheckEach("agent", plan_.agents, &TableChecker::CheckAgent);
    if (result.ok()) result = CheckEach("tool", plan_.tools, &TableChecker::CheckTool);
    if (result.ok()) result = CheckEach("model", plan_.models, &TableChecker::CheckModel);
    if (result.ok())
      result = CheckEach("agent call", plan_.agent_calls, &TableChecker::CheckAgentCall);
    if (result.ok())
      result = CheckEach("tool call", plan_.tool_calls, &TableChecker::CheckToolCall);
    if (result.ok()) result = CheckEach("assert", plan_.asserts, &TableChecker::CheckAssert);
    if (result.ok()) result = CheckEach("retry", plan_.retries, &TableChecker::CheckRetry);
    if (result.ok()) result = CheckEach("schema", plan_.schemas, &TableChecker::CheckSchema);
    if (result.ok()) result = CheckEach("variable", plan_.vars, &TableChecker::CheckVar);
    if (result.ok()) result = CheckEach("secret", plan_.secrets, &TableChecker::CheckSecret);
    if (result.ok())
      result = CheckEach("suppressed finding", plan_.suppressed, &TableChecker::CheckSuppressed);
    if (result.ok()) result = CheckEach("dry run", plan_.dry_runs, &TableChecker::CheckDryRun);
    return result;
  }

 private:
  template <class T>
  Result<void> CheckEach(std::string_view table, std::span<const T> entries,
                         Fault (TableChecker::*check)(const T&)) {
    for (size_t i = 0; i < entries.size(); ++i) {
      if (Fault fault = (this->*check)(entries[i])) return At(table, i, fault);
    }
    return {};
  }

  bool IsText(uint32_t index) const { return IsIn(index, plan_.string_ends.size()); }
  bool IsTextOrNone(uint32_t index) const { return index == kNone || IsText(index); }
  bool IsProgram(uint32_t index) const { return IsIn(index, plan_.programs.size()); }
  bool IsProgramOrNone(uint32_t index) const { return index == kNone || IsProgram(index); }
  bool IsSchemaOrNone(uint32_t index) const { return IsNoneOrIn(index, plan_.schemas.size()); }
  bool IsConstantOrNone(uint32_t index) const { return IsNoneOrIn(index, constants_.size()); }

  Fault CheckRoot() {
    if (!IsText(root_.project()) || !IsText(root_.workflow()) || !IsText(root_.compiler()))
      return "plan: no such string";
    if (!IsSchemaOrNone(root_.input()) || !IsSchemaOrNone(root_.returns()))
      return "plan: no such schema";
    if (!IsProgramOrNone(root_.output())) return "plan: no such program";
    if (!IsEnum(root_.default_mode()) || !IsEnum(root_.max_risk()))
      return "plan: unknown mode or risk";
    if (root_.modes() >= 1u << kCountOf<Mode>) return "plan: unknown mode";
    if ((root_.modes() >> static_cast<unsigned>(root_.default_mode()) & 1) == 0) {
      return "plan: its default mode is not one of its modes";
    }
    if (root_.concurrency() == 0 || root_.concurrency() > kMaxConcurrency)
      return "plan: concurrency out of range";
    if (!IsTextOrNone(root_.workspace()) || !IsTextOrNone(root_.path()))
      return "plan: no such string";
    if (root_.workspace() != kNone && !IsPathBelow(plan_.text(StringId(root_.workspace()))))
      return "plan: its workspace is not below the project's folder";
    return nullptr;
  }

  Result<void> CheckCommands() {
    PackedRanges programs(plan_.program_lists.size());
    PackedRanges texts(plan_.pattern_lists.size());
    PackedRanges environment(plan_.env_entries.size());
    PackedRanges integers(plan_.integers.size());
    for (const CommandId id : plan_.commands.ids()) {
      const fb::Command& command = plan_.commands[id];
      if (!programs.Take(command.argv()) || !environment.Take(command.env()) ||
          !integers.Take(command.ok_exit()) || !TakeTexts(texts, plan_, command.reads()) ||
          !TakeTexts(texts, plan_, command.writes()) || !TakeTexts(texts, plan_, command.net())) {
        return At(
            "command", id.index(),
            "a list that does not begin where the one before ended, or names what is not there");
      }
      if (Fault fault = CheckCommand(command)) return At("command", id.index(), fault);
    }
    if (!programs.is_complete() || !texts.is_complete() || !environment.is_complete() ||
        !integers.is_complete()) {
      return Error{"commands: a list goes on after the last one"};
    }
    return {};
  }

  Fault CheckCommand(const fb::Command& command) {
    const fb::Command rebuilt(command.stdout_limit(), command.argv(), command.env(),
                              command.ok_exit(), command.reads(), command.writes(), command.net(),
                              command.cwd(), command.stdin_program(), command.stdin_is_json(),
                              command.parse(), command.effect(), command.is_idempotent());
    if (!IsCanonical(command, rebuilt)) return "a truth value that is neither 0 nor 1";
    if (!IsEnum(command.parse()) || !IsEnum(command.effect()))
      return "unknown way to parse, or effect";
    if (command.argv().count() == 0) return "no program";
    for (const uint32_t word : PlanTables::Slice(plan_.program_lists, command.argv())) {
      if (!IsProgram(word)) return "no such program for a word of argv";
    }
    for (const fb::EnvEntry& entry : PlanTables::Slice(plan_.env_entries, command.env())) {
      if (!IsText(entry.name()) || !IsProgram(entry.program()))
        return "no such string or program in env";
    }
    if (!IsProgramOrNone(command.cwd()) || !IsProgramOrNone(command.stdin_program()))
      return "no such program";
    if (command.stdin_is_json() && command.stdin_program() != kNone) return "two standard inputs";
    if (command.stdout_limit() > kMaxStdoutBytes) return "its limit of output is out of range";
    return nullptr;
  }

  /// Checks that entries are in the order of their commands, because the runtime finds them by
  /// binary search.
  Fault CheckDryRun(const fb::DryRun& dry_run) {
    if (!IsIn(dry_run.command(), plan_.commands.size())) return "no such command";
    if (&dry_run != plan_.dry_runs.data() && (&dry_run - 1)->command() >= dry_run.command())
      return "it is out of order";
    return IsConstantOrNone(dry_run.constant()) && dry_run.constant() != kNone ? nullptr
                                                                               : "no such constant";
  }

  Fault CheckAgent(const fb::Agent& agent) {
    if (!IsEnum(agent.kind()) || !IsEnum(agent.effect())) return "unknown kind or effect";
    if (!IsText(agent.name())) return "no such string";
    if (!IsProgramOrNone(agent.system()) || !IsProgramOrNone(agent.prompt()))
      return "no such program";
    if (!IsSchemaOrNone(agent.input()) || !IsSchemaOrNone(agent.returns())) return "no such schema";
    if (!std::isfinite(agent.temperature())) return "its temperature is not a number";
    const bool needs_model = agent.kind() == fb::AgentKind::Llm;
    const bool needs_command = agent.kind() == fb::AgentKind::Command;
    if (needs_model ? !IsIn(agent.model(), plan_.models.size()) : agent.model() != kNone)
      return "no such model";
    if (needs_command ? !IsIn(agent.command(), plan_.commands.size()) : agent.command() != kNone) {
      return "no such command";
    }
    return nullptr;
  }

  Fault CheckTool(const fb::Tool& tool) {
    const fb::Tool rebuilt(tool.timeout_ns(), tool.name(), tool.builtin(), tool.command(),
                           tool.input(), tool.returns(), tool.dry_run(), tool.kind(), tool.effect(),
                           tool.risk(), tool.trust(), tool.is_idempotent());
    if (!IsCanonical(tool, rebuilt)) return "a truth value that is neither 0 nor 1";
    if (!IsEnum(tool.kind()) || !IsEnum(tool.effect()) || !IsEnum(tool.risk()) ||
        !IsEnum(tool.trust())) {
      return "unknown kind, effect, risk or trust";
    }
    if (!IsText(tool.name())) return "no such string";
    if (tool.timeout_ns() < 0) return "a timeout below 0";
    if (!IsSchemaOrNone(tool.input()) || !IsSchemaOrNone(tool.returns())) return "no such schema";
    if (!IsConstantOrNone(tool.dry_run())) return "no such constant";
    const bool is_builtin = tool.kind() == fb::ToolKind::Builtin;
    if (is_builtin ? tool.builtin() >= AllBuiltinTools().size() : tool.builtin() != kNone)
      return "no such built-in tool";
    if (is_builtin ? tool.command() != kNone : !IsIn(tool.command(), plan_.commands.size()))
      return "no such command";
    return nullptr;
  }

  Fault CheckModel(const fb::Model& model) {
    if (!IsEnum(model.provider())) return "unknown provider";
    if (!IsText(model.name())) return "no such string";
    if (model.max_tokens() < 0) return "a number of tokens below 0";
    if (!IsConstantOrNone(model.fixture())) return "no such constant";
    if (model.fixture() != kNone && constants_[model.fixture()].kind() != Kind::Map)
      return "its fixture is not a map";
    return nullptr;
  }

  Fault CheckAgentCall(const fb::AgentCall& call) {
    if (!IsIn(call.agent(), plan_.agents.size())) return "no such agent";
    if (!IsProgramOrNone(call.with_program()) || !IsProgramOrNone(call.prompt()))
      return "no such program";
    if (!IsNoneOrIn(call.model(), plan_.models.size())) return "no such model";
    return nullptr;
  }

  Fault CheckToolCall(const fb::ToolCall& call) {
    if (!IsIn(call.tool(), plan_.tools.size())) return "no such tool";
    if (!IsProgramOrNone(call.with_program())) return "no such program";
    return nullptr;
  }

  Fault CheckAssert(const fb::Assert& assertion) {
    return IsProgram(assertion.program()) && IsProgramOrNone(assertion.message())
               ? nullptr
               : "no such program";
  }

  Fault CheckRetry(const fb::Retry& retry) {
    const fb::Retry rebuilt(retry.initial_ns(), retry.max_ns(), retry.factor(),
                            retry.further_attempts(), retry.codes(), retry.has_jitter());
    if (!IsCanonical(retry, rebuilt)) return "a truth value that is neither 0 nor 1";
    if (retry.initial_ns() < 0 || retry.initial_ns() > kMaxDelayNs)
      return "its first delay is out of range";
    if (retry.max_ns() < 0 || retry.max_ns() > kMaxDelayNs)
      return "its longest delay is out of range";
    if (!(retry.factor() >= 0 && retry.factor() <= kMaxBackoffFactor))
      return "its factor is out of range";
    if (retry.further_attempts() > kMaxFurtherAttempts) return "too many attempts";
    if (retry.codes() >= 1u << kCountOf<FailureCode>) return "unknown error code";
    return nullptr;
  }

  Fault CheckSchema(const fb::Schema& schema) {
    if (!IsText(schema.name())) return "no such string";
    return IsConstantOrNone(schema.smallest()) && IsConstantOrNone(schema.document())
               ? nullptr
               : "no such constant";
  }

  Fault CheckVar(const fb::Var& var) {
    if (!IsText(var.name()) || !IsTextOrNone(var.environment())) return "no such string";
    if (!IsConstantOrNone(var.value())) return "no such constant";
    if (!IsSchemaOrNone(var.schema())) return "no such schema";
    return var.value() == kNone && var.environment() == kNone
               ? "neither a value nor an environment variable"
               : nullptr;
  }

  Fault CheckSecret(const fb::Secret& secret) {
    if (!IsText(secret.name())) return "no such string";
    if (!IsTextOrNone(secret.environment()) || !IsTextOrNone(secret.file()))
      return "no such string";
    const bool is_one = (secret.environment() == kNone) != (secret.file() == kNone);
    return is_one ? nullptr : "needs an environment variable or a file";
  }

  Fault CheckSuppressed(const fb::Suppressed& finding) {
    const bool is_text =
        IsText(finding.code()) && IsText(finding.place()) && IsText(finding.reason());
    return is_text ? nullptr : "no such string";
  }

  const PlanTables& plan_;
  const fb::Plan& root_;
  std::span<const Value> constants_;
};

}  // namespace

Result<void> CheckTables(const PlanTables& plan, const fb::Plan& root,
                         std::span<const Value> constants) {
  return TableChecker(plan, root, constants).Check();
}

}  // namespace wfc::plan
