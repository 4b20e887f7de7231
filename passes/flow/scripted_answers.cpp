// T001 and N020: checks the answers that fixtures and `dry_run` give in place of a call against
// what the call returns.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/stage_output.h"
#include "ir/types/vm/describe.h"
#include "ir/value/json.h"
#include "passes/context/pass.h"

namespace wfc::passes {
namespace {

constexpr size_t kMaxShown = 60;  // bytes of a value in a message

std::string Shown(const Value& value) {
  std::string text = WriteJson(value);
  if (text.size() <= kMaxShown) return text;
  return value.kind() == Kind::List ? "(a list)" : value.is_string() ? "(a string)" : "(an object)";
}

class AnswerCheck {
 public:
  explicit AnswerCheck(PassContext& context)
      : context_(context), project_(context.project), registry_(context.project.schemas) {
    for (const ir::StageId id : project_.stages.ids()) {
      const ir::Stage& stage = project_.stages[id];
      if (project_.agent_of(stage).has_value()) stages_[stage.path].push_back(id);
      is_complete_ &= !stage.is_poison();
    }
  }

  void Run() {
    for (const ir::ScriptedAnswer& answer : project_.scripted_answers) Check(answer);
  }

 private:
  void Check(const ir::ScriptedAnswer& answer) {
    const auto found = stages_.find(answer.path);
    if (found == stages_.end()) return;  // N010, or a stage that could not be read
    std::vector<ir::StageId> asked;
    for (const ir::StageId id : found->second) {
      if (ModelOf(id) == answer.model) asked.push_back(id);
    }
    if (asked.empty()) return ReportUnused(answer, found->second.front());
    const bool is_used =
        std::ranges::any_of(asked, [&](ir::StageId id) { return answer.index < MostCalls(id); });
    if (!is_used) return ReportLeftOver(answer, asked.front());
    CheckFits(answer, asked);
  }

  [[nodiscard]] ir::ModelId ModelOf(ir::StageId id) const {
    const ir::AgentCall& call = project_.GetAgentCall(project_.stages[id]);
    const bool is_asked = project_.agents[call.agent].kind == ir::Agent::Kind::Llm;
    return is_asked ? project_.model_of(call) : ir::ModelId();
  }

  /// The most calls that the stage can make: its attempts, multiplied by those of the stages around
  /// it.
  [[nodiscard]] uint64_t MostCalls(ir::StageId id) const {
    constexpr uint64_t kMany = 1'000'000;
    uint64_t calls = 1;
    for (ir::StageId at = id; at.has_value() && calls < kMany;
         at = project_.bodies[project_.stages[at].body].owner) {
      const ir::RetryId retry = project_.stages[at].retry;
      if (retry.has_value()) calls *= uint64_t{1} + project_.retries[retry].further_attempts;
    }
    return calls;
  }

  /// Whether the manifest handles a failure for `schema`, so that an answer which does not fit may
  /// be there to cause it.
  [[nodiscard]] bool ExpectsMismatches(ir::StageId id) const {
    for (ir::StageId at = id; at.has_value();
         at = project_.bodies[project_.stages[at].body].owner) {
      const ir::Stage& stage = project_.stages[at];
      const bool retries = stage.retry.has_value() &&
                           (project_.retries[stage.retry].codes & Bit(FailureCode::Schema)) != 0;
      if (retries || stage.on_error != ir::OnError::Fail) return true;
    }
    return false;
  }

  void CheckFits(const ir::ScriptedAnswer& answer, const std::vector<ir::StageId>& asked) {
    const Value* value = AnswerOf(answer.entry);
    if (value == nullptr || !reported_.insert(answer.span).second) return;
    std::string why;
    for (const ir::StageId id : asked) {
      if (ExpectsMismatches(id)) return;
      why = ExplainMismatch(id, *value);
      if (why.empty()) return;
    }
    const ir::Stage& stage = project_.stages[asked.front()];
    diag::Reported reported = context_.sink.Report(diag::ScriptedMismatch, answer.span,
                                                   Shown(*value), project_.text(stage.path), why);
    reported.AddNote(stage.name.span.has_value() ? stage.name.span : stage.span, "the stage");
    if (IsText(stage)) return;  // what reads it counts on text
    reported.SetSeverity(diag::Severity::Warning);
    reported.AddNote({}, "an answer that is wrong on purpose is written as `{text: …}`");
  }

