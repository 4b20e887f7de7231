// RunState: the values of a run as its expressions see them: the input, variables and results of
// stages. Statuses are kept by the state machine. Like that, it follows from the records alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/evaluate/authority.h"
#include "backend-runtime/runtime/evaluate/vars.h"
#include "backend-runtime/runtime/machine/record.h"
#include "backend-runtime/runtime/machine/state_machine.h"
#include "ir/expr/vm/vm.h"
#include "ir/value/value.h"

namespace wfc::runtime {

/// What the variable `run` shows in expressions.
struct RunIdentity {
  std::string id;
  Mode mode = Mode::Implement;
  int64_t seed = 0;
  TimeValue started_at;
  std::string folder;  ///< shown as `run.dir`
};

/// What only some stages have; stored apart, so that the others need no room for it.
struct StageDetails {
  std::optional<Failure> failure;       ///< of the last attempt that failed
  uint32_t failed_attempt = 0;          ///< the number of that attempt
  std::optional<EndedCommand> command;  ///< of the last attempt
  std::optional<Value> chosen;          ///< `.chosen` of a decide, by its last attempt
};

/// The context in which a program is evaluated.
struct EvaluationContext {
  InstanceId instance = kWorkflowInstance;  ///< the one to whose stages the program belongs
  const Value* with = nullptr;  ///< the `with` of an agent or a tool; null: there is none here
  const Authority* authority = nullptr;  ///< null: secrets are not readable here
};

/// Expressions are evaluated on the reactor's thread only.
class RunState {
 public:
  /// The values from outside: one per variable and secret of the plan.
  struct Inputs {
    Value input;
    VarValues vars;
    SecretValues secrets;
  };

  /// `plan` and `machine` must outlive the object.
  RunState(const plan::PlanView& plan, const StateMachine& machine, RunIdentity identity,
           Inputs inputs);

  /// The value of `program` as data; Null if it is an empty optional. Fails with `expression` if
  /// the evaluation does, with `denied` if it reads a secret that is not granted, and with `auth`
  /// if that secret has no value.
  [[nodiscard]] Result<Value, Failure> Evaluate(ProgramId program,
                                                const EvaluationContext& place) const;
  /// Like Evaluate, but an empty optional yields no value.
  [[nodiscard]] Result<std::optional<Value>, Failure> EvaluateOptional(
      ProgramId program, const EvaluationContext& place) const;
  /// Like Evaluate; also fails with `expression` if the value is not true or false.
  [[nodiscard]] Result<bool, Failure> EvaluateCondition(ProgramId program,
                                                        const EvaluationContext& place) const;
  /// The value as text: a string as it is, anything else as JSON. Fails with `expression` for an
  /// empty optional.
  [[nodiscard]] Result<std::string, Failure> EvaluateText(ProgramId program,
                                                          const EvaluationContext& place) const;
  /// Like EvaluateText, but an empty optional yields no text.
  [[nodiscard]] Result<std::optional<std::string>, Failure> EvaluateOptionalText(
      ProgramId program, const EvaluationContext& place) const;

  /// Takes the values of a record about `slot`, to which the machine has just applied its fact;
  /// `begins` says whether the fact began an attempt.
  void Apply(const Record& record, SlotId slot, bool begins);
  /// Takes over what a body leaves to its owner, and drops what a closed one holds.
  void Apply(const Note& note);

  [[nodiscard]] const Value& output(SlotId slot) const { return outputs_[slot]; }
  [[nodiscard]] const StageDetails* FindDetails(SlotId slot) const;
  /// The failure of the last failed attempt; null if there is none.
  [[nodiscard]] const Failure* FindFailure(SlotId slot) const;
  /// The number of the slot's attempt within the run, counting those of earlier bodies.
  [[nodiscard]] uint32_t AttemptOf(SlotId slot) const;
  /// How many calls of a model the stage has ended in the run.
  [[nodiscard]] uint32_t ModelCallsOf(NodeId node) const;
  [[nodiscard]] const RunIdentity& identity() const { return identity_; }
  [[nodiscard]] const Value& input() const { return inputs_.input; }
  /// All variables, by name.
  [[nodiscard]] Value vars() const { return LoadVars(); }

  /// The failure of the last failed attempt, as `error` shows it; absent if there is none.
  [[nodiscard]] Value ErrorValue(SlotId slot) const;
  /// A field of the stage `node` as seen from `instance`, except for an output that exists. If the
  /// stage does not have the field (ir/base/stage_fields.def), the value is absent and says why.
  [[nodiscard]] Value LoadStageField(InstanceId instance, NodeId node, StageField field) const;

 private:
  class Context;

  /// The value as the bytecode yields it, not yet converted to data.
  [[nodiscard]] Result<Value, Failure> EvaluateRaw(ProgramId program,
                                                   const EvaluationContext& place) const;
  [[nodiscard]] Value LoadRunField(RunField field) const;
  /// Null if the stage has no output, or none yet.
  [[nodiscard]] const Value* FindOutput(InstanceId instance, NodeId node) const;
  [[nodiscard]] Value LoadDetail(SlotId slot, StageField field) const;
  [[nodiscard]] Value LoadError(InstanceId instance) const;
  [[nodiscard]] Value LoadVars() const;
  void SetOutput(SlotId slot, const Value& output);
  void SetFailure(SlotId slot, Failure failure);
  void TakeFailure(SlotId owner, SlotId inner);
  void SetFailureOf(const Instance& body);
  /// Drops what the previous attempt left behind.
  void ForgetAttempt(SlotId slot);
  void Forget(const Instance& instance);
  [[nodiscard]] bool IsRouteOf(NodeId node, RouteId route) const;
  /// `.chosen` of a decide that took the route.
  [[nodiscard]] Value ChosenBy(NodeId decide, RouteId route) const;

  const plan::PlanView& plan_;
  const StateMachine& machine_;
  RunIdentity identity_;
  Inputs inputs_;
  IdVector<SlotId, Value> outputs_;
  // Only looked up, never iterated.
  std::unordered_map<SlotId, StageDetails> details_;
  std::unordered_map<NodeId, uint32_t> model_calls_;
  std::unordered_map<NodeId, uint32_t> earlier_attempts_;  // in bodies that have closed
};

}  // namespace wfc::runtime
