// Reads the command line of `wfc-run`. Called by main. Only options.cpp knows CLI11.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/inputs.h"
#include "driver/wfc_run/run_form.h"
#include "driver/wfc_run/runs/runs_options.h"
#include "ir/base/color_choice.h"
#include "ir/files/project_folder.h"

namespace wfc::driver {

/// The options of `wfc-run run`.
struct RunOptions {
  std::string plan;     ///< path of the plan; `wfc run` passes /proc/self/fd/N
  std::string project;  ///< path of the project's folder; empty: the working directory
  InputOptions input;
  std::string mode;             ///< empty: the plan's default
  std::string workspace;        ///< empty: the plan's
  std::string run_root;         ///< empty: WORKSPACE/.wfc/runs
  std::string expected_digest;  ///< SHA-256 of the plan, lower-case hexadecimal; empty: any
  files::Outside outside = files::Outside::Refuse;  ///< for files of the project
  std::optional<uint32_t> concurrency;              ///< nullopt: the plan's
  std::optional<int64_t> seed;                      ///< nullopt: chosen by the system
  bool is_detached = false;   ///< it goes on in the background, in a session of its own
  bool is_ephemeral = false;  ///< nothing is recorded that the run could be resumed from
  RunForm form = RunForm::Text;
  ColorChoice color = ColorChoice::Auto;
};

/// What a person says about a call that is in doubt.
struct Resolution {
  enum class Kind : uint8_t { Done, Repeat, Fail };
  std::string stage;  ///< its path
  Kind kind = Kind::Repeat;
  std::string text;  ///< Done: the output, as JSON or else a text; Fail: the message
};

/// Whether a run is cancelled as soon as it is driven again.
enum class Cancels : uint8_t { No, WithCleanup, AtOnce };

/// The options of `wfc-run resume`, `wfc-run resolve` and of a `wfc-run cancel` that drives.
struct ResumeOptions {
  std::string run;                       ///< the run's folder, or its id or the beginning of that
  bool takes_over = false;               ///< end the process that drives it
  std::optional<uint32_t> concurrency;   ///< nullopt: what it was started with
  std::optional<Resolution> resolution;  ///< set by `resolve`
  Cancels cancels = Cancels::No;
  RunForm form = RunForm::Text;
  ColorChoice color = ColorChoice::Auto;
};

/// The options of `wfc-run cancel`.
struct CancelOptions {
  std::string run;          ///< as in ResumeOptions
  bool has_cleanup = true;  ///< stages with `join: settled` still run
  RunForm form = RunForm::Text;
  ColorChoice color = ColorChoice::Auto;
};

/// The options of `wfc-run simulate`.
struct SimulateOptions {
  std::string plan;    ///< as in RunOptions
  InputOptions input;  ///< replaces the generated input, or keys of it
  std::string mode;    ///< empty: any mode that the plan lists
  uint64_t seed = 1;
  uint64_t runs = 1000;               ///< the greatest number of runs
  std::optional<uint64_t> shown_run;  ///< report only this run, event by event; counted from 1
  bool stops_when_covered = false;    ///< stop as soon as all targets have been reached
  bool requires_coverage = false;     ///< fail if a target has not been reached
  RunForm form = RunForm::Text;
  ColorChoice color = ColorChoice::Auto;
};

/// The options of `wfc-run doctor`.
struct DoctorOptions {
  std::vector<std::string> plans;  ///< their paths, as in RunOptions
  /// Of the run that is not made: its project, mode, workspace and run root, and how to report.
  RunOptions run;
};

/// The options of the verb that was asked for. After `--help`, `--version` or a usage error it is
/// the exit code instead, and the text has been printed.
using Command = std::variant<ExitCode, RunOptions, SimulateOptions, ResumeOptions, CancelOptions,
                             DoctorOptions, RunsCommand>;

/// Parses the arguments of main.
[[nodiscard]] Command ParseCommandLine(int argc, char** argv);

}  // namespace wfc::driver
