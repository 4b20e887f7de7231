// What verbs share in showing besides findings: why a project could not be looked at, and what a
// developer of wfc asks to see.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "driver/wfc/analysis.h"
#include "driver/wfc/commands.h"

namespace wfc::driver {

/// Prints why there is nothing to look at; what to exit with.
[[nodiscard]] ExitCode ReportFailure(const manifest::LoadFailure& failure);

/// Says on standard error what was read from outside the project, as `--allow-outside` has it.
void ShowOutsideFiles(const Analysis& analysis);

/// `--time-passes`, on standard error.
void ShowTimes(const std::vector<passes::PassTime>& times);

/// `--emit=ir`, on standard output.
void ShowIr(const ir::Project& project);

/// What passes are told: the day, and in debug builds to verify the IR.
[[nodiscard]] passes::PassOptions PassOptionsFor(std::optional<Day> as_of);

/// Whether passes.def has a pass of this name or file.
[[nodiscard]] bool IsPass(std::string_view name);
[[nodiscard]] std::string ListPasses();

}  // namespace wfc::driver
