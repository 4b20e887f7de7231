// Compiles a project's workflows to plans in memory. Called by `compile`, `inspect` and the verbs
// that wfc-run carries out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "driver/wfc/analysis.h"
#include "driver/wfc/commands.h"

namespace wfc::driver {

/// A plan in memory.
struct ProjectPlan {
  std::string workflow;
  std::string folder;  ///< path of the project's folder, relative if the given path was
  std::vector<std::byte> bytes;
};

/// Which findings to show.
enum class Notices : uint8_t {
  All,           ///< show all findings, on standard output
  OnlyFailures,  ///< show findings only if there are errors, on standard error
};

/// Whether the plan says where its stages stand in the manifests. A plan that is written to a file
/// does not, so that it stays the same when a stage is moved.
enum class Places : uint8_t { Omitted, Included };

/// What to compile, and how to report findings.
struct PlanRequest {
  std::string path;
  files::Outside outside = files::Outside::Refuse;
  std::string workflow;  ///< empty: the project's `main`
  ReportOptions report;
  std::optional<Day> as_of;
  Notices notices = Notices::All;
  Places places = Places::Omitted;
};

/// Whether `path` refers to a project rather than a plan: it is empty, a folder, a file whose name
/// ends as a manifest's does, or nothing that exists.
[[nodiscard]] bool NamesProject(const std::string& path);

/// Compiles the project. Constructs that this version does not support are errors here. If there is
/// no plan, the result is the exit code, and the reason has been printed.
[[nodiscard]] std::variant<ProjectPlan, ExitCode> MakeProjectPlan(const PlanRequest& request);

/// As MakeProjectPlan, for every workflow of the project; for one, if the request or its path names
/// it. A project without `main` is no error.
[[nodiscard]] std::variant<std::vector<ProjectPlan>, ExitCode> MakeAllPlans(
    const PlanRequest& request);

}  // namespace wfc::driver
