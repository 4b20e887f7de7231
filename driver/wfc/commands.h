// The verbs of `wfc`: the options of each, and the function that carries it out. Each function has
// a file of its own; main calls them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/color_choice.h"
#include "ir/base/day.h"
#include "ir/diag/diagnostic.h"
#include "ir/files/project_folder.h"

namespace wfc::driver {

/// The exit codes of `wfc`.
enum class ExitCode : uint8_t {
  Success = 0,
  Findings = 1,     ///< there are findings that `--fail-on` counts
  Usage = 2,        ///< wrong arguments, or a path that cannot be read or written
  Bug = 3,          ///< a bug in wfc
  NothingToDo = 4,  ///< no wfc.yaml, no workflow, or no `specs` for `wfc guard`
};

/// The form of a report.
enum class ReportForm : uint8_t { Text, Concise, Json };

/// The value of `--format FORM[:FILE]`.
struct ReportTarget {
  ReportForm form = ReportForm::Text;
  std::string file;  ///< empty: standard output
};

/// How findings are shown, and how they determine the exit code.
struct ReportOptions {
  std::vector<ReportTarget> targets;  ///< empty: text on standard output
  ColorChoice color = ColorChoice::Auto;
  bool is_strict = false;  ///< warnings become errors
  /// The least severity that makes the exit code Findings.
  diag::Severity fail_on = diag::Severity::Error;
  bool exits_zero = false;  ///< findings do not change the exit code
};

/// What to do with fixes: nothing, write them, or show them as a diff.
enum class FixAction : uint8_t { None, Write, ShowDiff };

/// The options of `wfc check`. A `path`, here and below, is that of AnalysisRequest.
struct CheckOptions {
  std::string path;
  files::Outside outside = files::Outside::Refuse;
  ReportOptions report;
  std::vector<std::string> selected;  ///< codes or prefixes of codes; empty: all
  std::vector<std::string> ignored;   ///< codes or prefixes of codes
  bool is_pedantic = false;           ///< also report what could not be decided
  FixAction fix = FixAction::None;
  diag::FixSafety fix_safety = diag::FixSafety::Safe;  ///< the least safety of fixes to make
  bool emits_ir = false;
  bool times_passes = false;
  std::string print_after;   ///< the pass after which to print the IR; empty: none
  std::optional<Day> as_of;  ///< the day to use as today
};

/// The options of `wfc explain`.
struct ExplainOptions {
  std::string code;  ///< a code or a slug; empty: list all
};

/// The options of `wfc compile`.
struct CompileOptions {
  std::string path;
  files::Outside outside = files::Outside::Refuse;
  std::string workflow;  ///< empty: the project's `main`
  std::string output;    ///< path of the plan; empty: `<workflow>.plan.bin`
  ReportOptions report;
  std::optional<Day> as_of;  ///< the day to use as today
};

/// The options of `wfc inspect`.
struct InspectOptions {
  std::string workflow;  ///< only for a project; empty: its `main`
  std::string plan;      ///< path of a plan or of a project
  files::Outside outside = files::Outside::Refuse;
  bool is_json = false;
  bool verifies = false;  ///< also check that the identity is the SHA-256 of the content
};

/// The options of `wfc guard`.
struct GuardOptions {
  std::string path;
  files::Outside outside = files::Outside::Refuse;
  ReportOptions report;
  bool is_dry_run = false;  ///< findings do not change the exit code
  std::optional<Day> now;   ///< the day to use as today
};

/// The options of the verbs that wfc-run carries out, such as `run`.
struct RunOptions {
  std::string verb;
  std::string action = {};  ///< what follows a verb that has verbs of its own; empty: nothing
  std::string path;         ///< path of a project or of a plan, or what names a run
  files::Outside outside = files::Outside::Refuse;
  std::string workflow;                ///< only for a project; empty: its `main`
  bool is_on_run = false;              ///< `path` is a run, and nothing is compiled
  bool takes_all_workflows = false;    ///< without `workflow`, all of a project are compiled
  std::vector<std::string> forwarded;  ///< options that are passed to wfc-run unchanged
};

// Each function prints its results and errors and returns the exit code.

[[nodiscard]] ExitCode Check(const CheckOptions& options);
[[nodiscard]] ExitCode Explain(const ExplainOptions& options);
[[nodiscard]] ExitCode Compile(const CompileOptions& options);
[[nodiscard]] ExitCode Inspect(const InspectOptions& options);
[[nodiscard]] ExitCode Guard(const GuardOptions& options);
/// Replaces this process by wfc-run; returns only if that is not possible.
[[nodiscard]] ExitCode RunProject(const RunOptions& options);

}  // namespace wfc::driver
