#include "driver/wfc_run/run.h"

#include <algorithm>
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
#include "driver/wfc_run/kept_run.h"
#include "driver/wfc_run/prepared_run.h"
#include "driver/wfc_run/progress.h"
#include "driver/wfc_run/run_recorder.h"
#include "driver/wfc_run/summary.h"
#include "driver/wfc_run/terminal.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

constexpr int64_t kTick = 200 * kNsPerMs;
constexpr int64_t kHeartbeat = 10 * kNsPerSecond;

struct Shown {
  RunForm form = RunForm::Text;
  ColorChoice color = ColorChoice::Auto;
};

std::unique_ptr<Progress> MakeProgress(const Shown& how, const PreparedRun& run) {
  const ProgressOptions shown = {.stream = stderr,
                                 .paint = ChoosePaint(how.color),
                                 .redactor = &run.redactor,
                                 .plan = &run.plan,
                                 .folder = run.shown_folder};
  if (how.form == RunForm::Json) return MakeJsonProgress(shown);
  if (IsLiveTerminal()) return MakeLiveProgress(shown, TerminalColumns());
  return MakePlainProgress(shown);
}

/// A run on this machine: the driver with its executor, its recorder and its record.
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

  /// Starts a new run; `kept` is null if nothing is recorded.
  Result<runtime::RunResult> Start(const RunOptions& options,
                                   std::unique_ptr<store::DrivenRun> kept) {
    kept_ = std::move(kept);
    auto made = runtime::Driver::Make(run_.plan,
                                      {.identity = {.id = run_.manifest.run_id,
                                                    .mode = run_.mode,
                                                    .seed = run_.manifest.seed,
                                                    .started_at = run_.manifest.started_at,
                                                    .folder = run_.shown_folder},
                                       .input = run_.input,
                                       .concurrency = options.concurrency.value_or(0),
                                       .secrets = run_.secrets,
                                       .environment = ReadProcessVariable,
                                       .redactor = &run_.redactor,
                                       .origin = run_.origin},
                                      Parts());
    if (!made) return made.error();
    driver_ = std::move(*made);
    return Drive(std::nullopt);
  }

  /// Goes on with a run.
  Result<runtime::RunResult> Resume(const ResumeOptions& options,
                                    std::unique_ptr<store::DrivenRun> kept) {
    kept_ = std::move(kept);
    recorder_.BeginPast();
    auto made = runtime::Driver::Resume(run_.plan,
                                        {.concurrency = options.concurrency.value_or(0),
                                         .folder = run_.shown_folder,
                                         .secrets = run_.secrets,
                                         .redactor = &run_.redactor},
                                        Parts());
    if (!made) return made.error();
    driver_ = std::move(*made);
    recorder_.EndPast(driver_->machine().time());
    if (options.resolution && !FindSlot(options.resolution->stage)) {
      return Error{fmt::format("no call of stage `{}` is in doubt", options.resolution->stage)};
    }
    return Drive(options.resolution);
  }

  [[nodiscard]] const store::Manifest& manifest() const { return recorder_.manifest(); }
  /// The stages whose calls are in doubt.
  [[nodiscard]] std::vector<std::string> StagesInDoubt() const {
    std::vector<std::string> stages;
    for (const runtime::SlotId slot : driver_->CallsInDoubt()) stages.push_back(NameOf(slot));
    std::ranges::sort(stages);
    return stages;
  }

 private:
  [[nodiscard]] runtime::RunParts Parts() {
    runtime::RunParts parts{
        .reactor = machine_.reactor(), .executor = executor_, .recorder = recorder_};
    if (kept_) parts.storage.emplace(kept_->journal(), kept_->blobs());
    return parts;
  }

  runtime::RunResult Drive(const std::optional<Resolution>& resolution) {
    started_at_ = machine_.reactor().clock().Now();
    Watch();
    driver_->Start([this](runtime::RunResult result) {
      result_ = std::move(result);
      machine_.reactor().Stop();
    });
    if (resolution) Resolve(*resolution);
    machine_.reactor().Run();
    WFC_CHECK(result_.has_value());
    if (result_->status == RunStatus::InDoubt) recorder_.SetStatus(RunStatus::InDoubt);
    if (kept_ && kept_->seal()) recorder_.SetSeal(ToHex(*kept_->seal()));
    progress_.Finish();
    return *std::move(result_);
  }

  [[nodiscard]] std::string NameOf(runtime::SlotId slot) const {
    return std::string(run_.plan.name(driver_->machine().instances().node_of(slot)));
  }
  [[nodiscard]] std::optional<runtime::SlotId> FindSlot(std::string_view stage) const {
    for (const runtime::SlotId slot : driver_->CallsInDoubt()) {
      if (NameOf(slot) == stage) return slot;
    }
    return std::nullopt;
  }

  void Resolve(const Resolution& resolution) {
    const std::optional<runtime::SlotId> slot = FindSlot(resolution.stage);
    // An interrupted call may have been found in doubt only by now.
    if (!slot) return;
    runtime::CallResult result;
    switch (resolution.kind) {
      case Resolution::Kind::Repeat:
        return driver_->Resolve(*slot, std::nullopt);
      case Resolution::Kind::Done: {
        const Result<Value> output = ReadJson(resolution.text);
        result.output = output ? *output : Value::String(resolution.text);
        break;
      }
      case Resolution::Kind::Fail:
        result.failure = runtime::Failure{
            .code = FailureCode::Rejected, .message = resolution.text, .details = {}};
        break;
    }
    driver_->Resolve(*slot, std::move(result));
  }

  void Watch() {
    machine_.reactor().OnInterrupt([this](int count) {
      if (count == 1) return driver_->Cancel();
      driver_->Kill();
      machine_.processes().KillAll();
    });
    run_.store->OnFailure([this] { machine_.reactor().Post([this] { driver_->Cancel(); }); });
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
  std::unique_ptr<store::DrivenRun> kept_;
  RunRecorder recorder_;
  HostExecutor executor_;
  std::unique_ptr<runtime::Driver> driver_;
  int64_t started_at_ = 0;
  std::optional<runtime::RunResult> result_;
};

