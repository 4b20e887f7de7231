// `wfc inspect`: prints a plan, or the plan of a project's workflow. With --verify it also checks
// that the plan's identity is the SHA-256 of its content.
#include <cstdio>
#include <filesystem>
#include <utility>
#include <variant>

#include <fmt/core.h>

#include "backend-runtime/plan/dump.h"
#include "backend-runtime/plan/verifier.h"
#include "driver/wfc/commands.h"
#include "driver/wfc/project_plan.h"
#include "driver/wfc/report.h"
#include "ir/base/standard_streams.h"
#include "ir/base/visible_text.h"
#include "ir/support/sha256.h"

namespace wfc::driver {
namespace {

using Read = Result<plan::PlanView, plan::VerifyError>;

/// Reads the plan from its file or compiles the project in memory. The exit code instead, if the
/// project cannot be compiled.
std::variant<Read, ExitCode> ReadOrMakePlan(const InspectOptions& options) {
  std::error_code ignored;
  const bool is_there = std::filesystem::exists(options.plan, ignored);
  if (!is_there || !NamesProject(options.plan)) return plan::ReadPlanFile(options.plan);
  std::variant<ProjectPlan, ExitCode> made = MakeProjectPlan({.path = options.plan,
                                                              .outside = options.outside,
                                                              .workflow = options.workflow,
                                                              .report = {},
                                                              .as_of = {},
                                                              .notices = Notices::OnlyFailures});
  if (const ExitCode* code = std::get_if<ExitCode>(&made)) return *code;
  return plan::Verify(std::move(std::get<ProjectPlan>(made).bytes));
}

}  // namespace

ExitCode Inspect(const InspectOptions& options) {
  const std::variant<Read, ExitCode> read = ReadOrMakePlan(options);
  if (const ExitCode* code = std::get_if<ExitCode>(&read)) return *code;
  const Read& plan = std::get<Read>(read);
  if (!plan.ok()) {
    PrintError(fmt::format("{}: {}", options.plan, plan.error().message));
    return ExitCode::Usage;
  }
  if (options.verifies && !plan::IdentityMatches(*plan, Sha256)) {
    PrintError(fmt::format("{}: the identity in its header is not the SHA-256 of its content",
                           options.plan));
    return ExitCode::Usage;
  }
  const std::string dump = options.is_json ? plan::DumpJson(*plan) : plan::DumpText(*plan);
  if (!PrintReport(options.is_json ? dump : VisibleLines(dump))) return ExitCode::Usage;
  if (options.verifies) {
    PrintMessage(stderr, fmt::format("verified: sha256:{}\n", ToHex(plan->identity())));
  }
  return ExitCode::Success;
}

}  // namespace wfc::driver
