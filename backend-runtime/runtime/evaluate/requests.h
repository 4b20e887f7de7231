// RequestBuilder: turns an attempt of an agent, tool or run stage into a call in which every
// expression is evaluated and every rule of the plan applied, so that executors need not know the
// plan. The evaluator uses it.
#pragma once

#include <variant>

#include "backend-runtime/runtime/evaluate/call.h"
#include "backend-runtime/runtime/evaluate/grants.h"
#include "backend-runtime/runtime/evaluate/run_state.h"
#include "backend-runtime/runtime/redact/redactor.h"

namespace wfc::runtime {

/// An output that no executor is needed for: that of an echo, or of a simulated call (mode
/// dry_run).
struct Immediate {
  Value output;
  bool is_simulated = false;
  std::optional<EndedCommand> ended = {};  ///< how a simulated command is said to have ended
};

/// What an attempt asks for. A Failure means that it fails before anything is started.
using Request = std::variant<CommandCall, BuiltinCall, ModelCall, Immediate, Failure>;

/// The arguments of the constructor must outlive the builder and its requests; `redactor` is null
/// if there are no secrets to hide.
class RequestBuilder {
 public:
  RequestBuilder(const plan::PlanView& plan, const RunState& state, const Grants& grants,
                 const redact::Redactor* redactor)
      : plan_(plan), state_(state), grants_(grants), redactor_(redactor) {}

  /// Builds the request of one attempt of `node` in `instance`. `authority` must outlive the
  /// attempt.
  [[nodiscard]] Request Build(NodeId node, InstanceId instance, const Authority& authority) const;

 private:
  struct Attempt;

  [[nodiscard]] Request BuildAgent(const Attempt& attempt) const;
  [[nodiscard]] Request BuildTool(const Attempt& attempt) const;
  [[nodiscard]] Request BuildRun(const Attempt& attempt) const;
  [[nodiscard]] Request BuildModel(const Attempt& attempt, const plan::fb::AgentCall& agent_call,
                                   const Value& with) const;
  [[nodiscard]] Result<CommandCall, Failure> BuildCommand(
      const Attempt& attempt, CommandId id, const Value* with,
      std::optional<std::string> json_input) const;
  [[nodiscard]] ReadAnswerFunction MakeAnswerReader(SchemaId schema) const;
  [[nodiscard]] Result<Value, Failure> EvaluateWith(const Attempt& attempt, ProgramId program,
                                                    SchemaId schema) const;
  [[nodiscard]] Result<std::string, Failure> EvaluateOr(ProgramId program,
                                                        const EvaluationContext& place,
                                                        const std::string& otherwise) const;
  /// Nothing if the effect is to be performed.
  [[nodiscard]] std::optional<Request> Simulate(const Attempt& attempt, ConstantId constant,
                                                const plan::fb::Command* command) const;
  [[nodiscard]] EndedCommand PretendToEnd(const plan::fb::Command& command,
                                          const Value& output) const;
  [[nodiscard]] std::string AgentInput(SchemaId schema, const Value& with,
                                       const std::string& system, const std::string& prompt) const;

  const plan::PlanView& plan_;
  const RunState& state_;
  const Grants& grants_;
  const redact::Redactor* redactor_;
};

/// A `schema` failure for `what`: "the input does not fit: at /a: expected …". Its details list the
/// mismatches.
[[nodiscard]] Failure SchemaFailure(std::string_view what,
                                    std::span<const types::Mismatch> mismatches);

}  // namespace wfc::runtime
