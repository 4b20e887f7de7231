// What holds for a call (an agent, tool or run stage) by its callee: effect, schema and timeout.
// The evaluator, the request builder and the simulator use it.
#pragma once

#include <cstdint>
#include <string>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/machine/ids.h"

namespace wfc::runtime {

/// Whether the node is an agent, a tool or a run stage.
[[nodiscard]] bool IsCall(const plan::PlanTables& plan, NodeId node);

/// The effect of the call, as the plan states it for the callee; Pure for verbs that call nothing.
[[nodiscard]] Effect EffectOf(const plan::PlanTables& plan, NodeId node);

/// The command that the node runs: its own, its tool's or its agent's; null if there is none.
[[nodiscard]] const plan::fb::Command* CommandOf(const plan::PlanTables& plan, NodeId node);

/// Whether making the call again has no further effect, as the plan states it for the callee.
[[nodiscard]] bool IsIdempotent(const plan::PlanTables& plan, NodeId node);

/// The schema that the node's output must fit: the stage's own, otherwise its agent's or tool's;
/// no value means that anything fits.
[[nodiscard]] SchemaId SchemaOf(const plan::PlanTables& plan, NodeId node);

/// The timeout of one attempt in nanoseconds: the shorter of the stage's and its tool's; 0 means
/// none.
[[nodiscard]] int64_t TimeoutOf(const plan::PlanTables& plan, NodeId node);

/// The message of a `timeout` failure: "took longer than 1.5s".
[[nodiscard]] std::string TimeoutMessage(int64_t timeout_ns);

}  // namespace wfc::runtime
