// The report of `wfc-run doctor`, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/preflight/finding.h"
#include "driver/wfc_run/progress.h"
#include "ir/value/value.h"

namespace wfc::driver {

/// What was found out about one plan. The plan must outlive it.
struct ExaminedPlan {
  const plan::PlanView& plan;
  Mode mode;
  std::vector<preflight::Finding> findings;
};

/// What was found out about all.
struct Examination {
  std::vector<preflight::Finding> machine;
  std::vector<ExaminedPlan> plans;
};

/// Whether something is missing.
[[nodiscard]] bool IsSomethingMissing(const Examination& examination);

/// The report for people: a line for each finding, and below what is missing what to do about it.
[[nodiscard]] std::string ToText(const Examination& examination, Paint paint);

/// The report as schemas/doctor.schema.json describes it.
[[nodiscard]] Value ToValue(const Examination& examination);

}  // namespace wfc::driver
