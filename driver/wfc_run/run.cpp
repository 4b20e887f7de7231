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
#include <fmt/ranges.h>
#include <unistd.h>

#include "backend-runtime/host/posix_host.h"
#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/drive/driver.h"
#include "backend-runtime/runtime/evaluate/callee.h"
#include "backend-runtime/tools/parse_output.h"
#include "driver/wfc_run/detach.h"
#include "driver/wfc_run/environment.h"
#include "driver/wfc_run/event_json.h"
#include "driver/wfc_run/host_executor.h"
#include "driver/wfc_run/kept_run.h"
#include "driver/wfc_run/prepared_run.h"
#include "driver/wfc_run/progress.h"
#include "driver/wfc_run/run_recorder.h"
#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/runs/list.h"
#include "driver/wfc_run/strays.h"
#include "driver/wfc_run/summary.h"
#include "driver/wfc_run/terminal.h"
#include "driver/wfc_run/who_asks.h"
#include "ir/base/standard_streams.h"
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
                   .redactor = run.redactor,
                   .run_id = run.manifest.run_id}) {}

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
    return Drive(std::nullopt, Cancels::No);
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
    recorder_.EndPast();
    had_ended_ = driver_->machine().has_ended();
    if (options.form == RunForm::Text && !had_ended_) SayWhatIsDone();
    if (!had_ended_) EndStraysOf(options);
    return Drive(options.resolution, options.cancels);
  }

  [[nodiscard]] const store::Manifest& manifest() const { return recorder_.manifest(); }
  /// For how long the run has been driven, in nanoseconds.
  [[nodiscard]] int64_t run_time() const { return driver_->machine().time(); }
  [[nodiscard]] bool had_ended() const { return had_ended_; }
  /// What the calls in doubt have left, and still goes on.
  [[nodiscard]] const std::vector<Stray>& strays() const { return strays_; }
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
    if (kept_) parts.storage.emplace(kept_->journal(), kept_->blobs(), &kept_->inbox());
    return parts;
  }

  Result<runtime::RunResult> Drive(const std::optional<Resolution>& resolution, Cancels cancels) {
    started_at_ = machine_.reactor().clock().Now() - driver_->machine().time();
    Watch();
    driver_->Start([this](runtime::RunResult result) {
      result_ = std::move(result);
      machine_.reactor().Stop();
    });
    if (resolution) {
      const std::optional<runtime::SlotId> slot = FindSlot(resolution->stage);
      if (!slot) return LeaveAsItWas(NotInDoubt(resolution->stage));
      if (Result<void> resolved = Resolve(*slot, *resolution); !resolved) {
        return LeaveAsItWas(fmt::format("`--done` for stage `{}`: {}; nothing was changed",
                                        resolution->stage, resolved.error().message));
      }
    }
    if (cancels != Cancels::No) Cancel(cancels);
    Finish();
    return *std::move(result_);
  }

  /// Lets the run rest, because what a person said of a call is refused.
  Error LeaveAsItWas(std::string why) {
    driver_->Leave("what was said of a call was refused");
    Finish();
    return Error{std::move(why)};
  }

  /// Drives the run until it ends or rests, and writes how it was left.
  void Finish() {
    if (!result_) machine_.reactor().Run();
    WFC_CHECK(result_.has_value());
    const bool is_open = result_->status == RunStatus::InDoubt || result_->record_failure;
    if (is_open && !StagesInDoubt().empty()) {
      recorder_.files().SetStatus(RunStatus::InDoubt,
                                  fmt::format("calls of these stages may have been made: {}",
                                              fmt::join(StagesInDoubt(), ", ")));
    }
    // The manifest says that a run has ended once its record does.
    if (kept_ && kept_->seal()) recorder_.files().SetSeal(ToHex(*kept_->seal()));
    recorder_.Heartbeat();
    progress_.Finish();
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

  /// Before any call starts, the processes of earlier ones end that would act beside it.
  void EndStraysOf(const ResumeOptions& options) {
    const bool repeats = options.resolution && options.resolution->kind == Resolution::Kind::Repeat;
    const WhichStrays which = options.cancels != Cancels::No ? WhichStrays::All
                              : repeats                      ? WhichStrays::OfStage
                                                             : WhichStrays::OfRepeatable;
    strays_ = EndStrays(manifest().run_id, which, repeats ? options.resolution->stage : "");
  }

  void SayWhatIsDone() const {
    const auto done = std::ranges::count_if(manifest().stages, [](const store::StageEntry& stage) {
      return stage.status && IsSettled(*stage.status);
    });
    PrintMessage(stderr, fmt::format("going on with {}: {} of {} stages are done\n",
                                     manifest().run_id, done, manifest().stages.size()));
  }

  [[nodiscard]] std::string NotInDoubt(std::string_view stage) const {
    const std::vector<std::string> others = StagesInDoubt();
    return fmt::format(
        "no call of stage `{}` is in doubt{}", stage,
        others.empty() ? "" : fmt::format("; those of `{}` are", fmt::join(others, "`, `")));
  }

  Result<void> Resolve(runtime::SlotId slot, const Resolution& resolution) {
    if (Result<void> resolved = Apply(slot, resolution); !resolved) return resolved;
    driver_->Transcribe(
        slot,
        Value::Record({{"kind", Value::String("resolved")},
                       {"how", Value::String(resolution.kind == Resolution::Kind::Repeat ? "repeat"
                                             : resolution.kind == Resolution::Kind::Done ? "done"
                                                                                         : "fail")},
                       {"text", Value::String(resolution.text)},
                       {"uid", Value::Int(getuid())}}));
    return {};
  }

  Result<void> Apply(runtime::SlotId slot, const Resolution& resolution) {
    switch (resolution.kind) {
      case Resolution::Kind::Repeat:
        return driver_->Resolve(slot, std::nullopt);
      case Resolution::Kind::Done: {
        Result<runtime::CallResult> result = MakeResult(slot, resolution.text);
        if (!result) return result.error();
        return driver_->Resolve(slot, *std::move(result));
      }
      case Resolution::Kind::Fail:
        break;
    }
    runtime::CallResult result;
    result.failure =
        runtime::Failure{.code = FailureCode::Rejected, .message = resolution.text, .details = {}};
    return driver_->Resolve(slot, std::move(result));
  }

  /// The end of a call of which `text` is the output: that of a command is read as the command's
  /// would be.
  [[nodiscard]] Result<runtime::CallResult> MakeResult(runtime::SlotId slot,
                                                       const std::string& text) const {
    runtime::CallResult result;
    const plan::NodeId node = driver_->machine().instances().node_of(slot);
    const plan::fb::Command* command = runtime::CommandOf(run_.plan, node);
    const bool is_agent = plan::CalleeOf(run_.plan.nodes[node]) == Callee::Agent;
    if (command == nullptr || is_agent) {
      const Result<Value> json = ReadJson(text);
      result.output = json ? *json : Value::String(text);
      return result;
    }
    Result<Value> output = tools::ParseOutput(plan::FromPlan(command->parse()), text);
    if (!output) return output.error();
    result.output = *std::move(output);
    const auto exits = plan::PlanTables::Slice(run_.plan.integers, command->ok_exit());
    result.exit = exits.empty() ? 0 : exits.front();
    result.stdout_text = text;
    return result;
  }

  void Cancel(Cancels how) {
    const Value who = Value::Record(
        {{"by", Value::String(WhoAsks())}, {"uid", Value::Int(static_cast<int64_t>(getuid()))}});
    driver_->Cancel(who);
    if (how == Cancels::AtOnce) driver_->Kill(who);
  }

  void Watch() {
    machine_.reactor().OnInterrupt([this](int count) {
      if (count == 1) return driver_->Cancel();
      driver_->Kill();
      machine_.processes().KillAll();
    });
    run_.store->OnFailure([this] { machine_.reactor().Post([this] { LeaveRun(); }); });
    Repeat(kTick, [this] { progress_.Tick(machine_.reactor().clock().Now() - started_at_); });
    Repeat(kHeartbeat, [this] { recorder_.Heartbeat(); });
  }

  /// The files beside the record cannot be written any more.
  void LeaveRun() {
    const std::optional<host::FileError> failure = run_.store->failure();
    driver_->Leave(failure ? failure->message : "its files cannot be written");
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
  int64_t started_at_ = 0;  // when the run time was 0
  bool had_ended_ = false;  // before it was resumed
  std::vector<Stray> strays_;
  std::optional<runtime::RunResult> result_;
};

ExitCode ExitCodeOf(const runtime::RunResult& result) {
  if (result.record_failure) return ExitCode::Storage;
  WFC_CHECK(result.status != RunStatus::Running);  // a run that was left has another status
  return driver::ExitCodeOf(result.status);
}

ExitCode PrintEnd(const MachineRun& machine_run, const PreparedRun& run, RunForm form,
                  const Result<runtime::RunResult>& result, Cancels cancels = Cancels::No) {
  if (!result) return Fail(ExitCode::Usage, result.error().message);
  const bool is_printed = PrintSummary({.form = form,
                                        .run = run,
                                        .manifest = machine_run.manifest(),
                                        .result = *result,
                                        .run_time_ns = machine_run.run_time(),
                                        .had_ended = machine_run.had_ended(),
                                        .in_doubt = machine_run.StagesInDoubt(),
                                        .strays = machine_run.strays()});
  if (!is_printed) return ExitCode::Storage;
  const bool is_as_asked = cancels != Cancels::No && result->status == RunStatus::Cancelled;
  return is_as_asked ? ExitCode::Completed : ExitCodeOf(*result);
}

}  // namespace

