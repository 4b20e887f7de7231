// R001: calls that leave the process without a timeout, be it their own, their tool's or the
// default.
#include "ir/diag/messages.h"
#include "passes/context/pass.h"

namespace wfc::passes {

namespace {

bool CanHang(const ir::Project& project, const ir::Stage& stage) {
  switch (RuleOf(stage.verb).callee) {
    case Callee::Agent: {
      const ir::AgentId id = project.agent_of(stage);
      if (!id.has_value()) return false;
      const ir::Agent& agent = project.agents[id];
      return agent.kind != ir::Agent::Kind::Echo && agent.is_supported;
    }
    case Callee::Tool: {
      const ir::ToolId id = project.tool_of(stage);
      if (!id.has_value()) return false;
      const ir::Tool& tool = project.tools[id];
      return tool.kind == ir::Tool::Kind::Command && !tool.timeout_span.has_value();
    }
    case Callee::Command:
      return true;
    case Callee::None:
      return false;
  }
  return false;
}

}  // namespace

void CheckTimeouts(PassContext& context) {
  context.ForEachStage([&](ir::StageId id) {
    const ir::Stage& stage = context.project.stages[id];
    if (stage.timeout_span.has_value() || !CanHang(context.project, stage)) return;
    context.sink.Report(diag::NoTimeout, stage.verb_span, context.project.text(stage.path));
  });
}

}  // namespace wfc::passes
