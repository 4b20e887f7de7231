// T002: with `--pedantic`, the stages about which the checks of presence are silent because the
// analysis exceeded its limits (docs/design/presence.md). Runs after all checks that ask it.
#include "ir/diag/messages.h"
#include "passes/conditions/presence_graph.h"
#include "passes/context/pass.h"

namespace wfc::passes {

void CheckUndecidedPresence(PassContext& context) {
  if (!context.options.is_pedantic) return;
  for (const ir::StageId id : context.presence().undecided()) {
    const diag::StageScope scope(context.sink, id);
    const ir::Stage& stage = context.project.stages[id];
    context.sink.Report(diag::UndecidedPresence, stage.name.span, context.project.text(stage.path));
  }
}

}  // namespace wfc::passes