ExitCode ExitCodeOf(const runtime::RunResult& result) {
  if (result.record_failure) return ExitCode::Storage;
  switch (result.status) {
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
  WFC_CHECK(false);  // a run that was left has another status
  return ExitCode::Bug;
}

ExitCode Fail(ExitCode code, std::string_view message) {
  PrintError(message);
  return code;
}

ExitCode PrintEnd(const MachineRun& machine_run, const PreparedRun& run, RunForm form,
                  const Result<runtime::RunResult>& result) {
  if (!result) return Fail(ExitCode::Usage, result.error().message);
  const bool is_printed = PrintSummary({.form = form,
                                        .run = run,
                                        .manifest = machine_run.manifest(),
                                        .result = *result,
                                        .in_doubt = machine_run.StagesInDoubt()});
  return is_printed ? ExitCodeOf(*result) : ExitCode::Storage;
}

}  // namespace

ExitCode RunPlan(const RunOptions& options) {
  const host::PosixClock clock;
  auto prepared = PrepareRun(options, clock);
  if (const Refusal* refusal = std::get_if<Refusal>(&prepared)) {
    return Fail(refusal->code, refusal->message);
  }
  PreparedRun& run = *std::get<std::unique_ptr<PreparedRun>>(prepared);
  Result<std::unique_ptr<host::PosixHost>> machine = host::MakePosixHost();
  if (!machine) return Fail(ExitCode::Usage, machine.error().message);
  std::unique_ptr<store::DrivenRun> kept;
  if (run.is_kept) {
    store::DrivenRun::Opened opened = KeepRun(run, (*machine)->reactor());
    if (!opened) return Fail(ExitCode::Storage, opened.error().message);
    kept = std::move(*opened);
  }
  const std::unique_ptr<Progress> progress =
      MakeProgress({.form = options.form, .color = options.color}, run);
  MachineRun machine_run(run, **machine, *progress);
  return PrintEnd(machine_run, run, options.form, machine_run.Start(options, std::move(kept)));
}

ExitCode ResumeRun(const ResumeOptions& options) {
  const Result<std::string> folder = FindRunFolder(options.run);
  if (!folder) return Fail(ExitCode::Usage, folder.error().message);
  auto prepared = PrepareResume(*folder);
  if (const Refusal* refusal = std::get_if<Refusal>(&prepared)) {
    return Fail(refusal->code, refusal->message);
  }
  PreparedRun& run = *std::get<std::unique_ptr<PreparedRun>>(prepared);
  Result<std::unique_ptr<host::PosixHost>> machine = host::MakePosixHost();
  if (!machine) return Fail(ExitCode::Usage, machine.error().message);
  store::DrivenRun::Opened kept = DriveAgain(run, options, (*machine)->reactor());
  if (!kept) return Fail(ExitCode::Usage, kept.error().message);
  if (std::optional<Refusal> refusal = OpenStoreAgain(run)) {
    return Fail(refusal->code, refusal->message);
  }
  const std::unique_ptr<Progress> progress =
      MakeProgress({.form = options.form, .color = options.color}, run);
  MachineRun machine_run(run, **machine, *progress);
  return PrintEnd(machine_run, run, options.form, machine_run.Resume(options, std::move(*kept)));
}

}  // namespace wfc::driver
