// ToldMachine: a state machine that is told facts by slot, for tests that look at one machine.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "backend-runtime/runtime/machine/state_machine.h"

namespace wfc::runtime {

/// Fails the test if a fact contradicts the state.
class ToldMachine : public StateMachine {
 public:
  using StateMachine::StateMachine;

  void Start() {
    Tell({.type = FactType::RunStarted});
    Tell({.type = FactType::EpochBegan});
  }
  /// The time of the facts that follow.
  void AdvanceTo(int64_t now) { now_ = now; }
  /// The next command at that time.
  [[nodiscard]] Command Next() { return StateMachine::Next(now_); }

  void Begin(SlotId slot, CallClass call_class = CallClass::Repeatable) {
    Tell({.type = FactType::Began, .call_class = call_class, .slot = NameOf(slot)});
  }
  void Succeed(SlotId slot, HasOutput has_output, RouteId route = {}) {
    Tell({.type = FactType::Succeeded,
          .has_output = has_output,
          .slot = NameOf(slot),
          .route = route});
  }
  void Recover(SlotId slot) {
    Tell({.type = FactType::Succeeded, .is_recovery = true, .slot = NameOf(slot)});
  }
  void Skip(SlotId slot) { Tell({.type = FactType::SkippedByIf, .slot = NameOf(slot)}); }
  FailureAction FailAttempt(SlotId slot, FailureCode code, MayRetry may_retry) {
    Tell({.type = FactType::AttemptFailed,
          .may_retry = may_retry,
          .code = code,
          .slot = NameOf(slot)});
    return action();
  }
  void FailFinally(SlotId slot, FailureCode code) {
    Tell({.type = FactType::FailedFinally, .code = code, .slot = NameOf(slot)});
  }
  InstanceId EnterBody(SlotId slot, RegionId region) {
    Tell({.type = FactType::BodyEntered, .slot = NameOf(slot), .region = region});
    return instances().Find({.sequence = sequence()});
  }
  void TimeOut(InstanceId body) {
    Tell({.type = FactType::BodyTimedOut, .slot = NameOf(instances()[body].owner)});
  }
  void CancelRun() { Tell({.type = FactType::CancelAsked}); }
  void KillRun() { Tell({.type = FactType::KillAsked}); }
  void BeginEpoch() { Tell({.type = FactType::EpochBegan}); }

  /// What has followed from the facts since the last call: "skipped 2 (dependency)".
  [[nodiscard]] std::vector<std::string> TakeNotes() { return std::exchange(told_, {}); }

 private:
  void Tell(Fact fact) {
    fact.sequence = sequence() + 1;
    fact.time = now_;
    ASSERT_EQ(Apply(fact), Contradiction::None) << RowOf(fact.type).word;
    for (const Note& note : notes()) told_.push_back(Describe(note));
    std::erase(told_, "");
    ForgetNotes();
  }

  [[nodiscard]] std::string Describe(const Note& note) const {
    const std::string id = std::to_string(note.index);
    switch (note.kind) {
      case Note::Kind::Skipped:
        return "skipped " + id + " (" + std::string(Spell(note.reason)) + ")";
      case Note::Kind::Cancelled:
        return "cancelled " + id;
      case Note::Kind::BodyEnded:
        return "ended " + id + " (" + Describe(instances()[note.instance()]) + ")";
      case Note::Kind::BodyClosed:
        break;
    }
    return "";
  }

  [[nodiscard]] static std::string Describe(const Instance& body) {
    switch (body.outcome) {
      case BodyOutcome::None:
        return "reported";
      case BodyOutcome::NeedsOutput:
        return "needs output";
      case BodyOutcome::Settled:
        return "settled";
      case BodyOutcome::Failed:
        break;
    }
    switch (body.action.kind) {
      case FailureAction::Kind::Settled:
        return "failed";
      case FailureAction::Kind::Retry:
        return "retry";
      case FailureAction::Kind::Value:
        return "value";
      case FailureAction::Kind::Fallback:
        return "fallback";
    }
    return "";
  }

  int64_t now_ = 0;
  std::vector<std::string> told_;
};

}  // namespace wfc::runtime
