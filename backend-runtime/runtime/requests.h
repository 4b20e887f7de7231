// RequestBuilder: turns an attempt of an agent, tool or run stage into a request in which every
// expression is evaluated and every rule of the plan applied, so that executors need not know the
// plan. The interpreter uses it.
#pragma once

#include <variant>

#include "backend-runtime/runtime/executor.h"
#include "backend-runtime/runtime/grants.h"
#include "backend-runtime/runtime/run_state.h"

namespace wfc::runtime {

/// An output that no executor is needed for: that of an echo, or of a simulated call (mode
/// dry_run).
struct Immediate {
  Value output;
  bool is_simulated = false;
  std::optional<EndedCommand> ended = {};  ///< how a simulated command is said to have ended
};

/// A Failure means that the attempt fails before anything is started.
using Request = std::variant<CommandRequest, BuiltinRequest, ModelRequest, Immediate, Failure>;

/// The arguments of the constructor must outlive the builder.
class RequestBuilder {
 public:
  RequestBuilder(const plan::PlanView& plan, RunState& state, const Grants& grants)
      : plan_(plan), state_(state), grants_(grants) {}

  /// Builds the request of one attempt. `authority` must outlive the attempt. Counts the call if it
  /// is a model's.
  [[nodiscard]] Request Build(AttemptId id, const Authority& authority);

 private:
  struct Call;

  [[nodiscard]] Request BuildAgent(const Call& call);
  [[nodiscard]] Request BuildTool(const Call& call);
  [[nodiscard]] Request BuildRun(const Call& call);
  [[nodiscard]] Request BuildModel(const Call& call, const plan::fb::AgentCall& agent_call,
                                   const Value& with);
  [[nodiscard]] Request BuildCommand(const Call& call, CommandId id, const Value* with,
                                     std::optional<std::string> json_input);
  [[nodiscard]] Result<Value, Failure> EvaluateWith(const Call& call, ProgramId program,
                                                    SchemaId schema) const;
  [[nodiscard]] Result<std::string, Failure> EvaluateOr(ProgramId program,
                                                        const EvaluationContext& place,
                                                        const std::string& otherwise) const;
  /// Nothing if the effect is to be performed.
  [[nodiscard]] std::optional<Request> Simulate(const Call& call, ConstantId constant,
                                                const plan::fb::Command* command) const;
  [[nodiscard]] EndedCommand PretendToEnd(const plan::fb::Command& command,
                                          const Value& output) const;
  [[nodiscard]] std::string AgentInput(SchemaId schema, const Value& with,
                                       const std::string& system, const std::string& prompt) const;

  const plan::PlanView& plan_;
  RunState& state_;
  const Grants& grants_;
};

/// A `schema` failure for `what`: "the input does not fit: at /a: expected …". Its details list the
/// mismatches.
[[nodiscard]] Failure SchemaFailure(std::string_view what,
                                    std::span<const types::Mismatch> mismatches);

}  // namespace wfc::runtime
