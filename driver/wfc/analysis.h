// Analysis is a project as the compiler knows it: its files, its syntax, its checked IR, and all
// findings. Every verb of `wfc` that works on a project calls Analyse.
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

/// Which project to analyse, and how.
struct AnalysisRequest {
  /// The project's folder, its root file, or any of its manifests. If empty, the project is the
  /// nearest folder with a wfc.yaml, from the working directory upwards.
  std::string path;
  files::Outside outside = files::Outside::Refuse;
  /// The command line says which workflow to use, so that a missing `main` is not an error.
  bool is_workflow_chosen = false;
  passes::PassOptions passes;
  /// Whether to run the passes; `wfc guard` needs only what precedes them.
  bool runs_passes = true;
  /// Texts to use instead of the contents of files, by path: they show which findings the project
  /// would have after a change.
  files::Texts changed_files;
};

/// The result of an analysis. The IR and the findings refer to the sources and the syntax.
struct Analysis {
  SourceMap sources;
  manifest::Syntax syntax;  ///< without that of stages, which lowering alone reads
  ir::Project project;
  /// The findings in the order in which they were reported, without the suppressed ones.
  std::vector<diag::Diagnostic> findings;
  /// The findings that comments in the manifests suppress.
  std::vector<codegen::SuppressedFinding> suppressed;
  /// The kinds of values that each expression can yield, by ExprId; empty without passes.
  std::vector<expr::KindSet> kinds;
  specs::FreshnessCounts specs_checked;
  /// The times of reading, parsing, lowering and each pass, in the order in which they ran.
  std::vector<passes::PassTime> times;
};

/// Loads, lowers and checks a project. Findings do not stop it, so one run reports all mistakes. It
/// fails only if the project cannot be loaded; see manifest::LoadProject.
[[nodiscard]] Result<std::unique_ptr<Analysis>, manifest::LoadFailure> Analyse(
    const AnalysisRequest& request);

/// Ends wfc with exit code 3 if the IR violates an invariant that codegen relies on, which is a bug
/// in wfc.
void CheckWellFormed(const ir::Project& project);

}  // namespace wfc::driver
