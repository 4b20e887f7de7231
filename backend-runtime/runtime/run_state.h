// RunState: the values of a run, as its expressions see them: input, variables, what the stages
// have given. Statuses are the state machine's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/authority.h"
#include "backend-runtime/runtime/failure.h"
#include "backend-runtime/runtime/state_machine.h"
#include "backend-runtime/runtime/vars.h"
#include "ir/expr/vm/vm.h"
#include "ir/value/value.h"

namespace wfc::runtime {

/// What `run` shows.
struct RunIdentity {
  std::string id;
  Mode mode = Mode::Implement;
  int64_t seed = 0;
  TimeValue started_at;
  std::string folder;  ///< `run.dir`
};

/// A command that ran to an end.
struct EndedCommand {
  int64_t exit = 0;
  Value stdout_text;
  Value stderr_text;
};

/// What only some stages have.
struct StageDetails {
  std::optional<Failure> failure;  ///< of the last attempt
  uint32_t failed_attempt = 0;
  std::optional<EndedCommand> ended;  ///< of the last attempt
  std::optional<Value> chosen;        ///< the same
  uint32_t model_calls = 0;
};

/// Where a program is evaluated.
struct Place {
  RegionId region = plan::kWorkflowRegion;  ///< that the program stands in
  const Value* with = nullptr;              ///< of an agent or a tool
  const Authority* authority = nullptr;     ///< for secrets; none: there are none to be had
};

class RunState {
 public:
  struct Inputs {
    Value input;
    VarValues vars;
    SecretValues secrets;
  };

  /// Plan and machine outlive it.
  RunState(const plan::PlanView& plan, const StateMachine& machine, RunIdentity identity,
           Inputs inputs);

  /// The value of `program` as data (null for an optional that is empty), or why there is
  /// none: an `expression` failure, or `denied` when it needs a secret that is not granted.
  [[nodiscard]] Result<Value, Failure> Evaluate(ProgramId program, const Place& place) const;
  /// The same; none when the value is an optional that is empty.
  [[nodiscard]] Result<std::optional<Value>, Failure> EvaluateOptional(ProgramId program,
                                                                       const Place& place) const;
  /// Of a program that must yield true or false.
  [[nodiscard]] Result<bool, Failure> EvaluateCondition(ProgramId program,
                                                        const Place& place) const;
  /// As text: strings as they are, the rest as JSON. An optional that is empty has none.
  [[nodiscard]] Result<std::string, Failure> EvaluateText(ProgramId program,
                                                          const Place& place) const;
  [[nodiscard]] Result<std::optional<std::string>, Failure> EvaluateOptionalText(
      ProgramId program, const Place& place) const;

  [[nodiscard]] const Value& output(NodeId node) const { return outputs_[node]; }
  void set_output(NodeId node, Value output) { outputs_[node] = std::move(output); }
  [[nodiscard]] StageDetails& details(NodeId node) { return details_[node]; }
  [[nodiscard]] const StageDetails* FindDetails(NodeId node) const;
  /// Another attempt begins: what the one before left behind is not of the last any more.
  void ForgetAttempt(NodeId node);
  [[nodiscard]] const RunIdentity& identity() const { return identity_; }
  [[nodiscard]] const Value& input() const { return inputs_.input; }

  /// A failure as `error` shows it.
  [[nodiscard]] Value ErrorValue(NodeId node) const;
  /// Other than an output that is there; absent, with the reason, when the stage does not have it
  /// (ir/base/stage_fields.def).
  [[nodiscard]] Value LoadStageField(NodeId node, StageField field) const;

 private:
  class Context;

  /// As the machine yields it: not data yet.
  [[nodiscard]] Result<Value, Failure> EvaluateRaw(ProgramId program, const Place& place) const;
  [[nodiscard]] Value LoadRunField(RunField field) const;
  /// Null when the stage has none, or none yet.
  [[nodiscard]] const Value* FindOutput(NodeId node) const;
  [[nodiscard]] Value LoadDetail(NodeId node, StageField field) const;
  [[nodiscard]] Value LoadError(RegionId region) const;
  [[nodiscard]] Value LoadVars() const;

  const plan::PlanView& plan_;
  const StateMachine& machine_;
  RunIdentity identity_;
  Inputs inputs_;
  IdVector<NodeId, Value> outputs_;
  std::unordered_map<NodeId, StageDetails> details_;  // only looked up
};

}  // namespace wfc::runtime
