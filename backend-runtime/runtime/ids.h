// The ids of a run: those of the plan, one for each attempt of a node, and one for each call.
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

/// One attempt of one node; unique within a run.
struct AttemptId {
  NodeId node;
  uint32_t attempt = 1;  ///< counts from 1 within the run

  friend constexpr auto operator<=>(AttemptId, AttemptId) = default;
};

/// One call; unique within a run, in the order of their starts.
struct CallId {
  uint64_t sequence = 0;

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
