// Analysis: a project as the compiler knows it, from its files to the checked IR, with all
// findings. Every verb of `wfc` that looks at a project asks for one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "backend-runtime/codegen/codegen.h"
#include "frontend/manifest/load.h"
#include "frontend/specs/freshness.h"
#include "ir/diag/sink.h"
#include "ir/expr/type.h"
#include "ir/files/project_folder.h"
#include "ir/files/project_overlay.h"
#include "ir/project.h"
#include "ir/support/source_map.h"
#include "passes/analyses.h"

namespace wfc::driver {

struct AnalysisRequest {
  /// The project's folder, its root file, or any manifest of it; empty: walk up from the working
  /// directory to the nearest wfc.yaml.
  std::string path;
  files::Outside outside = files::Outside::Refuse;
  /// The command line says which workflow is meant, so that a project without `main` is none the
  /// worse.
  bool is_workflow_chosen = false;
  passes::PassOptions passes;
  /// `wfc guard` stops before the passes.
  bool runs_passes = true;
  /// Files of the project, by path, and what they are taken to say: to see what a change would
  /// bring.
  files::Texts changed_files;
};

/// The IR and the findings point into the sources and the syntax.
struct Analysis {
  SourceMap sources;
  manifest::Syntax syntax;
  ir::Project project;
  /// In the order in which they were reported, without those that comments suppress.
  std::vector<diag::Diagnostic> findings;
  std::vector<codegen::SuppressedFinding> suppressed;
  /// By ExprId: what the passes found that it yields.
  std::vector<expr::KindSet> kinds;
  specs::FreshnessCounts specs_checked;
  /// Reading, lowering and each pass, in the order in which they ran.
  std::vector<passes::PassTime> times;
};

/// Loads, lowers and checks the project. Findings do not stop it: all mistakes are reported in one
/// run.
[[nodiscard]] Result<std::unique_ptr<Analysis>, manifest::LoadFailure> Analyse(
    const AnalysisRequest& request);

/// Ends wfc with exit code 3 if the IR is not what codegen may rely on: a bug in wfc.
void CheckWellFormed(const ir::Project& project);

}  // namespace wfc::driver
