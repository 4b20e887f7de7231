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
  /// By index of the plan's secrets; one that has no value fails the stage that needs it.
  std::vector<std::optional<std::string>> secrets = {};
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
  uint32_t failed_node = kNoNode;  ///< none: the workflow's own output
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
    uint32_t body = plan::kNone;  // that runs as its attempt
    int64_t first_began = 0;      // the first attempt
    int64_t began = 0;
    bool is_executing = false;
    bool is_timed_out = false;
    bool is_simulated = false;
    host::TimerId timer = 0;  // of the attempt, or until the next
    std::optional<Authority> authority;
  };
  /// What a decide has chosen.
  struct Choice {
    uint32_t route = plan::kNone;  // of the plan's routes
    Value output;
  };

  Interpreter(const plan::PlanView& plan, RunOptions options, RunState::Inputs inputs,
              const RunParts& parts);

  // interpreter.cpp: what the machine says, and what happens outside
  void Advance();
  void Perform(const Step& step);
  void Begin(uint32_t node, bool is_retry);
  [[nodiscard]] bool PassesCondition(uint32_t node);
  void BeginCall(uint32_t node);
  Active& Activate(uint32_t node);
  void StopTimer(Active& active);
  void OnTimeout(uint32_t node);
  void CancelAttempt(uint32_t node);
  void HideSecrets(AttemptResult& result) const;
  void EndRun();

  // stages.cpp: stages that are evaluated in place, bodies, and how stages end
  void RunTransform(uint32_t node);
  void RunAssert(uint32_t node);
  void RunFail(uint32_t node);
  void RunDecide(uint32_t node);
  [[nodiscard]] Result<Choice, Failure> Decide(uint32_t node) const;
  [[nodiscard]] Result<Choice, Failure> DecideCase(uint32_t node) const;
  [[nodiscard]] Result<Choice, Failure> Match(uint32_t node, const Value& subject) const;
  [[nodiscard]] bool ChoosesBodies(uint32_t node) const;
  void NoteChoice(uint32_t node, uint32_t route);
  std::optional<Failure> ChooseBy(uint32_t node, const Value& output);
  void EndBody(uint32_t region);
  void TakeFailure(uint32_t owner, uint32_t inner);
  void EndSingleBody(uint32_t region);
  void EndSeveralBody(uint32_t region);
  void FailBody(uint32_t region, Failure failure, MayRetry may_retry);
  void FinishWith(uint32_t node, Result<Value, Failure> output);
  void FinishCall(uint32_t node, AttemptResult result);
  void Succeed(uint32_t node, Value output, HasOutput has_output);
  void RecoverWith(uint32_t node, Value output);
  void Fail(uint32_t node, Failure failure, MayRetry may_retry);
  void FailFinally(uint32_t node, Failure failure);
  void BackOff(uint32_t node, int64_t delay_ns);
  void EnterBody(uint32_t node, uint32_t region);

  // records.cpp: telling the recorder
  [[nodiscard]] int64_t Now() const { return parts_.reactor.clock().Now() - started_at_; }
  [[nodiscard]] Place PlaceOf(uint32_t node) const {
    return {.region = plan_.nodes[node].region(), .with = nullptr, .authority = nullptr};
  }
  void NoteFailure(uint32_t node, Failure failure);
  void RecordRunStarted();
  void RecordStarted(uint32_t node);
  void RecordChosen(uint32_t node, uint32_t route);
  void RecordSettled(uint32_t node);
  void RecordAttemptFailed(uint32_t node, std::optional<int64_t> delay_ns);
  void RecordRunFinished(const RunResult& result);
  void Record(EventType type, uint32_t node, const Value* payload);

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
  std::unordered_map<uint32_t, Active> active_;  // by node; only looked up
};

}  // namespace wfc::runtime
