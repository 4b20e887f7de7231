// Load, lower, check. Each phase is timed by itself, so that `--time-passes` shows where time goes.
#include "driver/wfc/pipeline.h"

#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include "frontend/lower/located.h"
#include "frontend/lower/lower.h"
#include "frontend/manifest/load.h"
#include "ir/base/check.h"
#include "ir/base/standard_streams.h"
#include "ir/verifier.h"
#include "passes/expression_types.h"
#include "passes/route_keys.h"

namespace wfc::driver {
namespace {

/// Calls `phase` and notes how long it took.
template <class Phase>
auto Timed(std::vector<passes::PassTime>& times, std::string_view name, Phase phase) {
  const auto begin = std::chrono::steady_clock::now();
  auto result = phase();
  const auto took = std::chrono::steady_clock::now() - begin;
  times.push_back({name, std::chrono::nanoseconds(took).count()});
  return result;
}

PipelineStatus StatusOf(manifest::LoadStatus status) {
  switch (status) {
    case manifest::LoadStatus::Done:
      return PipelineStatus::Done;
    case manifest::LoadStatus::Unreadable:
      return PipelineStatus::Unreadable;
    case manifest::LoadStatus::NothingToCheck:
      return PipelineStatus::NothingToCheck;
  }
  return PipelineStatus::Unreadable;
}

/// `specs` as the check of freshness takes it; no files when the section is not written.
specs::FreshnessRules MakeFreshnessRules(const manifest::Syntax& syntax, passes::Day today) {
  specs::FreshnessRules rules{.today = today};
  rules.inactive = specs::DefaultInactive();
  const Id<manifest::SpecsSyntax> id = syntax.project.specs.id;
  if (!id.has_value()) return rules;
  const manifest::SpecsSyntax& section = syntax.specs.all[id];
  for (const lower::Located& glob : lower::ListTexts(lower::At(section, section.files))) {
    rules.files.push_back({glob.text(), glob.span()});
  }
  if (section.max_age.present()) rules.max_age_ns = section.max_age.decoded;
  if (!section.inactive.present()) return rules;
  rules.inactive.clear();
  for (const lower::Located& status : lower::ListTexts(lower::At(section, section.inactive))) {
    rules.inactive.push_back(status.text());
  }
  return rules;
}

}  // namespace

void CheckWellFormed(const ir::Project& project) {
  const std::string wrong = ir::Verify(project);
  if (wrong.empty()) return;
  PrintMessage(stderr, fmt::format("wfc: the IR is malformed after lowering: {}\n", wrong));
  WFC_CHECK(wrong.empty());
}

PipelineStatus Pipeline::Run(const PipelineOptions& options) {
  for (const auto& [path, text] : options.changed_files) sources.Override(path, text);
  const manifest::LoadOptions asked = {.path = options.path, .outside = options.outside};
  manifest::LoadResult loaded =
      Timed(times, "parsing", [&] { return manifest::LoadProject(asked, sources, sink, syntax); });
  times.back().nanoseconds -= syntax.reading_ns;
  times.insert(times.begin(), {"reading", syntax.reading_ns});
  // What was found in the files says more than that nothing is left to check.
  const bool is_broken = loaded.status == manifest::LoadStatus::NothingToCheck && sink.has_errors();
  if (loaded.status != manifest::LoadStatus::Done && !is_broken) {
    message = std::move(loaded.message);
    return StatusOf(loaded.status);
  }
  syntax.is_workflow_chosen = options.is_workflow_chosen || syntax.named_workflows.size() == 1;
  Timed(times, "lowering", [&] {
    lower::Lower(syntax, sources, sink, project);
    return true;
  });
  if (options.passes.is_debug) CheckWellFormed(project);
  specs_checked = Timed(times, "specs", [&] {
    return specs::CheckFreshness(MakeFreshnessRules(syntax, options.passes.today),
                                 *syntax.project_files, sources, sink);
  });
  if (!options.runs_passes) return PipelineStatus::Done;
  passes::ReadRouteKeys(project, sources);
  passes::PassContext context(project, sources, sink, options.passes);
  const std::vector<passes::PassTime> pass_times = passes::RunPasses(context);
  times.insert(times.end(), pass_times.begin(), pass_times.end());
  for (const ir::ExprId id : project.exprs.ids()) kinds.push_back(context.types().of(id).kinds);
  return PipelineStatus::Done;
}

}  // namespace wfc::driver
