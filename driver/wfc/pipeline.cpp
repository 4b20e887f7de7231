// Load, lower, check. Each phase is timed by itself, so that `--time-passes` shows where time goes.
#include "driver/wfc/pipeline.h"

#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include "frontend/lower/lower.h"
#include "frontend/manifest/load.h"
#include "ir/base/check.h"
#include "ir/verifier.h"

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

/// What the verifier finds is a bug in wfc.
void CheckWellFormed(const ir::Project& project) {
  const std::string wrong = ir::Verify(project);
  if (wrong.empty()) return;
  fmt::print(stderr, "wfc: the IR is malformed after lowering: {}\n", wrong);
  WFC_CHECK(wrong.empty());
}

}  // namespace

PipelineStatus Pipeline::Run(const PipelineOptions& options) {
  manifest::LoadResult loaded = Timed(
      times, "reading", [&] { return manifest::LoadProject(options.path, sources, sink, syntax); });
  // What was found in the files says more than that nothing is left to check.
  const bool is_broken = loaded.status == manifest::LoadStatus::NothingToCheck && sink.has_errors();
  if (loaded.status != manifest::LoadStatus::Done && !is_broken) {
    message = std::move(loaded.message);
    return StatusOf(loaded.status);
  }
  Timed(times, "lowering", [&] {
    lower::Lower(syntax, sources, sink, project);
    return true;
  });
  if (options.passes.is_debug) CheckWellFormed(project);
  if (!options.runs_passes) return PipelineStatus::Done;
  passes::PassContext context(project, sources, sink, options.passes);
  const std::vector<passes::PassTime> pass_times = passes::RunPasses(context);
  times.insert(times.end(), pass_times.begin(), pass_times.end());
  return PipelineStatus::Done;
}

}  // namespace wfc::driver
