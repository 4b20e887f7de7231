// The ids of a run: those of the plan, and those of what a run makes of it: slots, instances,
// bodies, attempts and calls.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "backend-runtime/plan/ids.h"

namespace wfc::runtime {

using plan::AgentId;
using plan::BuiltinId;
using plan::CommandId;
using plan::ConstantId;
using plan::ModelId;
using plan::NodeId;
using plan::ProgramId;
using plan::RegionId;
using plan::RouteId;
using plan::SchemaId;
using plan::SecretId;
using plan::StringId;

struct SlotTag;
struct InstanceTag;

/// The state of one node in one instance of its region. In the workflow's instance the index of a
/// slot is that of its node; slots of instances that have closed are used again.
using SlotId = Id<SlotTag>;
/// One run of the nodes of a region. Ids of instances that have closed are used again.
using InstanceId = Id<InstanceTag>;

/// The instance of the workflow's region, which exists from the start.
inline constexpr InstanceId kWorkflowInstance{0};

/// A body that an owner has entered. Unlike slots and instances, the ids of bodies are not used
/// again within a run.
struct BodyId {
  uint64_t sequence = 0;  ///< of the fact that opened it; 0: the workflow itself

  friend constexpr auto operator<=>(BodyId, BodyId) = default;
};

/// One attempt of one node; unique within a run.
struct AttemptId {
  NodeId node;
  uint32_t attempt = 1;  ///< counts from 1 within the run

  friend constexpr auto operator<=>(AttemptId, AttemptId) = default;
};

/// One call; unique within a run.
struct CallId {
  uint64_t sequence = 0;  ///< of the fact that announced it

  friend constexpr auto operator<=>(CallId, CallId) = default;
};

}  // namespace wfc::runtime

template <>
struct std::hash<wfc::runtime::AttemptId> {
  size_t operator()(wfc::runtime::AttemptId id) const noexcept {
    return std::hash<uint64_t>()(uint64_t{id.node.index()} << 32 | id.attempt);
  }
};

template <>
struct std::hash<wfc::runtime::CallId> {
  size_t operator()(wfc::runtime::CallId id) const noexcept {
    return std::hash<uint64_t>()(id.sequence);
  }
};