ExitCode RunPlan(const RunOptions& options) {
  std::optional<Detached> detached;
  if (options.is_detached) {
    auto split = Detached::Split(options.form);
    if (const ExitCode* ended = std::get_if<ExitCode>(&split)) return *ended;
    detached = std::get<Detached>(std::move(split));
  }
  const host::PosixClock clock;
  auto prepared = PrepareRun(options, clock);
  if (const Refusal* refusal = std::get_if<Refusal>(&prepared)) return Print(*refusal);
  PreparedRun& run = *std::get<std::unique_ptr<PreparedRun>>(prepared);
  Result<std::unique_ptr<host::PosixHost>> machine = host::MakePosixHost();
  if (!machine) return Fail(ExitCode::Usage, machine.error().message);
  std::unique_ptr<store::DrivenRun> kept;
  if (run.is_kept) {
    store::DrivenRun::Opened opened = KeepRun(run, (*machine)->reactor());
    if (!opened) return Fail(ExitCode::Storage, opened.error().message);
    kept = std::move(*opened);
  }
  if (detached) detached->Announce(run.manifest.run_id, run.shown_folder);
  const std::unique_ptr<Progress> progress =
      MakeProgress({.form = options.form, .color = options.color}, run);
  MachineRun machine_run(run, **machine, *progress);
  return PrintEnd(machine_run, run, options.form, machine_run.Start(options, std::move(kept)));
}

