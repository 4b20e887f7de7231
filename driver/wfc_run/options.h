// The command line of `wfc-run`, read. The only file that knows CLI11 is options.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/inputs.h"
#include "ir/files/project_folder.h"

namespace wfc::driver {

enum class RunForm : uint8_t { Text, Json };
enum class ColorChoice : uint8_t { Auto, Always, Never };

struct RunOptions {
  std::string plan;     ///< a path; /proc/self/fd/N from the compiler
  std::string project;  ///< the project's folder; default: the current one
  InputOptions input;
  std::string mode;             ///< "": the plan's default
  std::string workspace;        ///< "": the plan's
  std::string run_root;         ///< "": WORKSPACE/.wfc/runs
  std::string expected_digest;  ///< of the plan's content, lower-case hexadecimal; "": any
  files::Outside outside = files::Outside::Refuse;  ///< of the project's files
  std::optional<uint32_t> concurrency;              ///< none: the plan's
  std::optional<int64_t> seed;                      ///< none: from the system
  RunForm form = RunForm::Text;
  ColorChoice color = ColorChoice::Auto;
};

struct SimulateOptions {
  std::string plan;    ///< as in RunOptions
  InputOptions input;  ///< over what is drawn
  std::string mode;    ///< "": any that the plan lists
  uint64_t seed = 1;
  uint64_t runs = 1000;               ///< at most
  std::optional<uint64_t> shown_run;  ///< only this one is reported, event by event
  bool stops_when_covered = false;
  bool requires_coverage = false;
  RunForm form = RunForm::Text;
  ColorChoice color = ColorChoice::Auto;
};

/// The options of a verb; or the exit code after `--help`, `--version` or a usage error, which has
/// been printed.
using Command = std::variant<ExitCode, RunOptions, SimulateOptions>;

[[nodiscard]] Command ParseCommandLine(int argc, char** argv);

}  // namespace wfc::driver
