#include "driver/wfc/project_plan.h"

#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/codegen/codegen.h"
#include "driver/wfc/report.h"
#include "driver/wfc/show.h"
#include "driver/wfc/suppressions.h"
#include "ir/diag/findings.h"
#include "ir/diag/render.h"
#include "ir/support/suggest.h"

namespace wfc::driver {
namespace {

/// What `check` mentions in a note, a plan cannot hold.
void RaiseUnsupported(std::vector<diag::Diagnostic>& findings) {
  for (diag::Diagnostic& finding : findings) {
    if (finding.code == diag::Code::L001) finding.severity = diag::Severity::Error;
  }
}

/// `run` keeps standard output for the run's own output.
ExitCode ShowFindings(const std::vector<diag::Diagnostic>& findings, const SourceMap& sources,
                      const PlanRequest& request, bool has_errors) {
  if (request.notices == Notices::All) {
    return ReportFindings(findings, sources, request.report);
  }
  if (!has_errors) return ExitCode::Success;
  fmt::print(stderr, "{}{}\n", diag::RenderText(findings, sources, diag::Color::Never),
             diag::FormatCounts(diag::CountFindings(findings)));
  return ExitCode::Findings;
}

/// The workflow by name, or the project's main one, which every project without errors has.
ir::WorkflowId ChooseWorkflow(const ir::Project& project, const std::string& name) {
  if (name.empty()) return project.main;
  Suggester suggester(name);
  for (const ir::WorkflowId id : project.workflows.ids()) {
    const std::string_view each = project.text(project.workflows[id].name);
    if (each == name) return id;
    suggester.Consider(each);
  }
  PrintError(fmt::format("nothing defines the workflow `{}`{}", name, suggester.Phrase()));
  return {};
}

}  // namespace

std::variant<ProjectPlan, ExitCode> MakeProjectPlan(const PlanRequest& request) {
  Pipeline pipeline;
  const PipelineOptions asked = {
      .path = request.path, .outside = request.outside, .passes = PassOptionsFor(request.as_of)};
  if (const PipelineStatus status = pipeline.Run(asked); status != PipelineStatus::Done) {
    return ReportStop(status, pipeline);
  }
  ShowOutsideFiles(pipeline);
  std::vector<codegen::SuppressedFinding> suppressed = ApplySuppressions(pipeline);
  std::vector<diag::Diagnostic> findings = std::move(pipeline.sink.mutable_diagnostics());
  RaiseUnsupported(findings);
  PrepareFindings(findings, pipeline.sources, request.report);
  const bool has_errors = diag::CountFindings(findings).errors > 0;
  const ExitCode shown = ShowFindings(findings, pipeline.sources, request, has_errors);
  if (has_errors) return ExitCode::Findings;
  if (shown != ExitCode::Success) return shown;

  const ir::WorkflowId workflow = ChooseWorkflow(pipeline.project, request.workflow);
  if (!workflow.has_value()) return ExitCode::Usage;
  return ProjectPlan{
      .workflow = std::string(pipeline.project.text(pipeline.project.workflows[workflow].name)),
      .folder = pipeline.project.folder,
      .bytes = codegen::EmitPlan(
          pipeline.project, workflow,
          {.suppressed = std::move(suppressed), .sources = nullptr, .kinds = pipeline.kinds})};
}

}  // namespace wfc::driver
