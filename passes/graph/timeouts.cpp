// R001: calls that leave the process without a timeout, be it their own, their tool's or the
// default.
#include "ir/diag/messages.h"
#include "passes/context/pass.h"

namespace wfc::passes {

namespace {

bool CanHang(const ir::Project& project, const ir::Stage& stage) {
  switch (stage.verb) {
    case ir::Verb::Agent:
      return stage.agent.has_value() && project.agents[stage.agent].kind != ir::Agent::Kind::Echo &&
             project.agents[stage.agent].is_supported;
    case ir::Verb::Run:
      return true;
    case ir::Verb::Tool: {
      if (!stage.tool.has_value()) return false;
      const ir::Tool& tool = project.tools[stage.tool];
      return tool.kind == ir::Tool::Kind::Command && !tool.timeout_span.has_value();
    }
    case ir::Verb::Transform:
    case ir::Verb::Decide:
    case ir::Verb::Assert:
    case ir::Verb::Fail:
    case ir::Verb::Poison:
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
