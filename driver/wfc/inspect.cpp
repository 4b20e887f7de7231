// `wfc inspect PLAN`: prints a plan; with --verify also whether its identity is that of its
// content.
#include <cstdio>

#include <fmt/format.h>

#include "backend-runtime/plan/dump.h"
#include "backend-runtime/plan/verifier.h"
#include "driver/wfc/commands.h"
#include "driver/wfc/report.h"
#include "ir/base/standard_streams.h"
#include "ir/base/visible_text.h"
#include "ir/support/sha256.h"

namespace wfc::driver {

ExitCode Inspect(const InspectOptions& options) {
  const Result<plan::PlanView, plan::VerifyError> plan = plan::ReadPlanFile(options.plan);
  if (!plan.ok()) {
    PrintError(fmt::format("{}: {}", options.plan, plan.error().message));
    return ExitCode::Usage;
  }
  if (options.verifies && !plan::HasItsIdentity(*plan, Sha256)) {
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
