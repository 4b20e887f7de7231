#include "driver/wfc_run/doctor.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "backend-runtime/host/posix_host.h"
#include "backend-runtime/plan/verifier.h"
#include "backend-runtime/preflight/kernel.h"
#include "backend-runtime/preflight/preflight.h"
#include "backend-runtime/tools/program_paths.h"
#include "driver/wfc_run/doctor_report.h"
#include "driver/wfc_run/environment.h"
#include "driver/wfc_run/modes.h"
#include "driver/wfc_run/terminal.h"
#include "driver/wfc_run/workspace.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

using preflight::Finding;
using preflight::Subject;

/// The first line that `PROGRAM --version` prints; empty if it prints none.
std::string AskVersion(const std::string& program) {
  Result<std::unique_ptr<host::PosixHost>> machine = host::MakePosixHost();
  if (!machine) return {};
  host::Reactor& reactor = (*machine)->reactor();
  std::string printed;
  const auto started =
      (*machine)->processes().Start({.executable = program,
                                     .argv = {program, "--version"},
                                     .environment = {"LC_ALL=C"},
                                     .deadline = reactor.clock().Now() + 5 * kNsPerSecond},
                                    [&](const host::ProcessResult& process) {
                                      printed = process.stdout_bytes;
                                      reactor.Stop();
                                    });
  if (!started) return {};
  reactor.Run();
  return printed.substr(0, printed.find('\n'));
}

/// Adds its version to what was found of `git`, the one program whose version matters to wfc. It is
/// asked only where the plan has no influence on which program that is.
void AddVersion(std::vector<Finding>& findings, const preflight::Input& input) {
  const Result<std::string> git = tools::FindSystemProgram("git", input.own_path, *input.workspace);
  if (!git) return;
  for (Finding& finding : findings) {
    if (finding.subject != Subject::Program || finding.detail != *git) continue;
    const std::string version = AskVersion(*git);
    if (!version.empty()) finding.detail += fmt::format(" ({})", version);
  }
}

std::vector<Finding> Examine(const plan::PlanView& plan, Mode mode, const RunOptions& options) {
  Result<std::unique_ptr<host::Files>> workspace = OpenWorkspace(options, plan);
  const Secrets secrets = ReadSecrets(
      plan, ReadProcessVariable,
      {.path = options.project.empty() ? "." : options.project, .outside = options.outside});
  for (const std::string& remark : secrets.remarks) PrintError(remark);
  preflight::Input input{.plan = plan,
                         .mode = mode,
                         .secrets = secrets.values,
                         .unread = secrets.problems,
                         .environment = ReadProcessVariable,
                         .own_path = ReadProcessVariable("PATH").value_or("")};
  if (workspace) {
    input.workspace = workspace->get();
    input.run_root = RunRootPath(options, **workspace);
  } else {
    input.workspace_problem = workspace.error().message;
  }
  std::vector<Finding> findings = LookAtRun(input, preflight::Extent::Everything);
  if (workspace) AddVersion(findings, input);
  return findings;
}

/// The plans of the command line. Nothing, with the reason printed, if one cannot be read.
std::optional<std::vector<plan::PlanView>> ReadPlans(const std::vector<std::string>& paths) {
  std::vector<plan::PlanView> plans;
  for (const std::string& path : paths) {
    Result<plan::PlanView, plan::VerifyError> read = plan::ReadPlanFile(path);
    if (!read) {
      PrintError(fmt::format("{}: {}", path, read.error().message));
      return std::nullopt;
    }
    plans.push_back(std::move(*read));
  }
  return plans;
}

}  // namespace

ExitCode ExaminePlans(const DoctorOptions& options) {
  const std::optional<std::vector<plan::PlanView>> plans = ReadPlans(options.plans);
  if (!plans) return ExitCode::Usage;
  Examination examination{.machine = preflight::LookAtKernel(), .plans = {}};
  for (const plan::PlanView& plan : *plans) {
    const Result<Mode> mode = FindMode(plan, options.run.mode);
    if (!mode) {
      PrintError(mode.error().message);
      return ExitCode::Usage;
    }
    examination.plans.push_back(
        {.plan = plan, .mode = *mode, .findings = Examine(plan, *mode, options.run)});
  }
  const std::string report = options.run.form == RunForm::Json
                                 ? WriteJson(ToValue(examination), JsonStyle::Pretty) + "\n"
                                 : ToText(examination, ChoosePaint(options.run.color));
  if (!PrintResult(report)) return ExitCode::Usage;
  return IsSomethingMissing(examination) ? ExitCode::Failed : ExitCode::Completed;
}

}  // namespace wfc::driver
