// `wfc check`, with its fixes. A fix can bring another to light, so fixing goes on, from the files
// as they then are, until nothing is left to fix.
#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "driver/wfc/commands.h"
#include "driver/wfc/fix_trial.h"
#include "driver/wfc/pipeline.h"
#include "driver/wfc/report.h"
#include "driver/wfc/show.h"
#include "driver/wfc/suppressions.h"
#include "ir/base/standard_streams.h"
#include "ir/base/visible_text.h"
#include "ir/diag/findings.h"
#include "ir/diag/fixes.h"
#include "ir/diag/render.h"

namespace wfc::driver {
namespace {

constexpr int kMaxFixRounds = 10;

bool MatchesAny(diag::Code code, const std::vector<std::string>& beginnings) {
  return std::ranges::any_of(beginnings, [&](const std::string& beginning) {
    return diag::GetInfo(code).name.starts_with(beginning);
  });
}

/// `--select` and `--ignore`.
void KeepChosen(Findings& findings, const CheckOptions& options) {
  std::erase_if(findings, [&](const diag::Diagnostic& finding) {
    const bool is_selected = options.selected.empty() || MatchesAny(finding.code, options.selected);
    return !is_selected || MatchesAny(finding.code, options.ignored);
  });
}

/// The findings of a pipeline that ran, as they are to be shown.
Findings TakeFindings(Pipeline& pipeline, const CheckOptions& options) {
  ApplySuppressions(pipeline);
  Findings findings = std::move(pipeline.sink.mutable_diagnostics());
  KeepChosen(findings, options);
  PrepareFindings(findings, pipeline.sources, options.report);
  return findings;
}

/// Writes the files that were read, each beneath the project's folder.
Result<void, Error> WriteFixes(const diag::FixPlan& plan, Pipeline& pipeline) {
  files::ProjectFolder& folder = *pipeline.syntax.project_files;
  for (const diag::FileEdits& file : plan.files) {
    const std::string_view shown = pipeline.sources.path(file.file);
    const std::string_view text = pipeline.sources.text(file.file);
    const std::string fixed = diag::ApplyEdits(text, file.edits);
    const Result<void, Error> written = folder.Rewrite(folder.RelativePath(shown), text, fixed);
    if (!written.ok()) {
      return Error{fmt::format("cannot fix {}: {}", shown, written.error().message)};
    }
  }
  return {};
}

PipelineOptions AskedOf(const CheckOptions& options) {
  PipelineOptions asked = {
      .path = options.path, .outside = options.outside, .passes = PassOptionsFor(options.as_of)};
  asked.passes.is_pedantic = options.is_pedantic;
  return asked;
}

/// All findings, whatever is selected, of the project as it would be.
std::optional<Findings> CheckChangedProject(const CheckOptions& options,
                                            const ChangedFiles& files) {
  Pipeline pipeline;
  PipelineOptions asked = AskedOf(options);
  asked.changed_files = files;
  if (pipeline.Run(asked) != PipelineStatus::Done) return std::nullopt;
  ApplySuppressions(pipeline);
  return std::move(pipeline.sink.mutable_diagnostics());
}

diag::FixPlan PlanFixesOf(const Findings& findings, const Pipeline& pipeline,
                          const CheckOptions& options) {
  return PlanGoodFixes(
      findings, options.fix_safety, pipeline.sources,
      [&](const ChangedFiles& files) { return CheckChangedProject(options, files); });
}

ExitCode ShowDiff(const Findings& findings, const Pipeline& pipeline, const CheckOptions& options) {
  const diag::FixPlan plan = PlanFixesOf(findings, pipeline, options);
  for (const diag::FileEdits& file : plan.files) {
    const std::string diff = diag::FormatDiff(pipeline.sources, file);
    // A patch is for a program; who looks at it gets nothing that a terminal would act on.
    const bool is_seen = isatty(STDOUT_FILENO) == 1;
    if (!PrintReport(is_seen ? VisibleLines(diff) : diff)) return ExitCode::Usage;
  }
  PrintMessage(
      stderr, fmt::format("{} of {} findings would be fixed\n", plan.fixed_count, findings.size()));
  return ExitCodeOf(findings, options.report);
}

uint32_t CountFixable(const Findings& findings, diag::FixSafety safety) {
  const diag::FixPlan plan = diag::PlanFixes(findings, safety);
  return plan.fixed_count + plan.postponed_count;
}

std::string FixRemark(const Findings& findings, const CheckOptions& options, uint32_t fixed_count) {
  const uint32_t fixable = CountFixable(findings, diag::FixSafety::Safe);
  const uint32_t unsafe = CountFixable(findings, diag::FixSafety::Unsafe) - fixable;
  std::string remark;
  if (options.fix == FixAction::Write) {
    remark = fmt::format("; {} fixed", fixed_count);
  } else if (fixable > 0) {
    remark = fmt::format("; {} can be fixed with --fix", fixable);
  }
  const bool are_asked_for = options.fix_safety == diag::FixSafety::Unsafe;
  if (unsafe > 0 && !are_asked_for) {
    remark += fmt::format("; {}{} with --fix --unsafe-fixes", unsafe,
                          fixable > 0 ? " more" : " can be fixed");
  }
  return remark;
}

/// What a developer of wfc asked to see besides findings.
void ShowInternals(const Pipeline& pipeline, const CheckOptions& options) {
  if (options.times_passes) ShowTimes(pipeline.times);
  if (options.emits_ir) ShowIr(pipeline.project);
}

ExitCode Show(const Findings& findings, const Pipeline& pipeline, const CheckOptions& options,
              uint32_t fixed_count) {
  ShowInternals(pipeline, options);
  if (options.fix == FixAction::ShowDiff) return ShowDiff(findings, pipeline, options);
  if (options.emits_ir) {
    PrintMessage(stderr, diag::RenderConcise(findings, pipeline.sources));
    return ExitCodeOf(findings, options.report);
  }
  return ReportFindings(findings, pipeline.sources, options.report,
                        FixRemark(findings, options, fixed_count));
}

}  // namespace

ExitCode Check(const CheckOptions& options) {
  if (!options.print_after.empty() && !IsPass(options.print_after)) {
    PrintError(fmt::format("no pass `{}`; they are {}", options.print_after, ListPasses()));
    return ExitCode::Usage;
  }
  uint32_t fixed_count = 0;
  for (int round = 0;; ++round) {
    Pipeline pipeline;
    PipelineOptions asked = AskedOf(options);
    asked.passes.after_pass = [&](std::string_view pass) {
      if (pass == options.print_after) ShowIr(pipeline.project);
    };
    if (const PipelineStatus status = pipeline.Run(asked); status != PipelineStatus::Done) {
      return ReportStop(status, pipeline);
    }
    const Findings findings = TakeFindings(pipeline, options);
    const diag::FixPlan plan = options.fix == FixAction::Write && round < kMaxFixRounds
                                   ? PlanFixesOf(findings, pipeline, options)
                                   : diag::FixPlan();
    if (plan.files.empty()) {
      ShowOutsideFiles(pipeline);
      return Show(findings, pipeline, options, fixed_count);
    }
    if (const auto written = WriteFixes(plan, pipeline); !written.ok()) {
      PrintError(written.error().message);
      return ExitCode::Usage;
    }
    fixed_count += plan.fixed_count;
  }
}

}  // namespace wfc::driver
