// Interpreter: runs a verified plan. It asks the state machine what to do, evaluates what the
// stages say, hands calls to the executor, and tells the recorder everything, all on the reactor's
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "backend-runtime/host/reactor.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/executor.h"
#include "backend-runtime/runtime/grants.h"
#include "backend-runtime/runtime/recorder.h"
#include "backend-runtime/runtime/requests.h"
#include "backend-runtime/runtime/run_state.h"
#include "backend-runtime/runtime/state_machine.h"
#include "backend-runtime/store/redactor.h"

namespace wfc::runtime {

struct RunOptions {
  RunIdentity identity;
  Value input;               ///< Null: nothing was given
  uint32_t concurrency = 0;  ///< 0: as the plan says
  /// One that has no value fails the stage that needs it.
  SecretValues secrets = {};
  /// For variables that come from the environment.
  std::function<std::optional<std::string>(std::string_view name)> environment = {};
  /// Hides secrets in whatever calls yield, before anything else sees it; none: nothing to hide.
  /// Outlives the run.
  const store::Redactor* redactor = nullptr;
};

/// What a run works with; all outlive the interpreter.
struct RunParts {
  host::Reactor& reactor;
  Executor& executor;
  Recorder& recorder;
};

struct RunResult {
  RunStatus status = RunStatus::Completed;
  Value output;                    ///< Null unless completed or partial
  std::optional<Failure> failure;  ///< why it failed
  NodeId failed_node = {};         ///< none: the workflow's own output
};

class Interpreter : public Completion {
 public:
  /// The error is for whoever started the run: an input that does not fit, a variable that is not
  /// set, a mode that the workflow may not run in. `plan` outlives the interpreter.
  static Result<std::unique_ptr<Interpreter>> Make(const plan::PlanView& plan, RunOptions options,
                                                   const RunParts& parts);
  ~Interpreter() override;

  /// Begins; `done` is called once, on the reactor's thread, when everything has ended.
  void Start(std::function<void(RunResult)> done);
  /// As a failure would: what runs is asked to end, cleanup runs.
  void Cancel();
  /// Cleanup is cancelled too; whoever calls it also kills the processes.
  void Kill();

  void Complete(AttemptId id, AttemptResult result) override;

  [[nodiscard]] const StateMachine& machine() const { return machine_; }
  [[nodiscard]] const RunState& state() const { return state_; }

 private:
  /// A node that has begun and not settled, and is not evaluated in place.
  struct Active {
    uint32_t attempt = 0;
    RegionId body;            // that runs as its attempt
    int64_t first_began = 0;  // the first attempt
    int64_t began = 0;
    bool is_executing = false;
    bool is_timed_out = false;
    bool is_simulated = false;
    host::TimerId timer = 0;  // of the attempt, or until the next
    std::optional<Authority> authority;
  };
  /// What a decide has chosen.
  struct Choice {
    RouteId route;
    Value output;
  };

  Interpreter(const plan::PlanView& plan, RunOptions options, RunState::Inputs inputs,
              const RunParts& parts);

  // interpreter.cpp: what the machine says, and what happens outside
  void Advance();
  void Perform(const Step& step);
  void Begin(NodeId node, bool is_retry);
  [[nodiscard]] bool PassesCondition(NodeId node);
  void BeginCall(NodeId node);
  Active& Activate(NodeId node);
  void StopTimer(Active& active);
  void OnTimeout(NodeId node);
  void CancelAttempt(NodeId node);
  void HideSecrets(AttemptResult& result) const;
  /// The workflow's output, held to its `returns`.
  [[nodiscard]] Result<Value, Failure> FormOutput(ProgramId output) const;
  void EndRun();

  // stages.cpp: stages that are evaluated in place, bodies, and how stages end
  void RunTransform(NodeId node);
  void RunAssert(NodeId node);
  void RunFail(NodeId node);
  void RunDecide(NodeId node);
  [[nodiscard]] Result<Choice, Failure> Decide(NodeId node) const;
  [[nodiscard]] Result<Choice, Failure> DecideCase(NodeId node) const;
  [[nodiscard]] Result<Choice, Failure> Match(NodeId node, const Value& subject) const;
  [[nodiscard]] bool ChoosesBodies(NodeId node) const;
  void RecordChoice(NodeId node, RouteId route);
  std::optional<Failure> ChooseBy(NodeId node, const Value& output);
  void EndBody(RegionId region);
  void TakeFailure(NodeId owner, NodeId inner);
  void EndSingleBody(RegionId region);
  void EndSeveralBody(RegionId region);
  void FailBody(RegionId region, Failure failure, MayRetry may_retry);
  void FinishWith(NodeId node, Result<Value, Failure> output);
  void FinishCall(NodeId node, AttemptResult result);
  void Succeed(NodeId node, Value output, HasOutput has_output);
  void RecoverWith(NodeId node, Value output);
  void Fail(NodeId node, Failure failure, MayRetry may_retry);
  void FailFinally(NodeId node, Failure failure);
  void BackOff(NodeId node, int64_t delay_ns);
  void EnterBody(NodeId node, RegionId region);

  // records.cpp: telling the recorder
  [[nodiscard]] int64_t Now() const { return parts_.reactor.clock().Now() - started_at_; }
  [[nodiscard]] Place PlaceOf(NodeId node) const {
    return {.region = plan_.region_of(node), .with = nullptr, .authority = nullptr};
  }
  void RecordFailure(NodeId node, Failure failure);
  void RecordRunStarted();
  void RecordStarted(NodeId node);
  void RecordChosen(NodeId node, RouteId route);
  void RecordSettled(NodeId node);
  void RecordAttemptFailed(NodeId node, std::optional<int64_t> delay_ns);
  void RecordRunFinished(const RunResult& result);
  void Record(EventType type, NodeId node, const Value* payload);

  const plan::PlanView& plan_;
  RunParts parts_;
  const store::Redactor* redactor_;
  StateMachine machine_;
  RunState state_;
  Grants grants_;
  RequestBuilder requests_;
  std::function<void(RunResult)> done_;
  int64_t started_at_ = 0;
  bool is_advance_posted_ = false;
  bool has_ended_ = false;
  bool is_failing_recorded_ = false;
  std::unordered_map<NodeId, Active> active_;  // only looked up
};

}  // namespace wfc::runtime
