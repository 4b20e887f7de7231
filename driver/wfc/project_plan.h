// From a project's path to a plan in memory, for `compile` and `run`.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "driver/wfc/analysis.h"
#include "driver/wfc/commands.h"

namespace wfc::driver {

struct ProjectPlan {
  std::string workflow;
  std::string folder;  ///< the project's, as it was given
  std::vector<std::byte> bytes;
};

enum class Notices : uint8_t {
  All,           ///< `compile`: show every finding, on standard output
  OnlyFailures,  ///< `run`: show findings only if they stop it, on standard error
};

struct PlanRequest {
  std::string path;
  files::Outside outside = files::Outside::Refuse;
  std::string workflow;  ///< empty: the project's `main`
  ReportOptions report;
  std::optional<Day> as_of;
  Notices notices = Notices::All;
};

/// Whether `path` is a folder, or a file that could be a manifest; anything else that exists is
/// taken for a plan.
[[nodiscard]] bool NamesProject(const std::string& path);

/// The plan, or what to exit with; why has then been printed. What this version does not support is
/// an error here.
[[nodiscard]] std::variant<ProjectPlan, ExitCode> MakeProjectPlan(const PlanRequest& request);

}  // namespace wfc::driver
