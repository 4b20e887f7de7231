#include "driver/wfc/show.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "driver/wfc/dates.h"
#include "driver/wfc/report.h"
#include "ir/base/standard_streams.h"
#include "ir/printer.h"

namespace wfc::driver {
namespace {

constexpr auto kPassFiles = std::to_array<std::string_view>({
#define WFC_PASS(name, file, summary) #file,
#include "passes/passes.def"
});

}  // namespace

ExitCode ReportFailure(const manifest::LoadFailure& failure) {
  PrintError(failure.message);
  const bool is_nothing = failure.reason == manifest::LoadFailure::Reason::NothingToCheck;
  return is_nothing ? ExitCode::NothingToDo : ExitCode::Usage;
}

void ShowOutsideFiles(const Analysis& analysis) {
  for (const auto& [path, target] : analysis.syntax.files->outside_files()) {
    PrintError(
        fmt::format("{} was read from outside the project: {} (--allow-outside)", path, target));
  }
}

void ShowTimes(const std::vector<passes::PassTime>& times) {
  int64_t total = 0;
  for (const passes::PassTime& time : times) {
    PrintMessage(stderr, fmt::format("{:>10.3f} ms  {}\n",
                                     static_cast<double>(time.nanoseconds) / 1e6, time.name));
    total += time.nanoseconds;
  }
  PrintMessage(stderr, fmt::format("{:>10.3f} ms  total\n", static_cast<double>(total) / 1e6));
}

void ShowIr(const ir::Project& project) {
  // A failed write leaves an error on standard output, which `main` checks at the end.
  static_cast<void>(!PrintReport(ir::PrintProject(project)));
}

passes::PassOptions PassOptionsFor(std::optional<Day> as_of) {
  passes::PassOptions options = {.today = Today(as_of), .is_debug = false, .after_pass = nullptr};
#ifndef NDEBUG
  options.is_debug = true;
#endif
  return options;
}

bool IsPass(std::string_view name) {
  return std::ranges::find(kPassFiles, name) != kPassFiles.end();
}

std::string ListPasses() {
  return fmt::format("{}", fmt::join(kPassFiles, ", "));
}

}  // namespace wfc::driver
