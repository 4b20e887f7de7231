// The verbs of `wfc`: what the command line can ask for, and the function that does it. One file a
// verb.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/diag/diagnostic.h"
#include "ir/files/project_folder.h"

namespace wfc::driver {

/// A calendar day in UTC, days since 1970-01-01.
using Day = int32_t;

/// What `wfc` exits with.
enum class ExitCode : uint8_t {
  Success = 0,
  Findings = 1,
  Usage = 2,  ///< wrong arguments, or a path that cannot be read or written
  Bug = 3,
  NothingToDo = 4,  ///< no wfc.yaml, or no workflow
};

enum class ReportForm : uint8_t { Text, Concise, Json };
enum class ColorChoice : uint8_t { Auto, Always, Never };

/// `--format FORM[:FILE]`.
struct ReportTarget {
  ReportForm form = ReportForm::Text;
  std::string file;  ///< empty: standard output
};

/// How findings are judged and shown.
struct ReportOptions {
  std::vector<ReportTarget> targets;  ///< empty: text on standard output
  ColorChoice color = ColorChoice::Auto;
  bool is_strict = false;  ///< warnings count as errors
  diag::Severity fail_on = diag::Severity::Error;
  bool exits_zero = false;  ///< findings do not change the exit code
};

enum class FixAction : uint8_t { None, Write, ShowDiff };

struct CheckOptions {
  std::string path;
  files::Outside outside = files::Outside::Refuse;
  ReportOptions report;
  std::vector<std::string> selected;  ///< codes, or their beginnings; empty: all
  std::vector<std::string> ignored;
  bool is_pedantic = false;  ///< report also what could not be decided
  FixAction fix = FixAction::None;
  diag::FixSafety fix_safety = diag::FixSafety::Safe;
  bool emits_ir = false;
  bool times_passes = false;
  std::string print_after;  ///< the pass after which the IR is printed
  std::optional<Day> as_of;
};

struct ExplainOptions {
  std::string code;  ///< a code or a slug; empty: list all
};

struct CompileOptions {
  std::string path;
  files::Outside outside = files::Outside::Refuse;
  std::string workflow;
  std::string output;  ///< empty: `<workflow>.plan.bin`
  ReportOptions report;
  std::optional<Day> as_of;
};

struct InspectOptions {
  std::string workflow;  ///< of a project; empty: its `main`
  std::string plan;
  files::Outside outside = files::Outside::Refuse;
  bool is_json = false;
  bool verifies = false;  ///< also the SHA-256 identity
};

struct GuardOptions {
  std::string path;
  files::Outside outside = files::Outside::Refuse;
  ReportOptions report;
  bool is_dry_run = false;
  std::optional<Day> now;
};

/// Of the verbs that wfc-run has: it is handed the plan.
struct RunOptions {
  std::string verb;
  std::string path;
  files::Outside outside = files::Outside::Refuse;
  std::string workflow;
  std::vector<std::string> forwarded;  ///< for wfc-run as they are
};

[[nodiscard]] ExitCode Check(const CheckOptions& options);
[[nodiscard]] ExitCode Explain(const ExplainOptions& options);
[[nodiscard]] ExitCode Compile(const CompileOptions& options);
[[nodiscard]] ExitCode Inspect(const InspectOptions& options);
[[nodiscard]] ExitCode Guard(const GuardOptions& options);
[[nodiscard]] ExitCode RunProject(const RunOptions& options);

}  // namespace wfc::driver
