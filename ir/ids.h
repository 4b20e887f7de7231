// The typed ids and names of the workflow IR. Every entity is named by an id of its own type, so
// that ids of two kinds cannot be confused.
#pragma once

#include "ir/base/id.h"
#include "ir/expr/expr.h"
#include "ir/support/interner.h"
#include "ir/types/schema/ids.h"

namespace wfc::ir {

using expr::ExprId;
using types::SchemaId;

struct WorkflowTag;
struct BodyTag;
struct StageTag;
struct AgentTag;
struct ToolTag;
struct ModelTag;
struct VarTag;
struct SecretTag;
struct RetryTag;
struct ScopeTag;
// The payload of a stage is named by the id of its struct: `Id<AgentCall>` and so on.
struct Command;

using WorkflowId = Id<WorkflowTag>;
/// A body is a scope of stages: the top level of a workflow, the body of a route or of a fallback.
using BodyId = Id<BodyTag>;
using StageId = Id<StageTag>;
using AgentId = Id<AgentTag>;
using ToolId = Id<ToolTag>;
using ModelId = Id<ModelTag>;  ///< a group of models
using CommandId = Id<Command>;
using VarId = Id<VarTag>;
using SecretId = Id<SecretTag>;
using RetryId = Id<RetryTag>;
using ScopeId = Id<ScopeTag>;  ///< of grants and denials

/// A name with the place in the sources where it is written.
struct Name {
  StringId text;
  Span span;
};

}  // namespace wfc::ir
