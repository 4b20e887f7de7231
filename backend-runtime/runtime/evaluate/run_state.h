// RunState: the values of a run as its expressions see them: the input, variables and results of
// stages. Statuses are kept by the state machine. The interpreter owns it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/evaluate/authority.h"
#include "backend-runtime/runtime/evaluate/vars.h"
#include "backend-runtime/runtime/machine/failure.h"
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

/// The exit code and the output of a command that ran to its own end: neither a timeout nor a
/// signal ended it.
struct EndedCommand {
  int64_t exit = 0;
  Value stdout_text;
  Value stderr_text;
};

/// What only some stages have; stored apart, so that the others need no room for it.
struct StageDetails {
  std::optional<Failure> failure;     ///< of the last attempt that failed
  uint32_t failed_attempt = 0;        ///< the number of that attempt
  std::optional<EndedCommand> ended;  ///< of the last attempt
  std::optional<Value> chosen;        ///< `.chosen` of a decide, by its last attempt
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

  [[nodiscard]] const Value& output(SlotId slot) const { return outputs_[slot]; }
  void set_output(SlotId slot, Value output);
  [[nodiscard]] StageDetails& details(SlotId slot) { return details_[slot]; }
  [[nodiscard]] const StageDetails* FindDetails(SlotId slot) const;
  /// Drops what the previous attempt left behind; called when another attempt begins.
  void ForgetAttempt(SlotId slot);
  /// Drops what the slots of an instance hold; called before it is closed.
  void Forget(const Instance& instance);
  /// Counts a call of a model by the stage, and returns how many it has made before in the run.
  uint32_t CountModelCall(NodeId node) { return model_calls_[node]++; }
  [[nodiscard]] const RunIdentity& identity() const { return identity_; }
  [[nodiscard]] const Value& input() const { return inputs_.input; }

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

  const plan::PlanView& plan_;
  const StateMachine& machine_;
  RunIdentity identity_;
  Inputs inputs_;
  IdVector<SlotId, Value> outputs_;
  // Only looked up, never iterated.
  std::unordered_map<SlotId, StageDetails> details_;
  std::unordered_map<NodeId, uint32_t> model_calls_;
};

}  // namespace wfc::runtime
