// Output that several verbs share, besides findings: why a project could not be loaded, and what
// developers of wfc ask to see. It also has the options of the passes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "driver/wfc/analysis.h"
#include "driver/wfc/commands.h"

namespace wfc::driver {

/// Prints why the project could not be loaded; returns the exit code.
[[nodiscard]] ExitCode ReportFailure(const manifest::LoadFailure& failure);

/// Prints on standard error which files were read from outside the project (`--allow-outside`).
void ShowOutsideFiles(const Analysis& analysis);

/// Prints the times of the phases on standard error (`--time-passes`).
void ShowTimes(const std::vector<passes::PassTime>& times);

/// Prints the IR on standard output (`--emit=ir`).
void ShowIr(const ir::Project& project);

/// The options of the passes: today's date, and in debug builds that they verify the IR.
[[nodiscard]] passes::PassOptions PassOptionsFor(std::optional<Day> as_of);

/// Whether passes.def has a pass in a file of this name.
[[nodiscard]] bool IsPass(std::string_view name);
/// The names that IsPass accepts, as a list for messages.
[[nodiscard]] std::string ListPasses();

}  // namespace wfc::driver
