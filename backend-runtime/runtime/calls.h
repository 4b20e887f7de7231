// What a plan says of a call apart from how it is made: of agent, tool and run stages.
#pragma once

#include <cstdint>
#include <string>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/ids.h"

namespace wfc::runtime {

/// Whether the node is an agent, a tool or a run stage.
[[nodiscard]] bool IsCall(const plan::PlanTables& plan, NodeId node);

/// What the call does to the world; Pure for other verbs.
[[nodiscard]] Effect EffectOf(const plan::PlanTables& plan, NodeId node);

/// The schema that the node's output must fit; none: anything.
[[nodiscard]] SchemaId SchemaOf(const plan::PlanTables& plan, NodeId node);

/// Nanoseconds for one attempt, the tool's own limit included; 0: no bound.
[[nodiscard]] int64_t TimeoutOf(const plan::PlanTables& plan, NodeId node);

/// "took longer than 1.5s".
[[nodiscard]] std::string TimeoutMessage(int64_t timeout_ns);

}  // namespace wfc::runtime
