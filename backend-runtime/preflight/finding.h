// Finding: what was found out about one thing that a run needs. The preflight makes them;
// `wfc-run run` refuses a run because of them, and `wfc doctor` reports them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/view.h"

namespace wfc::preflight {

/// The kind of thing that a run needs.
enum class Subject : uint8_t {
  Program,
  Variable,
  Secret,
  Workspace,
  RunFolder,
  DiskSpace,
  Kernel,  ///< what the system lets the runtime do
};
/// "program", "disk_space".
[[nodiscard]] std::string_view NameOf(Subject subject);

/// What follows from a finding.
enum class Verdict : uint8_t {
  Ok,
  Warning,  ///< the run may fail because of it, or do with less
  Missing,  ///< the run cannot succeed, and is refused
};
/// "ok", "warning", "missing".
[[nodiscard]] std::string_view NameOf(Verdict verdict);

/// One thing that was looked at.
struct Finding {
  Subject subject = Subject::Program;
  Verdict verdict = Verdict::Ok;
  std::string name = {};     ///< `git`, the name of a secret; empty for what there is only one of
  std::string detail = {};   ///< where it was found, or what is wrong: a clause without a stop
  std::string advice = {};   ///< what to do about it; empty if nothing has to be done
  plan::NodeId stage = {};   ///< the first stage that needs it; none if no single stage does
  uint32_t stage_count = 0;  ///< how many stages need it
};

/// Whether there is a finding of this verdict.
[[nodiscard]] bool Has(const std::vector<Finding>& findings, Verdict verdict);

/// The finding as a sentence of one line: what, who needs it, and what to do. The text is not made
/// safe for terminals.
[[nodiscard]] std::string Describe(const Finding& finding, const plan::PlanView& plan);

/// Where a stage stands in the manifest.
struct Place {
  std::string_view file;  ///< relative to the project's folder; empty if the plan does not say
  uint32_t line = 0;
  uint32_t column = 0;
};
[[nodiscard]] Place PlaceOf(const plan::PlanView& plan, plan::NodeId stage);

}  // namespace wfc::preflight