ExitCode ResumeRun(const ResumeOptions& options) {
  if (options.run.empty() && !options.resolution) return ListResumable();
  const Result<std::string> folder = FindRunFolder(options.run);
  if (!folder) return Fail(ExitCode::Usage, folder.error().message);
  auto prepared = PrepareResume(*folder, options.cancels);
  if (const Refusal* refusal = std::get_if<Refusal>(&prepared)) return Print(*refusal);
  PreparedRun& run = *std::get<std::unique_ptr<PreparedRun>>(prepared);
  Result<std::unique_ptr<host::PosixHost>> machine = host::MakePosixHost();
  if (!machine) return Fail(ExitCode::Usage, machine.error().message);
  store::DrivenRun::Opened kept = DriveAgain(run, options, (*machine)->reactor());
  if (!kept) {
    const bool is_held = kept.error().kind == store::OpenError::Kind::Held;
    return Fail(
        ExitCode::Usage,
        fmt::format("{}{}", kept.error().message,
                    is_held ? "; `--take-over` ends it, and what it was doing is in doubt" : ""));
  }
  if (std::optional<Refusal> refusal = OpenStoreAgain(run)) return Print(*refusal);
  const std::unique_ptr<Progress> progress =
      MakeProgress({.form = options.form, .color = options.color}, run);
  MachineRun machine_run(run, **machine, *progress);
  return PrintEnd(machine_run, run, options.form, machine_run.Resume(options, std::move(*kept)),
                  options.cancels);
}

}  // namespace wfc::driver
