// Codegen: one workflow of a proved project becomes a plan. `wfc compile` and `wfc run` call it,
// when nothing was found that is an error and nothing that the tool does not have yet.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "backend-runtime/plan/writer.h"
#include "ir/expr/type.h"
#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::codegen {

/// A finding that a comment in the manifest silences, for whoever reviews the plan.
struct SuppressedFinding {
  std::string code;
  std::string place;  ///< `workflows/report.yaml`, relative to the project's folder
  std::string reason;
};

struct CodegenOptions {
  std::vector<SuppressedFinding> suppressed;
  /// Where nodes stand in which files, for messages of a run. Not part of the identity, but of the
  /// file: with it, moving a stage within its file changes bytes.
  const SourceMap* sources = nullptr;
  /// By ExprId: what the expression yields, as the passes found. None: not known, numbers then stay
  /// as they are read.
  std::span<const expr::KindSet> kinds;
};

/// The tables of the plan of `workflow`. The same project gives the same tables, wherever and by
/// whatever it is compiled.
[[nodiscard]] plan::PlanBuilder BuildPlan(const ir::Project& project, ir::WorkflowId workflow,
                                          const CodegenOptions& options = {});

/// The plan as a file.
[[nodiscard]] std::vector<std::byte> EmitPlan(const ir::Project& project, ir::WorkflowId workflow,
                                              const CodegenOptions& options = {});

}  // namespace wfc::codegen
