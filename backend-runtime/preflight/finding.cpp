#include "backend-runtime/preflight/finding.h"

#include <algorithm>

#include <fmt/format.h>

namespace wfc::preflight {
namespace {

/// "stage `a` (wfc.yaml:7:9) and 2 more".
std::string Needers(const Finding& finding, const plan::PlanView& plan) {
  std::string text = fmt::format("stage `{}`", plan.name(finding.stage));
  if (const Place place = PlaceOf(plan, finding.stage); !place.file.empty()) {
    text += fmt::format(" ({}:{}:{})", place.file, place.line, place.column);
  }
  if (finding.stage_count > 1) text += fmt::format(" and {} more", finding.stage_count - 1);
  return text;
}

}  // namespace

std::string_view NameOf(Subject subject) {
  switch (subject) {
    case Subject::Program:
      return "program";
    case Subject::Variable:
      return "variable";
    case Subject::Secret:
      return "secret";
    case Subject::Workspace:
      return "workspace";
    case Subject::RunFolder:
      return "run_folder";
    case Subject::DiskSpace:
      return "disk_space";
    case Subject::Kernel:
      return "kernel";
  }
  return {};
}

std::string_view NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::Ok:
      return "ok";
    case Verdict::Warning:
      return "warning";
    case Verdict::Missing:
      return "missing";
  }
  return {};
}

bool Has(const std::vector<Finding>& findings, Verdict verdict) {
  return std::ranges::find(findings, verdict, &Finding::verdict) != findings.end();
}

std::string Describe(const Finding& finding, const plan::PlanView& plan) {
  std::string text = finding.detail;
  if (finding.stage.has_value()) text += ", needed by " + Needers(finding, plan);
  if (!finding.advice.empty()) text += "; " + finding.advice;
  return text;
}

Place PlaceOf(const plan::PlanView& plan, plan::NodeId stage) {
  const plan::fb::SourceMap* map = plan.source_map();
  const bool is_known = map != nullptr && map->places() != nullptr && map->places()->size() != 0;
  if (!is_known) return {};
  const plan::fb::NodePlace& place = *map->places()->Get(stage.index());
  return {.file = map->files()->Get(place.file())->string_view(),
          .line = place.line(),
          .column = place.column()};
}

}  // namespace wfc::preflight
