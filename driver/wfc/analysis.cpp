// Runs the phases of an analysis: load, lower, check. Each phase is timed, for `--time-passes`.
#include "driver/wfc/analysis.h"

#include <chrono>
#include <cstdio>

#include <fmt/core.h>

#include "driver/wfc/suppressions.h"
#include "frontend/lower/freshness.h"
#include "frontend/lower/lower.h"
#include "frontend/manifest/suppressions.h"
#include "ir/base/check.h"
#include "ir/base/standard_streams.h"
#include "ir/verifier.h"
#include "passes/flow/expression_types.h"
#include "passes/flow/route_keys.h"

namespace wfc::driver {
namespace {

using manifest::LoadFailure;

/// Calls `phase` and records how long it took.
template <class Phase>
auto Timed(std::vector<passes::PassTime>& times, std::string_view name, Phase phase) {
  const auto begin = std::chrono::steady_clock::now();
  auto result = phase();
  const auto took = std::chrono::steady_clock::now() - begin;
  times.push_back({name, std::chrono::nanoseconds(took).count()});
  return result;
}

Result<std::unique_ptr<files::ProjectFiles>, LoadFailure> OpenProject(
    const AnalysisRequest& request, const std::string& folder) {
  Result<files::ProjectFolder> opened = files::ProjectFolder::Open(folder, request.outside);
  if (!opened) {
    return LoadFailure{.message =
                           fmt::format("cannot read {}: {}", folder, opened.error().message)};
  }
  std::unique_ptr<files::ProjectFiles> files =
      std::make_unique<files::ProjectFolder>(std::move(*opened));
  if (!request.changed_files.empty()) {
    files = std::make_unique<files::ProjectOverlay>(std::move(files), request.changed_files);
  }
  return files;
}

Result<manifest::Syntax, LoadFailure> Load(const AnalysisRequest& request, SourceMap& sources,
                                           diag::Sink& sink) {
  Result<manifest::FoundProject, LoadFailure> found = manifest::FindProject(request.path);
  if (!found) return found.error();
  auto files = OpenProject(request, found->folder);
  if (!files) return files.error();
  auto syntax = manifest::LoadProject(std::move(*files), found->named, sources, sink);
  if (syntax) {
    syntax->is_workflow_chosen = request.is_workflow_chosen || syntax->named_workflows.size() == 1;
  }
  return syntax;
}

ir::Project Lower(const AnalysisRequest& request, const manifest::Syntax& syntax,
                  SourceMap& sources, diag::Sink& sink) {
  ir::Project project = lower::Lower(syntax, sources, sink);
  if (request.passes.is_debug) CheckWellFormed(project);
  return project;
}

/// Runs the passes; returns the kinds of values that each expression can yield.
std::vector<expr::KindSet> Check(const AnalysisRequest& request, Analysis& analysis,
                                 diag::Sink& sink) {
  passes::ReadRouteKeys(analysis.project, analysis.sources);
  passes::Analyses context(analysis.project, analysis.sources, sink, request.passes);
  const std::vector<passes::PassTime> times = passes::RunPasses(context);
  analysis.times.insert(analysis.times.end(), times.begin(), times.end());
  const passes::ExpressionTypes& types = context.types();
  std::vector<expr::KindSet> kinds;
  kinds.reserve(analysis.project.exprs.size());
  for (const ir::ExprId id : analysis.project.exprs.ids()) kinds.push_back(types.of(id).kinds);
  return kinds;
}

}  // namespace

void CheckWellFormed(const ir::Project& project) {
  const std::string wrong = ir::Verify(project);
  if (wrong.empty()) return;
  PrintMessage(stderr, fmt::format("wfc: the IR is malformed after lowering: {}\n", wrong));
  WFC_CHECK(wrong.empty());
}

Result<std::unique_ptr<Analysis>, LoadFailure> Analyse(const AnalysisRequest& request) {
  auto analysis = std::make_unique<Analysis>();
  diag::Sink sink;
  auto syntax =
      Timed(analysis->times, "parsing", [&] { return Load(request, analysis->sources, sink); });
  if (!syntax) return syntax.error();
  analysis->syntax = std::move(*syntax);
  const int64_t reading_ns = analysis->syntax.reading_ns;
  analysis->times.back().nanoseconds -= reading_ns;
  analysis->times.insert(analysis->times.begin(), {"reading", reading_ns});
  analysis->project = Timed(analysis->times, "lowering", [&] {
    return Lower(request, analysis->syntax, analysis->sources, sink);
  });
  const std::vector<manifest::Suppression> suppressions =
      manifest::FindSuppressions(analysis->syntax, analysis->sources);
  // The IR says all that the syntax of stages did. It is the largest part of the syntax, and the
  // passes are faster with memory that was used before than with fresh pages.
  analysis->syntax.stages = {};
  analysis->specs_checked = Timed(analysis->times, "specs", [&] {
    return specs::CheckFreshness(lower::FreshnessRulesOf(analysis->syntax, request.passes.today),
                                 *analysis->syntax.files, analysis->sources, sink);
  });
  if (request.runs_passes) analysis->kinds = Check(request, *analysis, sink);
  analysis->findings = std::move(sink.mutable_diagnostics());
  analysis->suppressed = ApplySuppressions(*analysis, suppressions);
  return analysis;
}

}  // namespace wfc::driver
