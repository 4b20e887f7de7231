#include "driver/wfc/project_plan.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "backend-runtime/codegen/codegen.h"
#include "driver/wfc/report.h"
#include "driver/wfc/show.h"
#include "ir/base/standard_streams.h"
#include "ir/diag/findings.h"
#include "ir/diag/render.h"
#include "ir/support/suggest.h"

namespace wfc::driver {
namespace {

/// Turns findings about unsupported constructs into errors: `check` reports them as notes, but they
/// cannot be compiled.
void RaiseUnsupported(std::vector<diag::Diagnostic>& findings) {
  for (diag::Diagnostic& finding : findings) {
    const bool is_unsupported = diag::GetInfo(finding.code).hides == diag::Hides::Construct;
    if (is_unsupported) finding.severity = diag::Severity::Error;
  }
}

/// Shows the findings as `request` says. `run` reserves standard output for the output of the run.
ExitCode ShowFindings(const std::vector<diag::Diagnostic>& findings, const SourceMap& sources,
                      const PlanRequest& request, bool has_errors) {
  if (request.notices == Notices::All) {
    return ReportFindings(findings, sources, request.report);
  }
  if (!has_errors) return ExitCode::Success;
  PrintMessage(stderr,
               fmt::format("{}{}\n", diag::RenderText(findings, sources, diag::Color::Never),
                           diag::FormatCounts(diag::CountFindings(findings))));
  return ExitCode::Findings;
}

/// The end of a message about an unknown workflow: "; did you mean `x`?" or, if none is close, a
/// list of all workflows.
std::string SuggestWorkflow(const ir::Project& project, std::string_view name) {
  Suggester suggester(name);
  std::vector<std::string_view> all;
  for (const ir::Workflow& workflow : project.workflows) {
    all.push_back(project.text(workflow.name));
    suggester.Consider(all.back());
  }
  const std::string list = ListNames(all);
  if (!suggester.best().empty() || list.empty()) return suggester.Phrase();
  return fmt::format("; the project has {}", list);
}

ir::WorkflowId FindWorkflow(const ir::Project& project, std::string_view name) {
  for (const ir::WorkflowId id : project.workflows.ids()) {
    if (project.text(project.workflows[id].name) == name) return id;
  }
  return {};
}

/// The workflow to compile: the one that the request names, otherwise the only workflow in the file
/// that the path names, otherwise `main`, which every project without errors has. An empty id, with
/// the reason printed, if there is no such workflow or the choice is ambiguous.
ir::WorkflowId ChooseWorkflow(const Analysis& analysis, const PlanRequest& request) {
  const ir::Project& project = analysis.project;
  if (!request.workflow.empty()) {
    const ir::WorkflowId found = FindWorkflow(project, request.workflow);
    if (found.has_value()) return found;
    PrintError(fmt::format("nothing defines the workflow `{}`{}", request.workflow,
                           SuggestWorkflow(project, request.workflow)));
    return {};
  }
  const std::vector<std::string_view>& named = analysis.syntax.named_workflows;
  if (named.size() == 1) return FindWorkflow(project, named.front());
  const bool has_main =
      project.main.has_value() &&
      std::ranges::find(named, project.text(project.workflows[project.main].name)) != named.end();
  if (named.empty() || has_main) return project.main;
  PrintError(fmt::format("{} holds several workflows; say which with --workflow: {}", request.path,
                         ListNames(named)));
  return {};
}

/// Who says which workflow to compile: without a caller that does, the project must have a `main`.
enum class Chosen : uint8_t { ByProject, ByCaller };

/// Analyses the project and shows the findings. The exit code instead, if they stand against a
/// plan.
std::variant<std::unique_ptr<Analysis>, ExitCode> AnalyseForPlan(const PlanRequest& request,
                                                                 Chosen chosen) {
  auto analysed = Analyse({.path = request.path,
                           .outside = request.outside,
                           .is_workflow_chosen = chosen == Chosen::ByCaller,
                           .passes = PassOptionsFor(request.as_of)});
  if (!analysed) return ReportFailure(analysed.error());
  Analysis& analysis = **analysed;
  ShowOutsideFiles(analysis);
  std::vector<diag::Diagnostic> findings = std::move(analysis.findings);
  RaiseUnsupported(findings);
  PrepareFindings(findings, analysis.sources, request.report);
  const bool has_errors = diag::CountFindings(findings).errors > 0;
  const ExitCode shown = ShowFindings(findings, analysis.sources, request, has_errors);
  if (has_errors) return ExitCode::Findings;
  if (shown != ExitCode::Success) return shown;
  return *std::move(analysed);
}

ProjectPlan MakePlan(const Analysis& analysis, ir::WorkflowId workflow, Places places) {
  return {.workflow = std::string(analysis.project.text(analysis.project.workflows[workflow].name)),
          .folder = analysis.project.folder,
          .bytes = codegen::EmitPlan(
              analysis.project, workflow,
              {.suppressed = analysis.suppressed,
               .sources = places == Places::Included ? &analysis.sources : nullptr,
               .kinds = analysis.kinds})};
}

}  // namespace

bool NamesProject(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (path.empty() || !fs::exists(path, ignored) || fs::is_directory(path, ignored)) return true;
  const fs::path extension = fs::path(path).extension();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

std::variant<ProjectPlan, ExitCode> MakeProjectPlan(const PlanRequest& request) {
  std::variant<std::unique_ptr<Analysis>, ExitCode> analysed =
      AnalyseForPlan(request, request.workflow.empty() ? Chosen::ByProject : Chosen::ByCaller);
  if (const ExitCode* code = std::get_if<ExitCode>(&analysed)) return *code;
  Analysis& analysis = *std::get<std::unique_ptr<Analysis>>(analysed);
  const ir::WorkflowId workflow = ChooseWorkflow(analysis, request);
  if (!workflow.has_value()) return ExitCode::Usage;
  CheckWellFormed(analysis.project);
  return MakePlan(analysis, workflow, request.places);
}

std::variant<std::vector<ProjectPlan>, ExitCode> MakeAllPlans(const PlanRequest& request) {
  std::variant<std::unique_ptr<Analysis>, ExitCode> analysed =
      AnalyseForPlan(request, Chosen::ByCaller);
  if (const ExitCode* code = std::get_if<ExitCode>(&analysed)) return *code;
  Analysis& analysis = *std::get<std::unique_ptr<Analysis>>(analysed);
  const bool is_one = !request.workflow.empty() || analysis.syntax.named_workflows.size() == 1;
  const ir::WorkflowId chosen = is_one ? ChooseWorkflow(analysis, request) : ir::WorkflowId();
  if (is_one && !chosen.has_value()) return ExitCode::Usage;
  CheckWellFormed(analysis.project);
  std::vector<ProjectPlan> plans;
  for (const ir::WorkflowId workflow : analysis.project.workflows.ids()) {
    const bool is_wanted = !is_one || workflow == chosen;
    if (is_wanted) plans.push_back(MakePlan(analysis, workflow, request.places));
  }
  return plans;
}

}  // namespace wfc::driver
