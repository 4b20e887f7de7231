#include "driver/wfc_run/run.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "backend-runtime/host/posix_host.h"
#include "backend-runtime/runtime/drive/driver.h"
#include "driver/wfc_run/environment.h"
#include "driver/wfc_run/event_json.h"
#include "driver/wfc_run/host_executor.h"
#include "driver/wfc_run/prepared_run.h"
#include "driver/wfc_run/progress.h"
#include "driver/wfc_run/run_recorder.h"
#include "driver/wfc_run/summary.h"
#include "driver/wfc_run/terminal.h"

namespace wfc::driver {
namespace {

constexpr int64_t kTick = 200 * kNsPerMs;
constexpr int64_t kHeartbeat = 10 * kNsPerSecond;

std::unique_ptr<Progress> MakeProgress(const RunOptions& options, const PreparedRun& run) {
  const ProgressOptions shown = {.stream = stderr,
                                 .paint = ChoosePaint(options.color),
                                 .redactor = &run.redactor,
                                 .plan = &run.plan,
                                 .folder = run.shown_folder};
  if (options.form == RunForm::Json) return MakeJsonProgress(shown);
  if (IsLiveTerminal()) return MakeLiveProgress(shown, TerminalColumns());
  return MakePlainProgress(shown);
}

/// A run on this machine, from start to end: the interpreter with its executor and its recorder.
class MachineRun {
 public:
  MachineRun(PreparedRun& run, host::PosixHost& machine, Progress& progress)
      : run_(run),
        machine_(machine),
        progress_(progress),
        recorder_(run.plan, *run.store, progress, machine.reactor(), run.manifest),
        executor_({.reactor = machine.reactor(),
                   .processes = machine.processes(),
                   .workspace = *run.workspace,
                   .plan = run.plan,
                   .recorder = recorder_,
                   .redactor = run.redactor}) {}

  Result<runtime::RunResult> Run(const RunOptions& options) {
    Result<std::unique_ptr<runtime::Driver>> made = runtime::Driver::Make(
        run_.plan,
        {.identity = {.id = run_.manifest.run_id,
                      .mode = run_.mode,
                      .seed = run_.manifest.seed,
                      .started_at = run_.manifest.started_at,
                      .folder = run_.shown_folder},
         .input = run_.input,
         .concurrency = options.concurrency.value_or(0),
         .secrets = run_.secrets,
         .environment = ReadProcessVariable,
         .redactor = &run_.redactor},
        {.reactor = machine_.reactor(), .executor = executor_, .recorder = recorder_});
    if (!made) return made.error();
    interpreter_ = std::move(*made);
    started_at_ = machine_.reactor().clock().Now();
    Watch();
    interpreter_->Start([this](runtime::RunResult result) {
      result_ = std::move(result);
      machine_.reactor().Stop();
    });
    machine_.reactor().Run();
    WFC_CHECK(result_.has_value());
    progress_.Finish();
    return std::move(*result_);
  }

  [[nodiscard]] const store::Manifest& manifest() const { return recorder_.manifest(); }

 private:
  void Watch() {
    machine_.reactor().OnInterrupt([this](int count) {
      if (count == 1) return interpreter_->Cancel();
      interpreter_->Kill();
      machine_.processes().KillAll();
    });
    run_.store->OnFailure([this] { machine_.reactor().Post([this] { interpreter_->Cancel(); }); });
    Repeat(kTick, [this] { progress_.Tick(machine_.reactor().clock().Now() - started_at_); });
    Repeat(kHeartbeat, [this] { recorder_.Heartbeat(); });
  }

  void Repeat(int64_t interval, host::Task task) {
    machine_.reactor().StartTimer(machine_.reactor().clock().Now() + interval,
                                  [this, interval, task = std::move(task)] {
                                    task();
                                    Repeat(interval, task);
                                  });
  }

  PreparedRun& run_;
  host::PosixHost& machine_;
  Progress& progress_;
  RunRecorder recorder_;
  HostExecutor executor_;
  std::unique_ptr<runtime::Driver> interpreter_;
  int64_t started_at_ = 0;
  std::optional<runtime::RunResult> result_;
};

ExitCode ExitCodeOf(RunStatus status) {
  switch (status) {
    case RunStatus::Completed:
      return ExitCode::Completed;
    case RunStatus::Partial:
      return ExitCode::Partial;
    case RunStatus::Failed:
      return ExitCode::Failed;
    case RunStatus::Cancelled:
      return ExitCode::Cancelled;
    case RunStatus::InDoubt:
      return ExitCode::Parked;
    case RunStatus::Running:
      break;
  }
  WFC_CHECK(false);  // a run that ended has a status
  return ExitCode::Bug;
}

}  // namespace

ExitCode RunPlan(const RunOptions& options) {
  const host::PosixClock clock;
  auto prepared = PrepareRun(options, clock);
  if (const Refusal* refusal = std::get_if<Refusal>(&prepared)) {
    PrintError(refusal->message);
    return refusal->code;
  }
  PreparedRun& run = *std::get<std::unique_ptr<PreparedRun>>(prepared);
  Result<std::unique_ptr<host::PosixHost>> machine = host::MakePosixHost();
  if (!machine) {
    PrintError(machine.error().message);
    return ExitCode::Usage;
  }
  const std::unique_ptr<Progress> progress = MakeProgress(options, run);
  MachineRun machine_run(run, **machine, *progress);
  Result<runtime::RunResult> result = machine_run.Run(options);
  if (!result) {
    PrintError(result.error().message);
    return ExitCode::Usage;
  }
  const Summary summary = {
      .options = options, .run = run, .manifest = machine_run.manifest(), .result = *result};
  const ExitCode code = ExitCodeOf(result->status);
  if (!PrintSummary(summary)) return ExitCode::Storage;
  return code;
}

}  // namespace wfc::driver
