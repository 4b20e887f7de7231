// The ids of a plan: which table of schemas/plan.fbs a number leads into, told apart by type. The
// file holds bare numbers; whoever reads one says by its id what it names.
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
using BuiltinId = Id<BuiltinTag>;  ///< a row of ir/base/builtin_tools.def

/// What the file holds where an index is missing: what an id that names nothing reads as.
inline constexpr uint32_t kNone = NodeId().index();

/// The workflow's own nodes; every other region is a body.
inline constexpr RegionId kWorkflowRegion{0};

// A million nodes are scheduled by these.
static_assert(sizeof(NodeId) == 4);

}  // namespace wfc::plan
