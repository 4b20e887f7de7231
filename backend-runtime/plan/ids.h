// The ids of a plan: one type per table of schemas/plan.fbs, so that an index into one table is not
// used for another. The file holds bare numbers; code that reads one wraps it in the id it stands
// for.
#pragma once

#include <cstdint>

#include "ir/base/id.h"

namespace wfc::plan {

struct NodeTag;
struct RegionTag;
struct PolicyTag;
struct RetryTag;
struct AgentCallTag;
struct ToolCallTag;
struct AssertTag;
struct DecideTag;
struct RouteTag;
struct AgentTag;
struct ToolTag;
struct ModelTag;
struct CommandTag;
struct ProgramTag;
struct ConstantTag;
struct SchemaTag;
struct StringTag;
struct VarTag;
struct SecretTag;
struct ScopeTag;
struct AuthorityTag;
struct BuiltinTag;

using NodeId = Id<NodeTag>;
using RegionId = Id<RegionTag>;
using PolicyId = Id<PolicyTag>;
using RetryId = Id<RetryTag>;
using AgentCallId = Id<AgentCallTag>;
using ToolCallId = Id<ToolCallTag>;
using AssertId = Id<AssertTag>;
using DecideId = Id<DecideTag>;
using RouteId = Id<RouteTag>;
using AgentId = Id<AgentTag>;
using ToolId = Id<ToolTag>;
using ModelId = Id<ModelTag>;
using CommandId = Id<CommandTag>;
using ProgramId = Id<ProgramTag>;
using ConstantId = Id<ConstantTag>;
using SchemaId = Id<SchemaTag>;
using StringId = Id<StringTag>;
using VarId = Id<VarTag>;
using SecretId = Id<SecretTag>;
using ScopeId = Id<ScopeTag>;
using AuthorityId = Id<AuthorityTag>;
using BuiltinId = Id<BuiltinTag>;  ///< the number of a `BuiltinTool`

/// The number that the file holds where an index is missing. An id made from it has no value.
inline constexpr uint32_t kNone = NodeId().index();

/// The region of the workflow's top-level nodes; every other region is a body.
inline constexpr RegionId kWorkflowRegion{0};

// The scheduler's arrays hold millions of them.
static_assert(sizeof(NodeId) == 4);

}  // namespace wfc::plan
