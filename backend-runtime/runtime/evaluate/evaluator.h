// Evaluator: turns the plan and the values of a run into facts. It is asked by the driver with each
// of the machine's commands, and with each result of a call; it changes nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "backend-runtime/runtime/evaluate/call.h"
#include "backend-runtime/runtime/evaluate/grants.h"
#include "backend-runtime/runtime/evaluate/requests.h"
#include "backend-runtime/runtime/evaluate/run_state.h"
#include "backend-runtime/runtime/machine/record.h"

namespace wfc::runtime {

/// A call that an attempt makes, and the record that announces it.
struct PreparedCall {
  Record announcement;
  Call call;                                   ///< its id is still to be set
  std::unique_ptr<const Authority> authority;  ///< outlives the call, which points to it
};

/// What the beginning of an attempt comes to: a fact at once, or a call.
using Beginning = std::variant<Record, PreparedCall>;

/// The records that it returns have no time yet.
class Evaluator {
 public:
  /// All must outlive the object; `redactor` is null if there are no secrets to hide.
  Evaluator(const plan::PlanView& plan, const StateMachine& machine, const RunState& state,
            const redact::Redactor* redactor, Authority::Audit audit)
      : plan_(plan),
        machine_(machine),
        state_(state),
        redactor_(redactor),
        grants_(plan, state.identity().mode, std::move(audit)),
        requests_(plan, state, grants_, redactor) {}

  /// Evaluates the `if` of a slot that may begin, unless it is a retry, and then its stage, if that
  /// is evaluated in place.
  [[nodiscard]] Beginning Begin(SlotId slot, bool is_retry) const;
  /// What the end of a call means for its attempt. `has_timed_out` says that it was cancelled
  /// because its time was over.
  [[nodiscard]] Record EndCall(SlotId slot, CallResult result, bool has_timed_out) const;
  /// What `on_error` says about the attempt that failed.
  [[nodiscard]] Record TakeRecourse(SlotId slot) const;
  /// Ends the attempt of a body's owner by the output of the body.
  [[nodiscard]] Record FormOutput(InstanceId body) const;
  /// Ends the run, with the workflow's output held to its `returns`.
  [[nodiscard]] Record EndRun() const;

 private:
  /// The route that a decide has chosen, and its output.
  struct Choice {
    RouteId route;
    Value output;
  };

  [[nodiscard]] NodeId NodeOf(SlotId slot) const { return machine_.instances().node_of(slot); }
  [[nodiscard]] const plan::fb::Node& RowOf(SlotId slot) const { return plan_.nodes[NodeOf(slot)]; }
  [[nodiscard]] EvaluationContext PlaceOf(SlotId slot) const {
    return {
        .instance = machine_.instances().instance_of(slot), .with = nullptr, .authority = nullptr};
  }

  [[nodiscard]] std::optional<Record> CheckCondition(SlotId slot) const;
  [[nodiscard]] Record RunAssert(SlotId slot) const;
  [[nodiscard]] Record RunFail(SlotId slot) const;
  [[nodiscard]] Record RunDecide(SlotId slot) const;
  [[nodiscard]] Result<Choice, Failure> Decide(SlotId slot) const;
  [[nodiscard]] Result<Choice, Failure> DecideCase(SlotId slot) const;
  [[nodiscard]] Result<Choice, Failure> Match(SlotId slot, const Value& subject) const;
  [[nodiscard]] Result<RouteId, Failure> ChooseBy(SlotId slot, const Value& output) const;
  [[nodiscard]] Beginning BeginCall(SlotId slot) const;
  void HideSecrets(CallResult& result) const;
  [[nodiscard]] Result<Value, Failure> FormRunOutput(ProgramId output) const;

  [[nodiscard]] Record Make(FactType type, SlotId slot) const;
  [[nodiscard]] Record Succeed(SlotId slot, Value output, RouteId route) const;
  [[nodiscard]] Record Finish(SlotId slot, Result<Value, Failure> output) const;
  [[nodiscard]] Record Recover(SlotId slot, Value output) const;
  [[nodiscard]] Record Fail(SlotId slot, Failure failure) const;
  [[nodiscard]] Record FailFinally(SlotId slot, Failure failure) const;

  const plan::PlanView& plan_;
  const StateMachine& machine_;
  const RunState& state_;
  const redact::Redactor* redactor_;
  Grants grants_;
  RequestBuilder requests_;
};

}  // namespace wfc::runtime
