// Driver: drives the run of a verified plan. It performs the machine's commands with the evaluator
// and the executor, and commits what happens as records, all on the reactor's thread. wfc-run and
// the simulator make one for each run.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "backend-runtime/host/reactor.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/executor.h"
#include "backend-runtime/runtime/drive/recorder.h"
#include "backend-runtime/runtime/drive/run.h"
#include "backend-runtime/runtime/evaluate/evaluator.h"
#include "backend-runtime/runtime/redact/redactor.h"

namespace wfc::runtime {

/// What a run is started with.
struct RunOptions {
  RunIdentity identity;
  Value input;               ///< Null means that none was given
  uint32_t concurrency = 0;  ///< 0 means the plan's
  /// A secret without a value fails the stage that reads it.
  SecretValues secrets = {};
  /// Reads the environment, for variables whose values come from there.
  std::function<std::optional<std::string>(std::string_view name)> environment = {};
  /// Hides secrets in the results of calls before anything else sees them. Null means that there
  /// are none to hide. Must outlive the run.
  const redact::Redactor* redactor = nullptr;
};

/// The services that a run uses; all must outlive the driver.
struct RunParts {
  host::Reactor& reactor;
  Executor& executor;
  Recorder& recorder;
};

/// How a run ended.
struct RunResult {
  RunStatus status = RunStatus::Completed;
  Value output;                    ///< Null unless the run is completed or partial
  std::optional<Failure> failure;  ///< why the run failed
  NodeId failed_node = {};         ///< none if the workflow's own output failed
};

/// One run of one plan. Used on the reactor's thread only.
class Driver : public CallSink {
 public:
  /// Prepares a run. Fails, with a message for people, if the input does not fit, a variable is not
  /// set or does not fit, or the workflow may not run in the mode. `plan` must outlive the driver.
  static Result<std::unique_ptr<Driver>> Make(const plan::PlanView& plan, RunOptions options,
                                              const RunParts& parts);
  ~Driver() override;

  /// Starts the run. `done` is called once, on the reactor's thread, when every stage has ended.
  void Start(std::function<void(RunResult)> done);
  /// Cancels the run, as a failure would: running stages are asked to end, and cleanup still runs.
  /// Does nothing after the end.
  void Cancel();
  /// Cancels cleanup, too. The caller must also kill the processes (Processes::KillAll).
  void Kill();

  /// Called by the executor.
  void Ended(CallId id, CallResult result) override;

  [[nodiscard]] const StateMachine& machine() const { return run_.machine(); }
  [[nodiscard]] const RunState& state() const { return run_.state(); }

 private:
  /// A call that runs.
  struct RunningCall {
    SlotId slot;
    std::unique_ptr<const Authority> authority;
    host::TimerId timer = 0;  // the timeout of the attempt
    bool has_timed_out = false;
  };

  Driver(const plan::PlanView& plan, RunOptions options, RunState::Inputs inputs,
         const RunParts& parts);

  // Commits records
  void Commit(Record record);
  [[nodiscard]] int64_t Now() const { return parts_.reactor.clock().Now() - started_at_; }
  [[nodiscard]] Record MakeRunStarted() const;

  // Performs commands
  void Advance();
  void WaitForDue();
  void Perform(const Command& command);
  void Begin(SlotId slot, bool is_retry);
  void StartCall(SlotId slot, PreparedCall prepared);
  void CancelCallOf(SlotId slot);
  void EndRun();

  // Timeouts
  void WatchBody(SlotId owner, RegionId region);
  void StopWatching(SlotId owner);
  void OnCallTimeout(CallId id);
  void OnBodyTimeout(SlotId owner);

  const plan::PlanView& plan_;
  RunParts parts_;
  MachineOptions machine_options_;
  Run run_;
  Evaluator evaluator_;
  std::function<void(RunResult)> done_;
  int64_t started_at_ = 0;  // of the reactor's clock
  bool is_advance_posted_ = false;
  bool has_ended_ = false;
  host::TimerId due_timer_ = 0;  // for the machine's next_due
  int64_t due_ = 0;              // when the timer fires, while there is one
  // Iterated only where the order does not matter (the destructor stops all timers).
  std::unordered_map<CallId, RunningCall> calls_;
  std::unordered_map<SlotId, CallId> call_of_;             // of the slots that have one
  std::unordered_map<SlotId, host::TimerId> body_timers_;  // by owner
};

}  // namespace wfc::runtime
