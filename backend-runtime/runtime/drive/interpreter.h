// Interpreter: runs a verified plan. It asks the state machine what to do, evaluates the
// expressions of the stages, hands calls to the executor, and reports everything to the recorder,
// all on the reactor's thread. wfc-run and the simulator make one for each run.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "backend-runtime/host/reactor.h"
#include "backend-runtime/plan/bodies.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/executor.h"
#include "backend-runtime/runtime/drive/recorder.h"
#include "backend-runtime/runtime/evaluate/grants.h"
#include "backend-runtime/runtime/evaluate/requests.h"
#include "backend-runtime/runtime/evaluate/run_state.h"
#include "backend-runtime/runtime/machine/state_machine.h"
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

/// The services that a run uses; all must outlive the interpreter.
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
class Interpreter : public CallSink {
 public:
  /// Prepares a run. Fails, with a message for people, if the input does not fit, a variable is not
  /// set or does not fit, or the workflow may not run in the mode. `plan` must outlive the
  /// interpreter.
  static Result<std::unique_ptr<Interpreter>> Make(const plan::PlanView& plan, RunOptions options,
                                                   const RunParts& parts);
  ~Interpreter() override;

  /// Starts the run. `done` is called once, on the reactor's thread, when every stage has ended.
  void Start(std::function<void(RunResult)> done);
  /// Cancels the run, as a failure would: running stages are asked to end, and cleanup still runs.
  /// Does nothing after the end.
  void Cancel();
  /// Cancels cleanup, too. The caller must also kill the processes (Processes::KillAll).
  void Kill();

  /// Called by the executor.
  void Ended(CallId id, CallResult result) override;

  [[nodiscard]] const StateMachine& machine() const { return machine_; }
  [[nodiscard]] const RunState& state() const { return state_; }

 private:
  /// A slot that has begun and not settled, and whose stage is not evaluated in place.
  struct Active {
    uint32_t attempt = 0;
    InstanceId body;                  // the body that runs as its attempt or fallback
    std::set<RegionId> entered = {};  // the bodies that it has entered
    // Nanoseconds since the run started: when the first and the current attempt began.
    int64_t first_began = 0;
    int64_t began = 0;
    std::optional<CallId> call;  // the one that runs
    bool is_timed_out = false;
    bool is_simulated = false;
    host::TimerId timer = 0;  // the timeout of the attempt
    std::optional<Authority> authority;
  };
  /// The route that a decide has chosen, and its output.
  struct Choice {
    RouteId route;
    Value output;
  };

  Interpreter(const plan::PlanView& plan, RunOptions options, RunState::Inputs inputs,
              const RunParts& parts);

  [[nodiscard]] NodeId NodeOf(SlotId slot) const { return machine_.instances().node_of(slot); }
  [[nodiscard]] const plan::fb::Node& RowOf(SlotId slot) const { return plan_.nodes[NodeOf(slot)]; }

  // interpreter.cpp: performs the machine's steps and handles events from outside
  void Advance();
  void WaitForDue();
  void Perform(const Step& step);
  void Begin(SlotId slot, bool is_retry);
  [[nodiscard]] bool PassesCondition(SlotId slot);
  void BeginCall(SlotId slot);
  Active& Activate(SlotId slot);
  void StopTimer(Active& active);
  void OnTimeout(SlotId slot);
  void StartCall(SlotId slot, Call call);
  void CancelAttempt(SlotId slot);
  void HideSecrets(CallResult& result) const;
  /// The workflow's output, held to its `returns`.
  [[nodiscard]] Result<Value, Failure> FormOutput(ProgramId output) const;
  void EndRun();

  // stages.cpp: evaluates stages in place, ends bodies, and ends stages
  void RunTransform(SlotId slot);
  void RunAssert(SlotId slot);
  void RunFail(SlotId slot);
  void RunDecide(SlotId slot);
  [[nodiscard]] Result<Choice, Failure> Decide(SlotId slot) const;
  [[nodiscard]] Result<Choice, Failure> DecideCase(SlotId slot) const;
  [[nodiscard]] Result<Choice, Failure> Match(SlotId slot, const Value& subject) const;
  [[nodiscard]] bool ChoosesBodies(SlotId slot) const;
  void RecordChoice(SlotId slot, RouteId route);
  std::optional<Failure> ChooseBy(SlotId slot, const Value& output);
  void EndBody(InstanceId id);
  void CloseBody(InstanceId id);
  void TakeFailure(const Instance& body);
  void FormOutputOf(InstanceId id);
  void FinishWith(SlotId slot, Result<Value, Failure> output);
  void FinishCall(SlotId slot, CallResult result);
  void Succeed(SlotId slot, Value output, HasOutput has_output);
  void RecoverWith(SlotId slot, Value output);
  void Fail(SlotId slot, Failure failure, MayRetry may_retry);
  void Follow(SlotId slot, const FailureAction& action);
  void FailFinally(SlotId slot, Failure failure);
  void EnterBody(SlotId slot, RegionId region);

  // records.cpp: reports to the recorder; times are nanoseconds since the run started
  /// The number of the slot's attempt within the run, counting those of earlier instances.
  [[nodiscard]] uint32_t AttemptOf(SlotId slot) const;
  [[nodiscard]] int64_t Now() const { return parts_.reactor.clock().Now() - started_at_; }
  [[nodiscard]] EvaluationContext PlaceOf(SlotId slot) const {
    return {
        .instance = machine_.instances().instance_of(slot), .with = nullptr, .authority = nullptr};
  }
  void RecordFailure(SlotId slot, Failure failure);
  void RecordRunStarted();
  void RecordStarted(SlotId slot);
  void RecordChosen(SlotId slot, RouteId route);
  void RecordSettled(SlotId slot);
  void RecordUnneededBody(RegionId body);
  void RecordUnneeded(NodeId owner, const std::set<RegionId>& entered);
  void RecordAttemptFailed(SlotId slot, std::optional<int64_t> delay_ns);
  void RecordRunFinished(const RunResult& result);
  void Record(EventType type, SlotId slot, const Value* payload);

  const plan::PlanView& plan_;
  RunParts parts_;
  const redact::Redactor* redactor_;
  StateMachine machine_;
  RunState state_;
  Grants grants_;
  RequestBuilder requests_;
  std::function<void(RunResult)> done_;
  int64_t started_at_ = 0;
  bool is_advance_posted_ = false;
  bool has_ended_ = false;
  bool is_failing_recorded_ = false;
  host::TimerId due_timer_ = 0;  // for the machine's next_due
  int64_t due_ = 0;              // when the timer fires, while there is one
  // Iterated only where the order does not matter (the destructor stops all timers).
  std::unordered_map<SlotId, Active> active_;
  std::unordered_map<CallId, SlotId> callers_;             // of the calls that run
  std::unordered_map<NodeId, uint32_t> earlier_attempts_;  // in instances that have closed
  uint64_t call_count_ = 0;
  plan::BodiesByOwner bodies_;
};

}  // namespace wfc::runtime