  [[nodiscard]] bool IsText(const ir::Stage& stage) const {
    return !ir::FindOutputSchema(project_, stage).has_value();
  }

  /// Why the value does not fit what the stage's call returns; "" if it fits.
  [[nodiscard]] std::string ExplainMismatch(ir::StageId id, const Value& value) const {
    const ir::Stage& stage = project_.stages[id];
    const ir::Agent& agent = project_.agents[project_.agent_of(stage)];
    const ir::SchemaId returns = ir::FindOutputSchema(project_, stage);
    if (!returns.has_value()) {
      const bool is_broken = stage.returns_span.has_value() || agent.returns_span.has_value();
      if (is_broken || value.is_string()) return {};
      return "without `returns` an agent answers with text";
    }
    const std::vector<types::Mismatch> mismatches = registry_.Validate(returns, value);
    return mismatches.empty() ? std::string() : mismatches.front().message;
  }

  /// The value with which an entry answers; null if the entry is a text that is parsed, or an
  /// error.
  [[nodiscard]] static const Value* AnswerOf(const Value& entry) {
    if (entry.kind() != Kind::Map) return &entry;
    const bool has_delay = entry.Find("delay") != nullptr;
    if (entry.entries().size() != (has_delay ? 2U : 1U)) return &entry;
    const bool is_form = entry.Find("text") != nullptr || entry.Find("error") != nullptr;
    if (is_form) return nullptr;
    return has_delay && entry.Find("value") != nullptr ? entry.Find("value") : &entry;
  }

  void ReportUnused(const ir::ScriptedAnswer& answer, ir::StageId id) {
    if (answer.index > 0 || !is_complete_ || !reported_.insert(answer.span).second) return;
    context_.sink.Report(diag::UnusedAnswer, answer.span, project_.text(answer.path),
                         "its agent does not ask this model");
    static_cast<void>(id);
  }

  void ReportLeftOver(const ir::ScriptedAnswer& answer, ir::StageId id) {
    const uint64_t calls = MostCalls(id);
    if (answer.index != calls || !reported_.insert(answer.span).second) return;  // the first alone
    context_.sink.Report(diag::UnusedAnswer, answer.span, project_.text(answer.path),
                         calls == 1 ? std::string("it makes one call")
                                    : fmt::format("it makes at most {} calls", calls));
  }

  PassContext& context_;
  const ir::Project& project_;
  const types::SchemaRegistry& registry_;
  std::map<StringId, std::vector<ir::StageId>> stages_;  ///< agent stages by path
  bool is_complete_ = true;
  std::set<Span> reported_;  ///< entries: groups may share a fixture
};

/// Checks a value for mode dry_run, which must be one that the call could return.
void CheckDryRun(PassContext& context, const Value& value, Span span, ir::SchemaId returns,
                 const std::string& who) {
  if (!returns.has_value()) return;
  const std::vector<types::Mismatch> mismatches = context.project.schemas.Validate(returns, value);
  if (mismatches.empty()) return;
  context.sink.Report(diag::DryRunMismatch, span, Shown(value), who, mismatches.front().message);
}

}  // namespace

void CheckScriptedAnswers(PassContext& context) {
  const ir::Project& project = context.project;
  if (!project.scripted_answers.empty()) AnswerCheck(context).Run();
  for (const ir::Tool& tool : project.tools) {
    if (!tool.has_dry_run) continue;
    CheckDryRun(context, tool.dry_run, tool.dry_run_span, tool.returns,
                fmt::format("tool `{}`", project.text(tool.name)));
  }
  for (const ir::Stage& stage : project.stages) {
    const ir::Command* command = project.FindCommand(stage);
    if (command == nullptr || !command->has_dry_run) continue;
    CheckDryRun(context, command->dry_run, command->dry_run_span, stage.returns,
                fmt::format("stage `{}`", project.text(stage.path)));
  }
}

}  // namespace wfc::passes
