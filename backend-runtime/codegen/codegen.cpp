#include "backend-runtime/codegen/codegen.h"

#include "backend-runtime/codegen/emitter.h"
#include "ir/support/sha256.h"

namespace wfc::codegen {

plan::PlanBuilder BuildPlan(const ir::Project& project, ir::WorkflowId workflow,
                            const CodegenOptions& options) {
  plan::PlanBuilder builder;
  Emitter(project, workflow, options, builder).Emit();
  return builder;
}

std::vector<std::byte> EmitPlan(const ir::Project& project, ir::WorkflowId workflow,
                                const CodegenOptions& options) {
  return plan::WritePlan(BuildPlan(project, workflow, options), Sha256);
}

}  // namespace wfc::codegen
