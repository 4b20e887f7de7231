#include "driver/wfc_run/run_check.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "backend-runtime/preflight/preflight.h"
#include "driver/wfc_run/prepared_run.h"

namespace wfc::driver {
namespace {

std::vector<preflight::Finding> FindMissing(const PreparedRun& run, const Secrets& secrets,
                                            const RunCheck& check) {
  preflight::Input input{.plan = run.plan,
                         .mode = run.mode,
                         .workspace = run.workspace.get(),
                         .secrets = run.secrets,
                         .unread = secrets.problems,
                         .own_path = ReadProcessVariable("PATH").value_or(""),
                         .run_root = check.run_root};
  // A resumed run has the variables that it was started with.
  if (!check.read_past) input.environment = ReadProcessVariable;
  std::vector<preflight::Finding> missing = LookAtRun(input, preflight::Extent::Problems);
  if (missing.empty() || !check.read_past) return missing;
  PastStages past = check.read_past();
  input.is_over = std::move(past.is_over);
  input.is_end_near = past.is_end_near;
  return LookAtRun(input, preflight::Extent::Problems);
}

}  // namespace

std::optional<Refusal> CheckRun(const PreparedRun& run, const Secrets& secrets,
                                const RunCheck& check) {
  const std::vector<preflight::Finding> missing = FindMissing(run, secrets, check);
  if (missing.empty()) return std::nullopt;
  if (check.if_missing == IfMissing::Tell) {
    for (const preflight::Finding& finding : missing) PrintError(Describe(finding, run.plan));
    return std::nullopt;
  }
  const std::string_view what = check.read_past ? "the run cannot go on" : "the run cannot begin";
  if (missing.size() == 1) {
    return Refuse(fmt::format("{}: {}", what, Describe(missing.front(), run.plan)));
  }
  Refusal refusal = Refuse(fmt::format("{}, because {} things are missing:", what, missing.size()));
  for (const preflight::Finding& finding : missing) {
    refusal.details.push_back(Describe(finding, run.plan));
  }
  return refusal;
}

}  // namespace wfc::driver
