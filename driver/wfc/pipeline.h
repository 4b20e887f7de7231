// Pipeline: the way of a project through the compiler, from its folder to the checked IR. Every
// verb of `wfc` that looks at a project runs it first.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "frontend/manifest/syntax.h"
#include "frontend/specs/freshness.h"
#include "ir/diag/sink.h"
#include "ir/expr/type.h"
#include "ir/project.h"
#include "ir/support/source_map.h"
#include "passes/pass.h"

namespace wfc::driver {

struct PipelineOptions {
  /// The project's folder, its root file, or any manifest of it; empty: walk up from the working
  /// directory to the nearest wfc.yaml.
  std::string path;
  files::Outside outside = files::Outside::Refuse;
  /// The command line says which workflow is meant, so that a project without `main` is none the
  /// worse.
  bool is_workflow_chosen = false;
  passes::PassOptions passes;
  /// `wfc guard` and `--emit=ir` stop before the passes.
  bool runs_passes = true;
  /// Files by path, and what they are taken to say: to see what a change would bring.
  std::vector<std::pair<std::string, std::string>> changed_files;
};

/// How far the pipeline came. Findings do not stop it: all mistakes are reported in one run.
enum class PipelineStatus : uint8_t {
  Done,
  Unreadable,      ///< exit 2: no such path, or it cannot be read; `message` says why
  NothingToCheck,  ///< exit 4: no wfc.yaml, or no workflow in it; `message` says why
};

struct Pipeline {
  SourceMap sources;
  diag::Sink sink;
  manifest::Syntax syntax;
  ir::Project project;
  /// By ExprId: what the passes found that it yields.
  std::vector<expr::KindSet> kinds;
  specs::FreshnessCounts specs_checked;
  /// Reading, lowering and each pass, in the order in which they ran.
  std::vector<passes::PassTime> times;
  std::string message;

  /// Fills all of the above. Called once.
  [[nodiscard]] PipelineStatus Run(const PipelineOptions& options);
};

/// Ends wfc with exit code 3 if the IR is not what codegen may rely on: a bug in wfc.
void CheckWellFormed(const ir::Project& project);

}  // namespace wfc::driver
