// Codegen: turns one workflow of a checked project into a plan. `wfc compile` and `wfc run` call
// it, provided that no error was found and that this version supports everything the project uses.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "ir/expr/type.h"
#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::plan {
struct PlanBuilder;
}  // namespace wfc::plan

namespace wfc::codegen {

/// A finding that is suppressed by a comment in the manifest; the plan lists it for reviewers.
struct SuppressedFinding {
  std::string code;
  std::string place;  ///< `workflows/report.yaml`, relative to the project's folder
  std::string reason;
};

/// What a plan contains besides the project itself.
struct CodegenOptions {
  std::vector<SuppressedFinding> suppressed;
  /// The positions of nodes in the project's files, for messages during a run; null omits them.
  /// They are not part of the plan's identity, but are part of the file: moving a stage within its
  /// file changes the file's bytes.
  const SourceMap* sources = nullptr;
  /// What each expression yields according to the passes, indexed by ExprId. Empty if that is not
  /// known; number literals then keep the kind with which they were read.
  std::span<const expr::KindSet> kinds;
};

/// The tables of the plan of `workflow`. Cannot fail for a checked project. The same project gives
/// the same tables, independent of the machine, the folder and the compiler that wfc was built
/// with.
[[nodiscard]] plan::PlanBuilder BuildPlan(const ir::Project& project, ir::WorkflowId workflow,
                                          const CodegenOptions& options = {});

/// Like BuildPlan, but returns the bytes of the plan file.
[[nodiscard]] std::vector<std::byte> EmitPlan(const ir::Project& project, ir::WorkflowId workflow,
                                              const CodegenOptions& options = {});

}  // namespace wfc::codegen
