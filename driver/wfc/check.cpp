// `wfc check`, with its fixes. A fix can reveal another finding with a fix, so the fixed files are
// checked again until nothing is left to fix or the number of rounds is exhausted.
#include <algorithm>
#include <cstdio>

#include <fmt/core.h>
#include <unistd.h>

#include "driver/wfc/analysis.h"
#include "driver/wfc/commands.h"
#include "driver/wfc/fix_trial.h"
#include "driver/wfc/report.h"
#include "driver/wfc/show.h"
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

/// Applies `--select` and `--ignore`.
void KeepChosen(Findings& findings, const CheckOptions& options) {
  std::erase_if(findings, [&](const diag::Diagnostic& finding) {
    const bool is_selected = options.selected.empty() || MatchesAny(finding.code, options.selected);
    return !is_selected || MatchesAny(finding.code, options.ignored);
  });
}

/// The findings to show, in the order and with the severities to show.
Findings ChooseFindings(const Analysis& analysis, const CheckOptions& options) {
  Findings findings = analysis.findings;
  KeepChosen(findings, options);
  PrepareFindings(findings, analysis.sources, options.report);
  return findings;
}

/// Writes the fixed texts of the files that were read. Each file must be below the project's folder
/// and unchanged since it was read.
Result<void, Error> WriteFixes(const diag::FixPlan& plan, Analysis& analysis) {
  files::ProjectFiles& files = *analysis.syntax.files;
  for (const diag::FileEdits& file : plan.files) {
    const std::string_view shown = analysis.sources.path(file.file);
    const std::string_view text = analysis.sources.text(file.file);
    const std::string fixed = diag::ApplyEdits(text, file.edits);
    const Result<void, Error> written = files.Rewrite(files.RelativePath(shown), text, fixed);
    if (!written.ok()) {
      return Error{fmt::format("cannot fix {}: {}", shown, written.error().message)};
    }
  }
  return {};
}

AnalysisRequest RequestOf(const CheckOptions& options) {
  AnalysisRequest request = {
      .path = options.path, .outside = options.outside, .passes = PassOptionsFor(options.as_of)};
  request.passes.is_pedantic = options.is_pedantic;
  return request;
}

/// All findings that the project would have with `files` changed, regardless of `--select` and
/// `--ignore`; nullopt if it could not be loaded.
std::optional<Findings> CheckChangedProject(const CheckOptions& options, files::Texts files) {
  AnalysisRequest request = RequestOf(options);
  request.changed_files = std::move(files);
  auto analysed = Analyse(request);
  if (!analysed) return std::nullopt;
  return std::move((*analysed)->findings);
}

diag::FixPlan PlanFixesOf(const Findings& findings, const Analysis& analysis,
                          const CheckOptions& options) {
  return PlanGoodFixes(findings, options.fix_safety, analysis.sources,
                       [&](const ChangedFiles& changed) {
                         files::Texts texts;
                         for (const auto& [shown, text] : changed) {
                           texts.emplace(analysis.syntax.files->RelativePath(shown), text);
                         }
                         return CheckChangedProject(options, std::move(texts));
                       });
}

ExitCode ShowDiff(const Findings& findings, const Analysis& analysis, const CheckOptions& options) {
  const diag::FixPlan plan = PlanFixesOf(findings, analysis, options);
  for (const diag::FileEdits& file : plan.files) {
    const std::string diff = diag::FormatDiff(analysis.sources, file);
    // A program that reads the patch needs its exact bytes; on a terminal, control characters are
    // made visible.
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

/// Shows what only developers of wfc ask for.
void ShowInternals(const Analysis& analysis, const CheckOptions& options) {
  if (options.times_passes) ShowTimes(analysis.times);
  if (options.emits_ir) ShowIr(analysis.project);
}

ExitCode Show(const Findings& findings, const Analysis& analysis, const CheckOptions& options,
              uint32_t fixed_count) {
  ShowInternals(analysis, options);
  if (options.fix == FixAction::ShowDiff) return ShowDiff(findings, analysis, options);
  if (options.emits_ir) {
    PrintMessage(stderr, diag::RenderConcise(findings, analysis.sources));
    return ExitCodeOf(findings, options.report);
  }
  return ReportFindings(findings, analysis.sources, options.report,
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
    AnalysisRequest request = RequestOf(options);
    request.passes.after_pass = [&](std::string_view pass, const ir::Project& project) {
      if (pass == options.print_after) ShowIr(project);
    };
    const auto analysed = Analyse(request);
    if (!analysed) return ReportFailure(analysed.error());
    Analysis& analysis = **analysed;
    const Findings findings = ChooseFindings(analysis, options);
    const diag::FixPlan plan = options.fix == FixAction::Write && round < kMaxFixRounds
                                   ? PlanFixesOf(findings, analysis, options)
                                   : diag::FixPlan();
    if (plan.files.empty()) {
      ShowOutsideFiles(analysis);
      return Show(findings, analysis, options, fixed_count);
    }
    if (const auto written = WriteFixes(plan, analysis); !written.ok()) {
      PrintError(written.error().message);
      return ExitCode::Usage;
    }
    fixed_count += plan.fixed_count;
  }
}

}  // namespace wfc::driver
