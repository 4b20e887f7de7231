// N020: inputs that an agent or a tool declares and never reads, so that neither the model nor the
// command receives what callers pass.
#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/core.h>

#include "ir/base/id_range.h"
#include "ir/diag/messages.h"
#include "ir/expressions.h"
#include "ir/with_reads.h"
#include "passes/context/pass.h"

namespace wfc::passes {

namespace {

bool HoldsPoison(const ir::Project& project, ir::ExprId id) {
  return id.has_value() && expr::HasPoison(project.exprs, id);
}

class InputCheck {
 public:
  explicit InputCheck(PassContext& context)
      : context_(context),
        project_(context.project),
        calls_(project_.agents.size()),
        is_called_(project_.tools.size(), false) {
    for (const ir::TextRead& read : project_.text_reads) {
      if (read.name.has_value()) named_in_text_.insert({read.agent, read.tool, read.name});
    }
  }

  void Run() {
    for (const ir::Stage& stage : project_.stages) {
      const ir::AgentCall* call = project_.FindAgentCall(stage);
      if (call != nullptr && call->agent.has_value()) calls_[call->agent].push_back(call);
      const ir::ToolId tool = project_.tool_of(stage);
      if (tool.has_value()) is_called_[tool] = true;
    }
    for (const ir::AgentId id : project_.agents.ids()) CheckAgent(id);
    for (const ir::ToolId id : project_.tools.ids()) CheckTool(id);
  }

 private:
  struct Callee {
    std::string name;        ///< "the agent `writer`"
    std::string_view where;  ///< "its prompts read"
    ir::SchemaId input;
    Span input_span;
    ir::AgentId agent;
    ir::ToolId tool;
  };

  void CheckAgent(ir::AgentId id);
  void CheckTool(ir::ToolId id);
  void ReportUnread(const Callee& callee, ir::WithReads reads);
  [[nodiscard]] bool IsNamedInText(const Callee& callee, std::string_view input) const;

  PassContext& context_;
  const ir::Project& project_;
  IdVector<ir::AgentId, std::vector<const ir::AgentCall*>> calls_;
  IdVector<ir::ToolId, bool> is_called_;
  std::set<std::tuple<ir::AgentId, ir::ToolId, StringId>> named_in_text_;
};

/// Checks an agent. Without a prompt, the model is shown all of `with`, and a command receives all
/// of it, so that every input counts as read.
void InputCheck::CheckAgent(ir::AgentId id) {
  const ir::Agent& agent = project_.agents[id];
  if (agent.kind != ir::Agent::Kind::Llm || !agent.prompt.has_value()) return;
  ir::WithReads reads;
  ir::CollectWithReads(project_, agent.system, reads);
  ir::CollectWithReads(project_, agent.prompt, reads);
  bool is_in_doubt = HoldsPoison(project_, agent.system) || HoldsPoison(project_, agent.prompt);
  for (const ir::AgentCall* call : calls_[id]) {
    ir::CollectWithReads(project_, call->prompt, reads);
    is_in_doubt |= HoldsPoison(project_, call->prompt);
  }
  if (is_in_doubt || calls_[id].empty()) return;
  ReportUnread({.name = fmt::format("the agent `{}`", project_.text(agent.name)),
                .where = "its prompts read",
                .input = agent.input,
                .input_span = agent.input_span,
                .agent = id},
               std::move(reads));
}

void InputCheck::CheckTool(ir::ToolId id) {
  const ir::Tool& tool = project_.tools[id];
  if (tool.kind != ir::Tool::Kind::Command || !tool.command.has_value()) return;
  bool is_in_doubt = false;
  ir::ForEachExpression(project_, tool, [&](const ir::ExprPlace& place) {
    is_in_doubt |= HoldsPoison(project_, place.id);
  });
  if (is_in_doubt || !is_called_[id]) return;
  ir::WithReads reads;
  ir::CollectWithReads(project_, tool.command, reads);
  ReportUnread({.name = fmt::format("the tool `{}`", project_.text(tool.name)),
                .where = "its fields read",
                .input = tool.input,
                .input_span = tool.input_span,
                .tool = id},
               std::move(reads));
}

/// Whether the input is named in a text without `${…}`: that mistake was already reported.
bool InputCheck::IsNamedInText(const Callee& callee, std::string_view input) const {
  const StringId name = project_.strings.Find(input);
  return name.has_value() && named_in_text_.contains({callee.agent, callee.tool, name});
}

/// Reports the unread inputs of a callee. A named schema may be shared with other callees, which
/// read the rest of it.
void InputCheck::ReportUnread(const Callee& callee, ir::WithReads reads) {
  const bool is_own = callee.input.has_value() && callee.input_span.has_value() &&
                      !project_.schemas.IsNamed(callee.input);
  if (!is_own || reads.reads_whole) return;
  const auto properties = project_.schemas.FindProperties(callee.input);
  if (!properties) return;
  ir::Normalize(reads);
  // An input whose name is misspelt where it is read was reported there.
  const bool is_misread = std::ranges::any_of(reads.names, [&](std::string_view name) {
    return std::ranges::find(properties->names, name) == properties->names.end();
  });
  if (is_misread) return;
  for (const std::string_view input : properties->names) {
    const bool is_read = std::ranges::binary_search(reads.names, input);
    if (is_read || IsNamedInText(callee, input)) continue;
    Span span = callee.input_span;
    if (project_.schema_places != nullptr) {
      span = project_.schema_places->Find(span, fmt::format("/{}", input), "");
    }
    context_.sink.Report(diag::UnreadInput, span, callee.name, input, callee.where)
        .SetSeverity(diag::Severity::Warning);
  }
}

}  // namespace

void CheckUnreadInputs(PassContext& context) {
  InputCheck(context).Run();
}

}  // namespace wfc::passes
